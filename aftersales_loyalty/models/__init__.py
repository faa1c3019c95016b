# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import loyalty_program
from . import loyalty_card
from . import res_company
from . import aftersales_compensation
from . import aftersales_claim
from . import sale_order_line
