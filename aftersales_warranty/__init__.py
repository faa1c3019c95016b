# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import models
from . import wizard
from . import report
from . import controllers
from .hooks import uninstall_hook
