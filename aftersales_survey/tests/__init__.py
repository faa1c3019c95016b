# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import test_anonymous
from . import test_answer
from . import test_concurrency
from . import test_dashboard
from . import test_followup
from . import test_improvement
from . import test_invitation
from . import test_links
from . import test_planning
from . import test_questionnaire
from . import test_rules
from . import test_security
from . import test_testimonial
from . import test_texts
from . import test_tour
from . import test_greeting
