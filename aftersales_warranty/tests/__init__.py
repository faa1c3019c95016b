# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from . import test_rules
from . import test_policy
from . import test_certificate
from . import test_lifecycle
from . import test_extension
from . import test_reminder
from . import test_check
from . import test_return_policy
from . import test_supplier_claim
from . import test_conditions
from . import test_coverage
from . import test_delivery
from . import test_repair_coverage
from . import test_security
from . import test_report
from . import test_portal
from . import test_tours
from . import test_plan_rules
from . import test_plan
from . import test_plan_generate
from . import test_plan_visit
from . import test_plan_owner
from . import test_plan_concurrency
from . import test_plan_tours
from . import test_contract
from . import test_contract_billing
from . import test_contract_renewal
from . import test_contract_rules
from . import test_contract_use
from . import test_contract_security
from . import test_contract_tours
from . import test_plan_counter
from . import test_plan_contract
from . import test_plan_needs
from . import test_contract_concurrency
