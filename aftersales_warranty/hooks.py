# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.addons.aftersales_service.hooks import keep_documents_in_use


def uninstall_hook(env):
    """What refers to other records goes first: visits, contracts, certificates."""
    env.cr.execute("DELETE FROM aftersales_plan_visit")
    env.cr.execute("DELETE FROM aftersales_plan")
    env.cr.execute("DELETE FROM aftersales_contract")
    env.cr.execute("DELETE FROM aftersales_warranty")
    env.cr.execute("DELETE FROM aftersales_warranty_terms")
    env.cr.execute("DELETE FROM aftersales_supplier_claim_line")
    env.cr.execute("DELETE FROM aftersales_supplier_claim")
    env.invalidate_all()
    keep_documents_in_use(env, "aftersales_warranty")
