# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_survey_facts
from . import aftersales_survey_mixin
from . import aftersales_survey_rule
from . import aftersales_survey_rule_reaction
from . import aftersales_survey_invitation
from . import aftersales_survey_followup
from . import aftersales_survey_invitation_answer
from . import aftersales_review_site
from . import aftersales_testimonial
from . import aftersales_asset
from . import aftersales_claim
from . import aftersales_improvement
from . import digest_digest
from . import repair_order
from . import res_company
from . import res_partner
from . import stock_picking
from . import survey_question
from . import survey_survey
from . import survey_user_input
from . import aftersales_greeting
