# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_policy_mixin
from . import aftersales_warranty_mixin
from . import aftersales_warranty_policy
from . import aftersales_warranty_policy_coverage
from . import aftersales_warranty_terms
from . import aftersales_warranty
from . import aftersales_warranty_extension
from . import aftersales_warranty_batch
from . import aftersales_warranty_issue
from . import aftersales_warranty_lifecycle
from . import aftersales_warranty_reminder
from . import aftersales_coverage
from . import aftersales_asset
from . import aftersales_asset_portal
from . import aftersales_claim_intake
from . import aftersales_asset_check
from . import aftersales_asset_extension
from . import aftersales_claim_line
from . import account_move
from . import product_category
from . import product_product
from . import product_template_extension
from . import repair_order
from . import repair_order_coverage
from . import res_partner
from . import sale_order
from . import sale_order_line
from . import product_template
from . import aftersales_return_policy
from . import aftersales_supplier_claim
from . import aftersales_supplier_claim_gather
from . import product_supplierinfo
from . import res_company
