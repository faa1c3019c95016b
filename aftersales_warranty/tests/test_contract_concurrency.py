# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestContractConcurrency(ConcurrencyCase):
    """Two crons, or a cron and an accountant, at the same moment."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Billed Once"})
            terms = env["aftersales.contract.terms"].create(
                {"name": "Billed Once", "scope": "park", "invoice_period": "month"}
            )
            product = env["product.product"].create(
                {
                    "name": "Billed Once",
                    "type": "service",
                    "aftersales_contract_terms_id": terms.id,
                }
            )
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
            order.action_confirm()
            self.contract_id = order.order_line.aftersales_contract_ids.id

    def _get_contract(self, cr):
        return self._get_env(cr)["aftersales.contract"].browse(self.contract_id)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            contract = self._get_contract(cr)
            order, terms = contract.sale_order_id, contract.terms_id
            product, partner = contract.product_id, contract.partner_id
            order.order_line.invoice_lines.move_id.unlink()
            contract.env.flush_all()
            # What was sold is cancelled, never deleted: only this test takes it away.
            cr.execute("DELETE FROM aftersales_contract WHERE id = %s", contract.ids)
            contract.env.invalidate_all()
            order._action_cancel()
            order.unlink()
            product.product_tmpl_id.unlink()
            terms.unlink()
            partner.unlink()

    def _count(self):
        with self.registry.cursor() as cr:
            lines = self._get_contract(cr).sale_line_id.invoice_lines
            self.assertEqual(sum(lines.mapped("quantity")), 1.0)
            return len(lines)

    def test_a_contract_that_is_being_billed_is_left_alone(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._get_contract(first)._bill()
            contract = self._get_contract(second)
            self.assertFalse(contract.try_lock_for_update())
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                second.execute("SET lock_timeout = '100ms'")
                contract._bill()
            second.rollback()
        self.assertEqual(self._count(), 1)

    def test_who_has_not_seen_the_other_s_invoice_makes_none(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            contract = self._get_contract(second)
            # The second transaction has begun, and sees no invoice.
            self.assertFalse(contract.sale_line_id.invoice_lines)
            self._get_contract(first)._bill()
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                contract.sale_order_id._create_invoices()
            second.rollback()
        self.assertEqual(self._count(), 1)
