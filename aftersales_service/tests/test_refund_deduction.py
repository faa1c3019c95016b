# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestRefundDeduction(CompensationCommon):
    """No more is refunded than was paid, and what was paid is refunded to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.env["account.account"].create(
            {"name": "Compensations", "code": "659AS", "account_type": "expense"}
        )
        cls.company.aftersales_compensation_account_id = cls.expense

    def _refund(self, asset, quantity=1):
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.quantity = quantity
        line.action_create_refund()
        note = line.sudo().refund_ids
        note.with_user(self.accountant).action_post()
        return line, note

    def _credit(self, asset, amount, post=True):
        line = self._create_claim(asset).line_ids
        note = self._compensate(line, "credit", amount).sudo().account_line_ids.move_id
        if post:
            note.with_user(self.accountant).action_post()
        return line, note

    # -- compensations that were credited before

    def test_what_was_credited_before_is_deducted(self):
        order = self._sell_many((self.helmet, 1))
        invoice = self._invoice(order)
        asset = self._get_assets(order)
        compensated, _allowance = self._credit(asset, 20)
        line, note = self._refund(asset)
        self.assertEqual(note.amount_total, invoice.amount_total - 20)
        self.assertEqual(invoice._get_aftersales_left(), 0)
        self.assertEqual(line.refunded_quantity, 1)
        self.assertEqual(line.state, "done")
        # A tax without an account of its own stands on the same one.
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.expense.id), ("tax_line_id", "=", False)]
        )
        self.assertEqual(sorted(items.mapped("balance")), [-16.53, 16.53])
        self.assertEqual((compensated.cost, line.cost), (16.53, 28.47))
        deduction = note.invoice_line_ids.filtered("aftersales_deducted_line_id")
        self.assertIn(compensated.claim_id.name, deduction.name)

    def test_nothing_is_deducted_while_the_compensated_unit_is_kept(self):
        invoice = self._invoice(self.order)
        self._credit(self.asset, 20)
        for _unit in range(3):
            _line, note = self._refund(self.asset)
            self.assertEqual(note.amount_untaxed, 45)
        _line, note = self._refund(self.asset)
        self.assertEqual(note.amount_total, 34.45)
        self.assertEqual(invoice._get_aftersales_left(), 0)

    def test_given_on_top_of_a_refund_it_is_not_deducted_twice(self):
        order = self._sell_many((self.helmet, 2))
        self._invoice(order)
        asset = self._get_assets(order)
        line, _note = self._refund(asset)
        self._compensate(line, "credit", 20).sudo().account_line_ids.move_id._post()
        _line, note = self._refund(asset)
        self.assertEqual(note.amount_total, 34.45)

    def test_more_than_one_unit_is_worth(self):
        invoice = self._invoice(self.order)
        self.company.aftersales_agent_limit = 500
        line, _note = self._credit(self.asset, 150)
        self.assertEqual(line.quantity, 1)
        totals = [self._refund(self.asset)[1].amount_total for _unit in range(4)]
        self.assertEqual(totals, [54.45, 13.35, 0, 0])
        self.assertEqual(invoice._get_aftersales_left(), 0)

    def test_another_product_of_the_invoice_is_refunded_whole(self):
        order = self._sell_many((self.helmet, 1), (self.battery, 1))
        invoice = self._invoice(order)
        assets = self._get_assets(order)
        helmet = assets.filtered(lambda a: a.product_id == self.helmet)
        self._credit(helmet, 20)
        _line, note = self._refund(assets - helmet)
        self.assertFalse(note.invoice_line_ids.aftersales_deducted_line_id)
        self._refund(helmet)
        self.assertEqual(invoice._get_aftersales_left(), 0)

    def test_lines_of_one_credit_note(self):
        order = self._sell_many((self.helmet, 1), (self.battery, 1))
        invoice = self._invoice(order)
        assets = self._get_assets(order)
        self._credit(assets[0], 20)
        claim = self._create_claim(assets).with_user(self.agent)
        claim.line_ids.action_create_refund()
        note = claim.sudo().line_ids.refund_ids
        self.assertEqual(note.amount_total, invoice.amount_total - 20)

    def test_what_is_deducted_is_not_taken_back(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        asset = self._get_assets(order)
        line, allowance = self._credit(asset, 20, post=False)
        refunded = self._create_claim(asset).line_ids.with_user(self.agent)
        refunded.action_create_refund()
        for step in (
            line.with_user(self.agent).action_cancel_compensation,
            allowance.with_user(self.accountant).button_cancel,
        ):
            with self.assertRaisesRegex(UserError, "deducted from the refund"):
                with self.env.cr.savepoint():
                    step()
        refunded.action_cancel_remedy()
        refunded.sudo().unlink()
        line.with_user(self.agent).action_cancel_compensation()
        self.assertEqual(line.state, "draft")
        line.with_user(self.agent).action_create_refund()
        note = line.sudo().refund_ids.filtered(lambda m: m.state == "draft")
        self.assertEqual(note.amount_total, 54.45)

    # -- discounts on the whole order

    def _discount(self, order, **values):
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, **values}
        ).action_apply_discount()

    def test_a_discount_on_the_order_is_shared(self):
        order = self._sell_many((self.helmet, 3), (self.battery, 1), deliver=False)
        order.order_line.price_unit = 33.33
        self._discount(order, discount_type="so_discount", discount_percentage=0.07)
        self._deliver(order.picking_ids)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 133.32 - 9.33)
        assets = self._get_assets(order)
        notes = [self._refund(asset)[1] for asset in assets]
        notes.append(self._refund(assets[0], 2)[1])
        self.assertEqual([note.amount_untaxed for note in notes], [31.0, 30.99, 62.0])
        self.assertEqual(sum(n.amount_untaxed for n in notes), invoice.amount_untaxed)
        self.assertAlmostEqual(
            sum(n.amount_total for n in notes), invoice.amount_total, delta=0.015
        )
        # The discount stays on the order: it is not invoiced again.
        self.assertFalse(order.order_line.filtered("qty_to_invoice"))

    def test_returned_goods_of_a_discounted_order(self):
        order = self._sell_many((self.helmet, 2), deliver=False)
        self._discount(order, discount_type="amount", discount_amount=12.1)
        self._deliver(order.picking_ids)
        self._invoice(order)
        line = self._decide_return(self._get_assets(order))
        self._receive(line)
        self._inspect(line, 1)
        note = line.sudo().refund_ids
        self.assertEqual(note.amount_untaxed, 40)
        note.action_post()
        self.assertEqual((line.refunded_quantity, line.state), (1, "done"))
        self.assertEqual(line.refund_cost, 40)
        self.assertFalse(order.order_line.filtered("qty_to_invoice"))

    def test_the_restocking_fee_is_of_what_was_paid(self):
        order = self._sell_many((self.helmet, 2), deliver=False)
        self._discount(order, discount_type="so_discount", discount_percentage=0.1)
        self._deliver(order.picking_ids)
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        line = line.with_user(self.agent)
        line.restocking_percent = 20
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        # 45 less 10 %, and of this 80 %
        self.assertEqual(line.sudo().refund_ids.amount_untaxed, 32.4)

    def test_a_compensation_used_on_an_order_is_not_paid_out(self):
        self._compensate(self._claim_line(), "discount", 24.2)
        order = self._quote(100)
        order.action_apply_aftersales_discount()
        order.action_confirm()
        self._deliver(order.picking_ids)
        invoice = self._invoice(order)
        self.assertAlmostEqual(invoice.amount_untaxed, 80)
        _line, note = self._refund(self._get_assets(order))
        self.assertEqual(note.amount_total, invoice.amount_total)
        self.assertEqual(invoice._get_aftersales_left(), 0)

    # -- the invoice is the limit

    def test_no_more_than_the_invoice_says(self):
        invoice = self._invoice(self.order)
        by_hand = invoice._reverse_moves([{"invoice_date": invoice.date}])
        by_hand.invoice_line_ids.write(
            {
                "quantity": 1,
                "price_unit": 100,
                "sale_line_ids": [Command.clear()],
                "aftersales_reversed_line_id": False,
            }
        )
        by_hand.action_post()
        line = self._create_claim(self.asset).line_ids.with_user(self.agent)
        line.quantity = 4
        with self.assertRaisesRegex(UserError, "more would be credited"):
            with self.env.cr.savepoint():
                line.action_create_refund()
        line.invalidate_recordset()
        self.assertEqual((line.state, line.remedy), ("draft", False))
        line.quantity = 1
        line.action_create_refund()
        self.assertEqual(line.refund_state, "draft")

    def test_cash_rounding_stands_in_nobodys_way(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "rounding_method": "DOWN",
                "strategy": "add_invoice_line",
                "profit_account_id": self.expense.id,
                "loss_account_id": self.expense.id,
            }
        )
        order = self._sell_many((self.helmet, 3, {"price_unit": 10.03}))
        invoice = order._create_invoices()
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        asset = self._get_assets(order)
        notes = [self._refund(asset)[1] for _unit in range(3)]
        self.assertAlmostEqual(sum(n.amount_untaxed for n in notes), 30.09, delta=0.2)
        self.assertLessEqual(-invoice._get_aftersales_left(), 0.15)

    def test_down_payments_are_refunded_as_well(self):
        order = self._sell_many((self.helmet, 2, {"price_unit": 100}))
        for values in (
            {"advance_payment_method": "percentage", "amount": 30},
            {"advance_payment_method": "delivered"},
        ):
            self.env["sale.advance.payment.inv"].with_context(
                active_model="sale.order", active_ids=order.ids
            ).create(values).create_invoices()
            order.invoice_ids.filtered(lambda m: m.state == "draft").action_post()
        _line, note = self._refund(self._get_assets(order), 2)
        self.assertEqual(note.amount_untaxed, 200)

    # -- prices with the tax in them

    def _include_tax(self):
        tax = self.tax.copy(
            {"name": "21 % in the price", "price_include_override": "tax_included"}
        )
        self.products.taxes_id = tax
        return tax

    def test_prices_with_tax(self):
        tax = self._include_tax()
        order = self._sell_many((self.helmet, 2, {"price_unit": 121}))
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 200)
        asset = self._get_assets(order)
        _line, allowance = self._credit(asset, 20)
        self.assertEqual(allowance.amount_total, 20)
        self.assertEqual(allowance.invoice_line_ids.price_unit, 20)
        _line, note = self._refund(asset, 2)
        self.assertEqual(note.amount_total, 222)
        self.assertEqual(invoice._get_aftersales_left(), 0)
        self.assertEqual(note.invoice_line_ids.tax_ids, tax)

    def test_another_product_at_prices_with_tax(self):
        self._include_tax()
        table = [(121.0, 0, 0), (242.0, 121, 100), (60.5, -60.5, -50)]
        for price, total, untaxed in table:
            with self.subTest(price=price):
                order = self._sell_many((self.helmet, 1, {"price_unit": 121}))
                self._invoice(order)
                self.battery.list_price = price
                line = self._create_claim(self._get_assets(order)).line_ids
                line = line.with_user(self.agent)
                line.replacement_product_id = self.battery
                line.replacement_mode = "keep"
                line.action_create_replacement()
                quoted = line.sudo().difference_line_id
                credited = line.sudo().refund_ids
                self.assertEqual(quoted.price_total - credited.amount_total, total)
                self.assertEqual(
                    quoted.price_subtotal - credited.amount_untaxed, untaxed
                )
