# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import test_article
from . import test_asset
from . import test_assignment
from . import test_claim
from . import test_claim_bulk
from . import test_claim_line
from . import test_concurrency
from . import test_mail_corpus
from . import test_mail_gateway
from . import test_mail_transactions
from . import test_confidential
from . import test_money_concurrency
from . import test_money_rules
from . import test_portal
from . import test_portal_page
from . import test_portal_security
from . import test_refund
from . import test_qr
from . import test_rate_limit
from . import test_repair
from . import test_return
from . import test_repair_history
from . import test_repair_quote
from . import test_repair_reception
from . import test_repair_work
from . import test_rules
from . import test_security
from . import test_sla
from . import test_timeline
from . import test_tours
from . import test_triage
from . import test_triage_panel
