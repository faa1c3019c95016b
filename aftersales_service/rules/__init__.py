# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import allocation
from . import address
from . import assignment
from . import claimed_quantity
from . import compensation
from . import phone
from . import link_tokens
from . import file_type
from . import mail_authentication
from . import mail_charset
from . import mail_envelope
from . import mail_repair
from . import mail_text
from . import plain_text
from . import qr
from . import recognise
from . import remedy_state
from . import search_words
from . import sla_policy
from . import timeline
from . import working_time
from . import repair_or_replace
from . import carrier_notice
from . import visit_event
