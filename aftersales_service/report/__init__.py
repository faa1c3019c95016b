# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_claim_rate
from . import aftersales_claim_report
from . import aftersales_repair_report
from . import aftersales_failure_case
from . import aftersales_failure_share
from . import account_invoice_report
from . import sale_report
