# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_warranty_cost
from . import aftersales_contract_result
