# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationMoney(CompensationCommon):
    """What each kind leaves in the books and in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.env["account.account"].create(
            {"name": "Compensations", "code": "659AS", "account_type": "expense"}
        )
        cls.company.aftersales_compensation_account_id = cls.expense
        plan = cls.env["account.analytic.plan"].create({"name": "After-Sales"})
        cls.analytic = cls.env["account.analytic.account"].create(
            {"name": "Goodwill", "plan_id": plan.id}
        )
        cls.company.aftersales_analytic_account_id = cls.analytic

    def _quants(self):
        quants = self.env["stock.quant"].search([("product_id", "=", self.helmet.id)])
        return {q.location_id: q.quantity for q in quants}

    def _items(self, move):
        """{account code or type, or "tax": balance}"""
        items = defaultdict(float)
        for line in move.line_ids:
            account = line.account_id
            is_ours = account == self.expense
            key = account.code if is_ours else account.account_type
            items["tax" if line.tax_line_id else key] += line.balance
        return {key: round(balance, 2) for key, balance in items.items()}

    def test_credit_to_the_cent(self):
        invoice = self._invoice(self.order)
        before = self._quants()
        table = [(10.0, 8.26), (0.01, 0.01), (20.0, 16.53), (33.33, 27.55)]
        for amount, untaxed in table:
            with self.subTest(amount=amount):
                line = self._claim_line()
                given = self._compensate(line, "credit", amount)
                note = given.sudo().account_line_ids.move_id
                self.assertEqual(note.state, "draft")
                self.assertEqual(note.reversed_entry_id, invoice)
                self.assertEqual((line.state, given.cost), ("in_progress", 0))
                note.with_user(self.accountant).action_post()
                self.assertAlmostEqual(note.amount_total, amount)
                self.assertAlmostEqual(note.amount_untaxed, untaxed)
                tax = round(amount - untaxed, 2)
                expected = {self.expense.code: untaxed, "asset_receivable": -amount}
                if tax:
                    expected["tax"] = tax
                self.assertEqual(self._items(note), expected)
                self.assertEqual((line.state, given.state), ("done", "used"))
                self.assertAlmostEqual(line.voucher_cost, untaxed)
                self.assertFalse(line.refund_cost)
                self.assertAlmostEqual(line.cost, untaxed)
                self.assertEqual(note.aftersales_claim_ids, line.claim_id)
        self.assertEqual(self._quants(), before, "No goods move for it.")
        # What was delivered stays invoiced.
        self.assertEqual(self.order.order_line.qty_invoiced, 4)
        self.assertEqual(self.order.order_line.qty_delivered, 4)
        analytic = self.env["account.analytic.line"].search(
            [(self.analytic.plan_id._column_name(), "=", self.analytic.id)]
        )
        self.assertAlmostEqual(sum(analytic.mapped("amount")), -52.35)
        self.assertTrue(all(analytic.mapped("aftersales_claim_id")))

    def test_no_more_than_was_invoiced(self):
        self._invoice(self.order)
        self.company.aftersales_agent_limit = 900
        total = 4 * 45 * 1.21
        self._compensate(self._claim_line(), "credit", 150.0)
        line = self._claim_line()
        with self.assertRaisesRegex(UserError, "no more than"), self.cr.savepoint():
            self._compensate(line, "credit", total - 149)
        line.invalidate_recordset()
        self.assertEqual(line.state, "draft")
        self._compensate(line, "credit", total - 150)
        self.assertEqual(line.state, "in_progress")

    def test_of_several_invoices_the_one_with_most_left(self):
        order = self._sell_many((self.helmet, 4), deliver=False)
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        small = self._invoice(order)
        rest = order.picking_ids - picking
        rest.move_ids.picked = True
        rest.button_validate()
        large = self._invoice(order)
        self.assertLess(small.amount_total, large.amount_total)
        self.asset = self._get_assets(order)[:1]
        given = self._compensate(self._claim_line(), "credit", 50.0)
        note = given.sudo().account_line_ids.move_id
        self.assertEqual(note.reversed_entry_id, large)

    def test_credit_does_not_stand_for_returned_goods(self):
        """What was credited for the trouble leaves the quantity to be refunded."""
        self._invoice(self.order)
        self._compensate(
            self._claim_line(), "credit"
        ).sudo().account_line_ids.move_id.action_post()
        line = self._claim_line()
        line.action_create_refund()
        self.assertEqual(line.refund_ids.amount_untaxed, 45)

    def test_payment(self):
        line = self._claim_line()
        before = self._quants()
        given = self._compensate(line, "payment", 25.0)
        receipt = given.sudo().account_line_ids.move_id
        self.assertEqual((receipt.move_type, receipt.state), ("in_receipt", "draft"))
        self.assertEqual(receipt.partner_id, self.customer)
        self.assertEqual(receipt.ref, line.claim_id.name)
        self.assertEqual((line.state, line.cost), ("in_progress", 0))
        receipt.with_user(self.accountant).action_post()
        self.assertEqual(
            self._items(receipt), {self.expense.code: 25.0, "liability_payable": -25.0}
        )
        self.assertEqual(
            receipt.invoice_line_ids.analytic_distribution, {str(self.analytic.id): 100}
        )
        self.assertEqual((line.state, line.voucher_cost), ("done", 25))
        self.assertEqual(receipt.aftersales_claim_ids, line.claim_id)
        payment = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=receipt.ids)
            .create({})
            ._create_payments()
        )
        self.assertEqual((payment.payment_type, payment.amount), ("outbound", 25))
        self.assertEqual(self._quants(), before)

    def test_posted_is_not_taken_back(self):
        line = self._claim_line()
        given = self._compensate(line, "payment")
        receipt = given.sudo().account_line_ids.move_id
        receipt.action_post()
        for method in ("action_cancel_compensation", "action_cancel_remedy"):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(line, method)()
        receipt.button_draft()
        self.assertEqual((line.state, line.cost), ("in_progress", 0))
        line.action_cancel_compensation()
        self.assertEqual((receipt.state, line.state), ("cancel", "draft"))

    def test_accounting_cancels_or_deletes_the_draft(self):
        for method in ("button_cancel", "unlink"):
            with self.subTest(method=method):
                line = self._claim_line()
                given = self._compensate(line, "payment")
                move = given.sudo().account_line_ids.move_id
                getattr(move.with_user(self.accountant), method)()
                self.assertEqual(given.state, "cancelled")
                self.assertEqual((line.state, line.remedy), ("draft", False))

    def test_discount_is_booked_as_such(self):
        line = self._claim_line()
        self._compensate(line, amount=20)
        quote = self._quote()
        quote.action_apply_aftersales_discount()
        quote.action_confirm()
        self._deliver(quote.picking_ids)
        invoice = self._invoice(quote)
        self.assertAlmostEqual(invoice.amount_total, 101)
        self.assertEqual(self._items(invoice)[self.expense.code], 16.53)
        self.assertEqual(line.voucher_cost, 16.53, "Counted once, when it was used.")
        self.assertEqual(invoice.aftersales_claim_ids, line.claim_id)
        report = self.env["account.invoice.report"].search(
            [("aftersales_claim_id", "=", line.claim_id.id)]
        )
        self.assertEqual(sum(report.mapped("price_subtotal")), -16.53)

    def test_discount_on_taxes_of_two_kinds(self):
        ten = self.env["account.tax"].create({"name": "10 %", "amount": 10})
        self._compensate(self._claim_line(), amount=20)
        quote = self._quote()
        quote.order_line = [
            Command.create(
                {
                    "product_id": self.battery.id,
                    "price_unit": 50,
                    "tax_ids": [Command.set(ten.ids)],
                }
            )
        ]
        total = quote.amount_total
        quote.action_apply_aftersales_discount()
        self.assertAlmostEqual(quote.amount_total, total - 20)

    def test_shipping_refunded_by_the_type_is_no_part_of_it(self):
        self._invoice(self.order)
        line = self._claim_line()
        line.is_shipping_refunded = True
        note = self._compensate(line, "credit", 10.0).sudo().account_line_ids.move_id
        self.assertEqual(len(note.invoice_line_ids), 1)
