# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_warranty_mixin
from . import aftersales_warranty_policy
from . import aftersales_warranty_policy_coverage
from . import aftersales_warranty_terms
from . import aftersales_warranty
from . import aftersales_coverage
from . import aftersales_asset
from . import aftersales_claim_intake
from . import aftersales_claim_line
from . import product_category
from . import product_template
