# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_claim_article
from . import aftersales_claim_cancel
from . import aftersales_claim_handover
from . import aftersales_claim_line_compensate
from . import aftersales_claim_line_coverage
from . import aftersales_claim_line_split
from . import aftersales_claim_merge
from . import aftersales_claim_split
from . import aftersales_claim_triage
from . import aftersales_mail_intake_decision
from . import aftersales_inspection
from . import stock_picking_return
from . import stock_traceability
from . import aftersales_repair_reception
from . import aftersales_repair_assign
from . import aftersales_transport
from . import aftersales_bulletin_approve
from . import aftersales_part_need
from . import base_partner_merge
