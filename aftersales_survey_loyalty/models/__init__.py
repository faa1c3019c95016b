# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import aftersales_survey_rule
from . import aftersales_survey_invitation
from . import loyalty_history
from . import survey_user_input
