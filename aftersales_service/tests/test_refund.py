# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestRefund(AftersalesMoneyCommon):
    def _return_and_accept(self, asset, quantity=1, **values):
        line = self._decide_return(asset, quantity, **values)
        self._receive(line)
        self._inspect(line, quantity)
        return line

    def _refund_only(self, asset, quantity=1):
        claim = self._create_claim(asset).with_user(self.agent)
        claim.line_ids.quantity = quantity
        claim.line_ids.action_create_refund()
        return claim.line_ids

    def test_accepted_return_is_credited_right_to_the_cent(self):
        order = self._sell_many(
            (self.bike_free, 3, {"price_unit": 99.99, "discount": 12.5}),
            (self.battery, 1),
        )
        invoice = self._invoice(order)
        asset = self._get_assets(order).filtered(
            lambda a: a.product_id == self.bike_free
        )
        line = self._return_and_accept(asset, 2)
        credit = line.sudo().refund_ids
        self.assertEqual(credit.state, "draft")
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.journal_id, invoice.journal_id)
        self.assertIn(line.claim_id.name, credit.ref)
        item = credit.invoice_line_ids
        self.assertEqual(
            (item.product_id, item.quantity, item.price_unit, item.discount),
            (self.bike_free, 2, 99.99, 12.5),
        )
        self.assertEqual(item.tax_ids, self.tax)
        # 2 x 99.99 x 0.875 = 174.98 and 21 % of it
        self.assertEqual(credit.amount_untaxed, 174.98)
        self.assertEqual(credit.amount_total, 211.73)
        self.assertEqual(line.refund_state, "draft")
        self.assertEqual(line.state, "in_progress")
        self.assertFalse(line.refunded_quantity)
        credit.with_user(self.accountant).action_post()
        self.assertEqual((line.state, line.refund_state), ("done", "posted"))
        sale_line = order.order_line[0]
        self.assertEqual(
            (sale_line.qty_delivered, sale_line.qty_invoiced, sale_line.qty_to_invoice),
            (1, 1, 0),
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bike_free = cls._create_product(
            "City bike", "none", 40.0, 99.99, taxes_id=cls.tax.ids
        )
        cls.bike_free.invoice_policy = "delivery"
        cls._stock(cls.bike_free, 50)

    def test_several_invoices_are_credited_each(self):
        order = self._sell_many((self.helmet, 5), deliver=False)
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True, cancel_backorder=False)._action_done()
        first = self._invoice(order)
        rest = order.picking_ids.filtered(lambda p: p.state != "done")
        rest.move_ids.picked = True
        rest.button_validate()
        second = self._invoice(order)
        self.assertEqual(second.invoice_line_ids.quantity, 3)
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id, "quantity": 4})]
        line = claim.line_ids
        line.action_create_return()
        for picking in self._get_pending(line).picking_id:
            picking.move_ids.picked = True
            picking.button_validate()
        self._inspect(line, 4)
        credits = line.sudo().refund_ids
        self.assertEqual(
            {c.reversed_entry_id: c.invoice_line_ids.quantity for c in credits},
            {first: 2, second: 2},
        )

    def test_not_invoiced_is_lowered_by_the_delivered_quantity(self):
        order = self._sell_many((self.helmet, 3))
        line = self._return_and_accept(self._get_assets(order))
        self.assertFalse(line.sudo().refund_ids)
        self.assertEqual(line.uninvoiced_quantity, 1)
        self.assertEqual(line.state, "done")
        self.assertEqual(order.order_line.qty_to_invoice, 2)

    def test_not_invoiced_is_lowered_by_the_ordered_quantity(self):
        self.helmet.invoice_policy = "order"
        order = self._sell_many((self.helmet, 3))
        order.locked = True
        line = self._return_and_accept(self._get_assets(order))
        self.assertFalse(line.sudo().refund_ids)
        self.assertEqual(order.order_line.product_uom_qty, 2)
        self.assertEqual(order.order_line.qty_to_invoice, 2)
        self.assertTrue(order.locked)
        pending = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        self.assertFalse(pending)

    def test_partly_invoiced_the_rest_is_lowered_first(self):
        order = self._sell_many((self.helmet, 5), deliver=False)
        picking = order.picking_ids
        picking.move_ids.quantity = 3
        picking.move_ids.picked = True
        picking._action_done()
        self._invoice(order)
        rest = order.picking_ids.filtered(lambda p: p.state != "done")
        rest.move_ids.picked = True
        rest.button_validate()
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id, "quantity": 3})]
        line = claim.line_ids
        line.action_create_return()
        for picking in self._get_pending(line).picking_id:
            picking.move_ids.picked = True
            picking.button_validate()
        self._inspect(line, 3)
        self.assertEqual(line.uninvoiced_quantity, 2)
        self.assertEqual(line.sudo().refund_ids.invoice_line_ids.quantity, 1)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_invoiced_by_the_order_is_not_invoiced_again(self):
        self.helmet.invoice_policy = "order"
        order = self._sell_many((self.helmet, 3))
        self._invoice(order)
        line = self._return_and_accept(self._get_assets(order), 2)
        line.sudo().refund_ids.action_post()
        sale_line = order.order_line
        self.assertEqual(
            (
                sale_line.product_uom_qty,
                sale_line.qty_delivered,
                sale_line.qty_invoiced,
            ),
            (1, 1, 1),
        )
        self.assertEqual(order.invoice_status, "invoiced")

    def test_down_payment(self):
        order = self._sell_many((self.helmet, 2, {"price_unit": 100}))
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        final = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        final.create_invoices()
        invoice = order.invoice_ids.filtered(lambda m: m.state == "draft")
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 140)
        line = self._return_and_accept(self._get_assets(order))
        credit = line.sudo().refund_ids
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.invoice_line_ids.product_id, self.helmet)
        self.assertEqual(credit.amount_untaxed, 100)

    def test_refund_without_return_leaves_order_and_cost_of_sale_alone(self):
        self.helmet.categ_id = self._create_category("standard", "real_time")
        order = self._sell_many((self.helmet, 2))
        invoice = self._invoice(order)
        self.assertTrue(invoice.line_ids.filtered(lambda ln: ln.display_type == "cogs"))
        line = self._refund_only(self._get_assets(order))
        credit = line.sudo().refund_ids
        credit.action_post()
        self.assertEqual(line.state, "done")
        self.assertFalse(credit.line_ids.filtered(lambda ln: ln.display_type == "cogs"))
        self.assertEqual(order.order_line.qty_to_invoice, 0)
        self.assertEqual(order.invoice_status, "invoiced")
        with self.assertRaisesRegex(Exception, "would be claimed"):
            self._create_claim(self._get_assets(order)).line_ids.quantity = 2

    def _create_category(self, cost_method, valuation):
        return self.env["product.category"].create(
            {
                "name": f"{cost_method} {valuation}",
                "property_cost_method": cost_method,
                "property_valuation": valuation,
            }
        )

    def test_returned_goods_reverse_the_cost_of_the_sale(self):
        self.helmet.categ_id = self._create_category("standard", "real_time")
        order = self._sell_many((self.helmet, 2))
        self._invoice(order)
        line = self._return_and_accept(self._get_assets(order))
        credit = line.sudo().refund_ids
        credit.action_post()
        cogs = credit.line_ids.filtered(lambda ln: ln.display_type == "cogs")
        self.assertEqual(sorted(cogs.mapped("balance")), [-20, 20])

    def test_restocking_fee_is_kept_back(self):
        order = self._sell_many((self.helmet, 2, {"price_unit": 100, "discount": 10}))
        self._invoice(order)
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        line = claim.line_ids
        line.restocking_percent = 15
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        credit = line.sudo().refund_ids
        fee = credit.invoice_line_ids.filtered(lambda ln: ln.price_subtotal < 0)
        self.assertEqual(fee.price_subtotal, -13.5)
        self.assertEqual(fee.tax_ids, self.tax)
        self.assertEqual(credit.amount_untaxed, 76.5)
        credit.action_post()
        self.assertEqual(line.refunded_quantity, 1)
        self.assertEqual(line.state, "done")

    def test_type_proposes_fee_and_automatic_refund(self):
        kind = self.env["aftersales.type"].create(
            {
                "name": "Withdrawal",
                "restocking_percent": 5,
                "is_refund_automatic": False,
            }
        )
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._return_and_accept(self._get_assets(order), type_id=kind.id)
        self.assertEqual(line.restocking_percent, 5)
        self.assertFalse(line.sudo().refund_ids)
        self.assertEqual((line.refund_state, line.state), ("due", "in_progress"))
        line.action_create_refund()
        self.assertEqual(line.refund_state, "draft")

    def test_units_of_an_invoiced_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._sell_many(
            (self.helmet, 1, {"product_uom_id": dozen.id, "price_unit": 120})
        )
        self._invoice(order)
        line = self._return_and_accept(self._get_assets(order), 1)
        credit = line.sudo().refund_ids
        self.assertEqual(credit.amount_untaxed, 10)
        credit.action_post()
        self.assertEqual(line.state, "done")

    def test_foreign_currency(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        rate = self.env["res.currency.rate"].create(
            {"currency_id": pound.id, "name": "2020-01-01", "rate": 1.25}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": pound.id}
        )
        order = self._sell_many(
            (self.helmet, 2, {"price_unit": 50}), pricelist_id=pricelist.id
        )
        invoice = self._invoice(order)
        line = self._return_and_accept(self._get_assets(order))
        credit = line.sudo().refund_ids
        self.assertEqual(credit.currency_id, pound)
        self.assertEqual(credit.amount_untaxed, 50)
        self.assertEqual(
            credit.invoice_line_ids.balance, -invoice.invoice_line_ids.balance / 2
        )
        self.env["res.currency.rate"].search([]).unlink()
        self.assertFalse(rate.exists())
        asset = self._get_assets(order)
        with self.assertRaisesRegex(UserError, "no rate"), self.env.cr.savepoint():
            self._refund_only(asset)

    def test_closed_books_leave_the_goods_in_and_the_refund_to_a_person(self):
        order = self._sell_many((self.helmet, 2))
        self._invoice(order)
        asset = self._get_assets(order)
        self.company.sale_lock_date = fields.Date.today() + timedelta(days=2)
        line = self._return_and_accept(asset)
        self.assertEqual(line.return_state, "accepted")
        self.assertEqual(line.refund_state, "due")
        activity = line.claim_id.sudo().activity_ids
        self.assertIn("books are closed", activity.note)
        with self.assertRaisesRegex(UserError, "books are closed"):
            with self.env.cr.savepoint():
                line.action_create_refund()
        self.assertFalse(line.sudo().refund_ids)

    def test_archived_customer(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        asset = self._get_assets(order)
        claim = self._create_claim(asset).with_user(self.agent)
        self.portal_user.active = False
        self.customer.active = False
        with self.assertRaisesRegex(UserError, "archived"), self.env.cr.savepoint():
            claim.line_ids.action_create_refund()
        self.assertEqual(claim.line_ids.state, "draft")

    def test_draft_invoice_can_not_be_credited_yet(self):
        order = self._sell_many((self.helmet, 1))
        order._create_invoices()
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            with self.env.cr.savepoint():
                claim.line_ids.action_create_refund()
        self.assertEqual(claim.line_ids.state, "draft")
        self.assertFalse(claim.line_ids.remedy)

    def test_credited_straight_in_accounting_is_not_credited_again(self):
        order = self._sell_many((self.helmet, 1))
        invoice = self._invoice(order)
        asset = self._get_assets(order)
        self._credit_by_hand(invoice)
        claim = self._create_claim(asset).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            with self.env.cr.savepoint():
                claim.line_ids.action_create_refund()

    def _credit_by_hand(self, invoice, post=True):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "By hand"})
        )
        wizard.refund_moves()
        if post:
            wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def test_a_line_follows_the_credit_note_made_straight_in_accounting(self):
        kind = self.env["aftersales.type"].create(
            {"name": "By hand", "is_refund_automatic": False}
        )
        order = self._sell_many((self.helmet, 1))
        invoice = self._invoice(order)
        line = self._return_and_accept(self._get_assets(order), type_id=kind.id)
        credit = self._credit_by_hand(invoice)
        self.assertEqual(line.sudo().refund_ids, credit)
        self.assertEqual((line.state, line.refund_state), ("done", "posted"))
        credit.button_draft()
        self.assertEqual(line.state, "in_progress")
        credit.button_cancel()
        self.assertEqual(line.refund_state, "due")
        line.action_create_refund()
        self.assertEqual(len(line.sudo().refund_ids), 2)

    def test_deleted_credit_note_is_due_again(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._return_and_accept(self._get_assets(order))
        line.sudo().refund_ids.with_user(self.accountant).unlink()
        self.assertEqual(line.refund_state, "due")
        line.action_create_refund()
        self.assertEqual(line.refund_state, "draft")

    def test_refund_without_return_is_taken_back_with_its_credit_note(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._refund_only(self._get_assets(order))
        credit = line.sudo().refund_ids
        line.action_cancel_remedy()
        self.assertEqual(credit.state, "cancel")
        self.assertEqual((line.state, line.remedy), ("draft", False))
        line.action_create_refund()
        line.sudo().refund_ids.filtered(lambda m: m.state == "draft").action_post()
        self.assertEqual(line.state, "done")

    def test_second_refund_is_refused(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._refund_only(self._get_assets(order))
        with self.assertRaisesRegex(UserError, "already"):
            line.action_create_refund()
        self.assertEqual(len(line.sudo().refund_ids), 1)

    def test_only_agents_of_the_claim_decide(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        for user in (self.technician, self.accountant, self.stocker):
            for method in ("action_create_refund", "action_create_return"):
                with self.assertRaises(AccessError):
                    getattr(line.with_user(user), method)()

    def test_credit_note_leads_to_its_claim(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        line = self._refund_only(self._get_assets(order))
        credit = line.sudo().refund_ids
        self.assertEqual(credit.aftersales_claim_ids, line.claim_id)
        self.assertEqual(line.claim_id.refund_count, 1)

    def test_one_credit_note_for_the_lines_of_a_claim(self):
        order = self._sell_many((self.helmet, 2), (self.battery, 1))
        invoice = self._invoice(order)
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        claim.line_ids.action_create_refund()
        credit = claim.sudo().line_ids.refund_ids
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(sorted(credit.invoice_line_ids.mapped("quantity")), [1, 1])
