# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_claim_line
from . import repair_order
from . import sale_order_line
from . import stock_move
