# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import res_company
from . import ir_sequence
from . import aftersales_tag
from . import aftersales_channel
from . import aftersales_type
from . import aftersales_stage
from . import aftersales_symptom
from . import aftersales_cause
from . import aftersales_team
from . import aftersales_sla
from . import aftersales_sla_status
from . import aftersales_asset
from . import aftersales_article
from . import aftersales_article_search
from . import aftersales_article_reading
from . import aftersales_claim
from . import aftersales_claim_sla
from . import aftersales_claim_mail
from . import aftersales_claim_article
from . import aftersales_claim_insight
from . import aftersales_claim_merge
from . import aftersales_claim_portal
from . import aftersales_claim_triage
from . import aftersales_claim_line
from . import aftersales_claim_line_remedy
from . import aftersales_repair_labour
from . import product_template
from . import repair_order
from . import stock_move
from . import sale_order
from . import sale_order_line
from . import res_partner
from . import stock_lot
from . import res_config_settings
