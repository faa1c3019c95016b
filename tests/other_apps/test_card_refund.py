# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Paid by card: the refund is proposed on the transaction, with payment_demo."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestCardRefund(AftersalesMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_accounting_user_id = cls.accountant
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.order = cls._sell_many((cls.helmet, 2))
        cls.invoice = cls._invoice(cls.order)
        cls.transaction = cls._pay(cls.invoice)

    @classmethod
    def _pay(cls, invoice):
        transaction = cls.env["payment.transaction"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.provider.payment_method_ids.id,
                "amount": invoice.amount_total,
                "currency_id": invoice.currency_id.id,
                "partner_id": cls.customer.id,
                "reference": f"card-{invoice.id}",
                "operation": "online_direct",
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        transaction.action_demo_set_done()
        transaction._post_process()
        return transaction

    def _refund(self):
        line = self._create_claim(self._get_assets(self.order)).line_ids
        line.with_user(self.agent).action_create_refund()
        return line.refund_ids.with_user(self.accountant)

    def _get_wizard(self, note):
        action = note.action_aftersales_refund_payment()
        wizards = self.env[action["res_model"]].with_user(self.accountant)
        return wizards.with_context(**action["context"]).create({})

    def test_paid_by_card(self):
        self.assertIn(self.invoice.payment_state, ("in_payment", "paid"))
        self.assertEqual(self.transaction.payment_id.amount, self.invoice.amount_total)

    def test_refund_is_proposed_and_nobody_is_paid_by_itself(self):
        note = self._refund()
        self.assertEqual(note.aftersales_payment_id, self.transaction.payment_id)
        activity = note.activity_ids
        self.assertEqual(activity.user_id, self.accountant)
        self.assertIn(self.transaction.reference, activity.note)
        self.assertFalse(self.transaction.child_transaction_ids)
        with self.assertRaises(UserError):
            note.action_aftersales_refund_payment()
        note.action_post()
        self.assertFalse(self.transaction.child_transaction_ids)

    def test_refunded_on_the_same_transaction_right_to_the_cent(self):
        note = self._refund()
        note.action_post()
        wizard = self._get_wizard(note)
        self.assertAlmostEqual(wizard.amount_to_refund, 45 * 1.21)
        wizard.action_refund()
        refund = self.transaction.child_transaction_ids
        self.assertEqual((refund.operation, refund.state), ("refund", "done"))
        self.assertAlmostEqual(refund.amount, -45 * 1.21)

    def test_no_more_than_was_paid_by_card(self):
        note = self._refund()
        note.action_post()
        self._get_wizard(note).action_refund()
        self.transaction.child_transaction_ids._post_process()
        other = self._refund()
        other.action_post()
        wizard = self._get_wizard(other)
        self.assertAlmostEqual(wizard.amount_to_refund, 45 * 1.21)
        self.assertAlmostEqual(wizard.amount_available_for_refund, 45 * 1.21)

    def test_not_proposed_for_what_was_not_paid_by_card(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        line.with_user(self.agent).action_create_refund()
        self.assertFalse(line.refund_ids.aftersales_payment_id)
        self.assertFalse(line.refund_ids.activity_ids)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_agents_refund_no_cards(self):
        note = self._refund()
        note.action_post()
        with self.assertRaises(AccessError):
            note.with_user(self.agent).action_aftersales_refund_payment()
