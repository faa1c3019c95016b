# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestMoneyOdds(CompensationCommon):
    """Returns upon returns, odd units and currencies, and what should not be."""

    def _take_back(self, asset, quantity):
        line = self._decide_return(asset, quantity)
        self._receive(line)
        self._inspect(line, quantity)
        for note in line.sudo().refund_ids:
            note.with_user(self.accountant).action_post()
        return line

    def _sell_invoiced(self, quantity=1, **values):
        order = self._sell_many((self.helmet, quantity), **values)
        return order, self._invoice(order), self._get_assets(order)

    def test_returns_upon_returns(self):
        order, invoice, asset = self._sell_invoiced(5)
        for quantity, left in ((2, 3), (1, 2), (1, 1)):
            line = self._take_back(asset, quantity)
            self.assertEqual((line.state, asset.quantity), ("done", left))
            self.assertEqual(order.order_line.qty_delivered, left)
            self.assertEqual(order.order_line.qty_invoiced, left)
        with self.assertRaisesRegex(ValidationError, "the customer has 1"):
            with self.env.cr.savepoint():
                self._decide_return(asset, 2)
        self._take_back(asset, 1)
        self.assertEqual(invoice._get_aftersales_left(), 0)
        self.assertEqual(order.order_line.qty_invoiced, 0)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._decide_return(asset, 1)

    def test_a_return_that_came_in_part_is_cancelled_and_asked_for_again(self):
        order, _invoice, asset = self._sell_invoiced(3)
        line = self._decide_return(asset, 3)
        self._receive(line, 1)
        self._inspect(line, 1)
        self._get_pending(line).picking_id.with_user(self.stocker).action_cancel()
        self.assertEqual((line.received_quantity, asset.quantity), (1, 2))
        credit = line.sudo().refund_ids
        self.assertEqual(credit.invoice_line_ids.quantity, 1)
        credit.with_user(self.accountant).action_post()
        self.assertEqual(line.state, "done")
        # What did not come is another request.
        self._take_back(asset, 2)
        self.assertEqual((asset.quantity, order.order_line.qty_invoiced), (0, 0))

    def test_claimed_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._sell_many(
            (self.helmet, 2, {"product_uom_id": dozen.id, "price_unit": 120})
        )
        invoice = self._invoice(order)
        asset = self._get_assets(order)
        self.assertEqual(asset.quantity, 24)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.write({"uom_id": dozen.id, "quantity": 1})
        line.action_create_return()
        self.assertEqual(line.sudo().move_ids.product_qty, 12)
        self._receive(line)
        self.assertEqual((line.received_quantity, asset.quantity), (12, 12))
        self._inspect(line, 12)
        credit = line.sudo().refund_ids
        self.assertEqual(
            (credit.invoice_line_ids.quantity, credit.amount_untaxed), (1, 120)
        )
        credit.action_post()
        self.assertEqual((line.refunded_quantity, line.state), (12, "done"))
        self.assertEqual(order.order_line.qty_invoiced, 1)
        rest = self._create_claim(asset).line_ids.with_user(self.agent)
        with self.assertRaisesRegex(ValidationError, "the customer has 12"):
            with self.env.cr.savepoint():
                rest.write({"uom_id": dozen.id, "quantity": 2})
        rest.sudo().unlink()
        self._take_back(asset, 12)
        self.assertEqual(invoice._get_aftersales_left(), 0)

    def _sell_in(self, name, price, quantity=2):
        currency = self.env.ref(f"base.{name}")
        currency.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 160.0}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": name, "currency_id": currency.id}
        )
        order = self._sell_many(
            (self.helmet, quantity, {"price_unit": price}), pricelist_id=pricelist.id
        )
        return currency, self._invoice(order), self._get_assets(order)

    def test_currencies_without_cents_and_with_three_decimals(self):
        for name, price, wanted, given in (
            ("JPY", 7333, 100.4, 100),
            ("KWD", 73.333, 10.0005, 10.001),
        ):
            with self.subTest(currency=name):
                currency, invoice, asset = self._sell_in(name, price)
                line = self._create_claim(asset).line_ids
                allowance = self._compensate(line, "credit", wanted)
                self.assertEqual(allowance.currency_id, currency)
                note = allowance.sudo().account_line_ids.move_id
                note.action_post()
                self.assertAlmostEqual(note.amount_total, given)
                notes = note
                for _unit in range(2):
                    line = self._create_claim(asset).line_ids.with_user(self.agent)
                    line.action_create_refund()
                    line.sudo().refund_ids.action_post()
                    notes |= line.sudo().refund_ids
                self.assertAlmostEqual(
                    sum(notes.mapped("amount_total")),
                    invoice.amount_total,
                    delta=2 * currency.rounding,
                )

    @mute_logger("odoo.sql_db")
    def test_amounts_that_are_none(self):
        _order, _invoice, asset = self._sell_invoiced(2)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        table = [
            ("restocking_percent", -0.01, CheckViolation),
            ("restocking_percent", 100.01, CheckViolation),
            ("restocking_percent", float("nan"), CheckViolation),
            ("restocking_percent", float("inf"), CheckViolation),
            ("quantity", -1.0, CheckViolation),
            ("quantity", 0.0, CheckViolation),
        ]
        for field, value, error in table:
            with self.subTest(field=field, value=value):
                with self.assertRaises(error), self.env.cr.savepoint():
                    line[field] = value
                    line.flush_recordset()
                line.invalidate_recordset()
        for amount in (-5.0, 0.0, 0.004, float("nan"), float("-inf")):
            with self.subTest(amount=amount):
                values = {"kind": "credit", "amount": amount}
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    line._action_compensate(values)
                line.invalidate_recordset()
                self.assertEqual((line.state, line.remedy), ("draft", False))
        self.assertFalse(line.sudo().refund_ids)

    def test_the_whole_price_is_kept_back(self):
        order, _invoice, asset = self._sell_invoiced(1)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.restocking_percent = 100
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        note = line.sudo().refund_ids
        self.assertEqual(note.amount_total, 0)
        note.action_post()
        self.assertEqual((line.state, order.order_line.qty_invoiced), ("done", 0))

    def test_an_archived_journal(self):
        _order, invoice, asset = self._sell_invoiced(1)
        journal = invoice.journal_id.copy({"name": "Others", "code": "OTHR"})
        invoice.journal_id.active = False
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.action_create_refund()
        note = line.sudo().refund_ids
        self.assertTrue(note.journal_id.active)
        self.assertEqual(note.journal_id.type, journal.type)
        note.action_post()
        self.assertEqual(line.state, "done")

    def test_free_goods_are_credited_with_nothing(self):
        order = self._sell_many((self.helmet, 1, {"price_unit": 0}))
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        line = line.with_user(self.agent)
        line.action_create_refund()
        line.sudo().refund_ids.action_post()
        self.assertEqual((line.state, line.cost), ("done", 0))

    def test_credited_in_accounting_while_the_return_is_on_its_way(self):
        order, invoice, asset = self._sell_invoiced(1)
        line = self._decide_return(asset)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        self._receive(line)
        self._inspect(line, 1)
        notes = invoice.reversal_move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(notes, wizard.new_move_ids)
        self.assertEqual((line.state, order.order_line.qty_invoiced), ("done", 0))

    def test_the_customer_changed_in_the_meantime(self):
        _order, invoice, asset = self._sell_invoiced(1)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        other = self.stranger
        line.claim_id.sudo().partner_id = other
        try:
            with self.env.cr.savepoint():
                line.action_create_refund()
        except UserError:
            self.assertFalse(line.sudo().refund_ids)
        else:
            # Whoever paid is refunded.
            note = line.sudo().refund_ids
            self.assertEqual(note.partner_id, invoice.partner_id)

    def test_an_invoice_of_several_orders(self):
        orders = self.env["sale.order"].concat(
            *(self._sell_many((self.helmet, 2)) for _order in range(2))
        )
        invoice = orders._create_invoices()
        invoice.action_post()
        self.assertEqual(len(invoice), 1)
        asset = self._get_assets(orders[1])
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.quantity = 2
        line.action_create_refund()
        note = line.sudo().refund_ids
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.amount_untaxed, 90)
        credited = note.invoice_line_ids.aftersales_reversed_line_id
        self.assertEqual(credited.sale_line_ids.order_id, orders[1])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_claim(asset)

    def test_lines_of_a_section_stay_out(self):
        order = self._sell_many((self.helmet, 1))
        order.order_line = [
            Command.create(
                {"display_type": f"line_{kind}", "name": "Gift wrap", "sequence": 1}
            )
            for kind in ("section", "note")
        ]
        order.invalidate_recordset(["order_line"])
        invoice = self._invoice(order)
        self.assertGreater(len(invoice.invoice_line_ids), 1)
        line = self._create_claim(self._get_assets(order)).line_ids
        line.with_user(self.agent).action_create_refund()
        self.assertEqual(line.refund_ids.invoice_line_ids.product_id, self.helmet)
        self.assertEqual(len(line.refund_ids.invoice_line_ids), 1)
