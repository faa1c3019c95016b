# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_survey_mixin
from . import aftersales_survey_rule
from . import aftersales_survey_invitation
from . import aftersales_claim
from . import repair_order
from . import stock_picking
from . import survey_question
from . import survey_survey
from . import survey_user_input
