# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import AftersalesMoneyCommon

REMEDIES = ("action_create_return", "action_create_refund", "action_create_replacement")


@tagged("post_install", "-at_install")
class TestBadInput(AftersalesMoneyCommon):
    """What can't be right gets a clear error, and nothing is half done."""

    def _count_documents(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in (
                "account.move",
                "sale.order",
                "stock.move",
                "stock.picking",
                "mail.mail",
                "aftersales.carrier.claim",
            )
        }

    def _assert_refused(self, line, remedies, message):
        for remedy in remedies:
            before = self._count_documents()
            with self.subTest(remedy=remedy):
                with self.assertRaisesRegex(UserError, message):
                    with self.env.cr.savepoint():
                        getattr(line.with_user(self.agent), remedy)()
                line.invalidate_recordset()
                self.assertEqual((line.state, line.remedy), ("draft", False))
                self.assertEqual(self._count_documents(), before)

    def _sell_invoiced(self, quantity=1, **values):
        order = self._sell_many((self.helmet, quantity), **values)
        self._invoice(order)
        return order

    def test_more_than_delivered(self):
        asset = self._get_assets(self._sell_invoiced(2))
        claim = self._create_claim(asset).with_user(self.agent)
        with self.assertRaisesRegex(ValidationError, "the customer has 2"):
            with self.env.cr.savepoint():
                claim.line_ids.quantity = 3
        # Without the asset the documents set the limit.
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id, "quantity": 3})]
        self._assert_refused(
            claim.line_ids, ("action_create_return",), "than the customer has"
        )
        self._assert_refused(claim.line_ids, ("action_create_refund",), "not known")

    def test_no_numbers(self):
        asset = self._get_assets(self._sell_invoiced(2))
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        for value in (float("nan"), float("inf")):
            with self.subTest(value=value):
                with self.assertRaisesRegex(ValidationError, "must be a number"):
                    line.write({"quantity": value})
        self.assertEqual(line.quantity, 1)

    def test_another_companys_delivery(self):
        other = self.env["res.company"].create({"name": "Sister"})
        self.env.user.company_ids |= other
        here, there = self.env, self.env(context={"allowed_company_ids": other.ids})
        warehouse = there["stock.warehouse"].search([("company_id", "=", other.id)])
        there["stock.quant"]._update_available_quantity(
            self.helmet.with_env(there), warehouse.lot_stock_id, 5
        )
        order = there["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": other.id,
                "warehouse_id": warehouse.id,
                "order_line": [Command.create({"product_id": self.helmet.id})],
            }
        )
        order.action_confirm()
        self._deliver(order.picking_ids)
        asset = there["aftersales.asset"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )
        self.assertEqual(asset.company_id, other)
        claim = self._create_claim().with_user(self.agent)
        self.assertEqual(claim.company_id, self.company)
        claim.line_ids = [Command.create({"product_id": self.helmet.id})]
        self._assert_refused(
            claim.line_ids, ("action_create_return",), "No delivery of"
        )
        with self.assertRaises(UserError), here.cr.savepoint():
            claim.sudo().line_ids.asset_id = asset.with_env(here)

    def test_foreign_currency_without_a_rate(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": pound.id, "name": "2020-01-01", "rate": 1.25}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": pound.id}
        )
        order = self._sell_invoiced(pricelist_id=pricelist.id)
        self.env["res.currency.rate"].search([]).unlink()
        line = self._create_claim(self._get_assets(order)).line_ids
        self._assert_refused(line, ("action_create_refund",), "no rate for GBP")

    def test_closed_fiscal_period(self):
        order = self._sell_invoiced()
        line = self._create_claim(self._get_assets(order)).line_ids
        self.env.flush_all()
        self.company.fiscalyear_lock_date = fields.Date.today() + timedelta(days=2)
        self._assert_refused(line, ("action_create_refund",), "books are closed until")

    def test_archived_product_is_not_sent_again(self):
        order = self._sell_invoiced()
        self.helmet.active = False
        line = self._create_claim(self._get_assets(order)).line_ids
        self._assert_refused(line, ("action_create_replacement",), "still sold")

    def test_archived_customer_gets_no_documents(self):
        order = self._sell_invoiced()
        line = self._create_claim(self._get_assets(order)).line_ids
        self.portal_user.active = False
        self.customer.active = False
        self._assert_refused(line, REMEDIES, "Marta Vidal is archived")

    def test_a_product_that_nobody_chose(self):
        claim = self._create_claim()
        claim.line_ids = [Command.create({"symptom_id": self.symptom.id})]
        self._assert_refused(claim.line_ids, REMEDIES, "which product")

    def test_a_lot_is_returned_as_much_as_was_delivered_of_it(self):
        oil = self._create_product("Chain Oil", "lot", 2.0, 9.0)
        oil.invoice_policy = "delivery"
        lots = [self._create_lot(oil, name) for name in ("LOT-A", "LOT-B")]
        for lot in lots:
            self._stock(oil, 3, lot)
        order = self._sell_many((oil, 5))
        assets = self._get_assets(order)
        self.assertEqual(
            {asset.lot_id.name: asset.quantity for asset in assets},
            {"LOT-A": 3, "LOT-B": 2},
        )
        second = assets.filtered(lambda a: a.lot_id.name == "LOT-B")
        line = self._decide_return(second, 2)
        move = line.sudo().move_ids
        self.assertEqual((move.product_uom_qty, move.lot_ids.name), (2, "LOT-B"))
        self._receive(line)
        self.assertEqual(second.quantity, 0)
        with self.assertRaises(ValidationError):
            self._decide_return(second, 1)
