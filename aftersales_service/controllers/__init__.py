# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import articles
from . import portal
from . import hidden_tokens
from . import portal_answer
from . import portal_form
from . import qr
from . import tracking
from . import intake
from . import repairs
from . import notices
from . import readings
from . import greetings
