# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import account_move_line
from . import aftersales_claim
from . import aftersales_claim_line
from . import delivery_carrier
from . import stock_move
from . import stock_picking
