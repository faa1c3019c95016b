# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Domain
from odoo.tools import SQL


def post_init_hook(env):
    """Give companies that exist already what a new company gets."""
    env["res.company"].search([])._create_aftersales_warranty_location()


def uninstall_hook(env):
    """Remove the teams with their mail addresses, which are the core's records."""
    _let_records_go(env)
    env["aftersales.team"].with_context(active_test=False).search([]).unlink()
    keep_documents_in_use(env, "aftersales_service")


def _let_records_go(env):
    """Let stages, policies and the like be removed while claims still refer to them.

    All tables go in the same transaction, so nothing is left that could dangle.
    """
    env.cr.execute(
        """
        SELECT conrelid::regclass::text, conname
          FROM pg_constraint
         WHERE contype = 'f'
           AND confdeltype IN ('a', 'r')
           AND conrelid::regclass::text LIKE 'aftersales\\_%'
        """
    )
    for table, constraint in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(constraint),
            )
        )


def keep_documents_in_use(env, addon):
    """Let an addon's products and demo records of the core stay, like anybody's own.

    Orders and stock refer to them by then: removing them would fail.
    """
    env["ir.model.data"].search(
        Domain("module", "=", addon)
        & Domain("model", "not like", "aftersales.")
        & (
            Domain("name", "like", "_demo")
            | Domain("model", "in", ("product.product", "product.template"))
        )
    ).unlink()
