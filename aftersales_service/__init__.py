# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import controllers
from . import models
from . import report
from . import rules
from . import wizard
from .hooks import post_init_hook, uninstall_hook
