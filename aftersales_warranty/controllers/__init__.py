# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import check
from . import portal
from . import portal_assets
from . import portal_contracts
from . import visits
