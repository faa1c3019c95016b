# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

#: In the order in which they may go: what refers to others first.
LEFTOVERS = (
    ("account_move", "partner_id", "partner"),
    ("stock_move_line", "product_id", "product"),
    ("stock_move", "product_id", "product"),
    ("stock_picking", "partner_id", "partner"),
    ("stock_quant", "product_id", "product"),
    ("sale_order", "partner_id", "partner"),
)


class ConcurrencyCase(BaseCase):
    """With real transactions, which commit; what they made is deleted after."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean_up)

    def _get_env(self, cr, **context):
        cr.execute("SET lock_timeout = '5s'")
        return api.Environment(cr, SUPERUSER_ID, context)

    def _clean_up(self):
        """Delete what was committed. To be extended."""


class MoneyConcurrencyCase(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Twice at Once"})
            product = env["product.product"].create(
                {
                    "name": "Given Once",
                    "is_storable": True,
                    "invoice_policy": "delivery",
                    "list_price": 10,
                }
            )
            warehouse = env["stock.warehouse"].search([], limit=1)
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 5
            )
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": 1})
                    ],
                }
            )
            order.action_confirm()
            order.picking_ids.move_ids.picked = True
            order.picking_ids.button_validate()
            order._create_invoices().action_post()
            asset = env["aftersales.asset"].search([("product_id", "=", product.id)])
            claim = env["aftersales.claim"].create(
                {
                    "subject": "Broken",
                    "partner_id": partner.id,
                    "line_ids": [Command.create({"asset_id": asset.id})],
                }
            )
            self.partner_id, self.product_id = partner.id, product.id
            self.claim_id, self.line_id = claim.id, claim.line_ids.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            ids = {"partner": self.partner_id, "product": self.product_id}
            moves = env["stock.move"].search([("product_id", "=", self.product_id)])
            pickings = moves.picking_id
            cr.execute(
                "DELETE FROM aftersales_claim WHERE partner_id = %s", [self.partner_id]
            )
            cr.execute(
                "DELETE FROM aftersales_asset WHERE product_id = %s", [self.product_id]
            )
            # Done transfers and posted entries have no other way to go.
            for table, column, whose in LEFTOVERS:
                env.execute_query(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s RETURNING id",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        ids[whose],
                    )
                )
            pickings.exists().unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def _get_line(self, env):
        return env["aftersales.claim.line"].browse(self.line_id)

    def _count_documents(self):
        with self.registry.cursor() as cr:
            line = self._get_line(self._get_env(cr))
            return len(line.move_ids) + len(line.refund_ids)

    def _try(self, env, method):
        with mute_logger("odoo.sql_db"):
            with self.assertRaises((OperationalError, LockError, UserError)):
                getattr(self._get_line(env), method)()

    def _take_back(self):
        with self.registry.cursor() as cr:
            line = self._get_line(self._get_env(cr))
            line.action_cancel_remedy()
            line.move_ids.unlink()
            line.refund_ids.unlink()
