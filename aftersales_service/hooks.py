# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def post_init_hook(env):
    """Give companies that exist already what a new company gets."""
    env["res.company"].search([])._create_aftersales_warranty_location()


def uninstall_hook(env):
    """Remove the teams with their mail addresses, which are the core's records."""
    env["aftersales.team"].with_context(active_test=False).search([]).unlink()
    _keep_demo_documents(env)


def _keep_demo_documents(env):
    """Let the core's records that came as demo data stay, like anybody's own.

    Products, partners and orders are in use by then: removing them would fail.
    """
    env["ir.model.data"].search(
        [
            ("module", "=", "aftersales_service"),
            ("name", "like", "_demo"),
            ("model", "not like", "aftersales."),
        ]
    ).unlink()
