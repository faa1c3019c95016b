# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import account_move_reversal
from . import aftersales_claim_line_coverage
from . import aftersales_warranty_check
from . import aftersales_warranty_offer
from . import aftersales_warranty_provision
from . import aftersales_warranty_void
