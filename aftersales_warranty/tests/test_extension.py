# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestExtension(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.longer = cls._create_policy(
            name="Two years more", kind="extended", duration=2
        )
        cls.service = cls.env["product.product"].create(
            {
                "name": "Two years more",
                "type": "service",
                "list_price": 90,
                "taxes_id": False,
                "aftersales_extension_policy_id": cls.longer.id,
            }
        )
        cls.product.write(
            {
                "list_price": 1000,
                "taxes_id": False,
                "optional_product_ids": cls.service.product_tmpl_id.ids,
            }
        )

    def _order(self, quantity=2, warranties=None):
        """An order of `quantity` products and as many warranties, or fewer."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": quantity}
                    ),
                ],
            }
        )
        order.order_line = [Command.create({"product_id": self.service.id})]
        if warranties:
            order.order_line[1].product_uom_qty = warranties
        return order

    def _deliver(self, order, day=date(2026, 6, 1)):
        main = order.order_line[0]
        return self.env["aftersales.asset"].create(
            [
                self._prepare_asset(sale_line_id=main.id, delivery_date=day)
                for _index in range(int(main.product_uom_qty))
            ]
        )

    def _sold(self, assets):
        return assets.warranty_ids.filtered("sale_line_id")

    def test_bound_to_its_product_and_quantity(self):
        order = self._order()
        main, extra = order.order_line
        self.assertEqual(extra.linked_line_id, main)
        self.assertEqual(extra.product_uom_qty, 2)
        main.product_uom_qty = 5
        self.assertEqual(extra.product_uom_qty, 5)
        extra.product_uom_qty = 1
        main.product_uom_qty = 3
        self.assertEqual(extra.product_uom_qty, 1)
        with self.assertRaisesRegex(ValidationError, "only 3"):
            extra.product_uom_qty = 4
        main.unlink()
        self.assertFalse(extra.exists())

    def test_fixed_price_or_percent(self):
        order = self._order()
        main, extra = order.order_line
        self.assertEqual(extra.price_unit, 90)
        self.service.aftersales_extension_percent = 12
        order = self._order()
        main, extra = order.order_line
        self.assertEqual(extra.price_unit, 120)
        main.discount = 50
        self.assertEqual(extra.price_unit, 60)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.service.aftersales_extension_percent = -1
            self.env.flush_all()

    def test_the_offer_says_what_it_costs(self):
        order = self._order()
        order.order_line[1].unlink()
        offers = self.env["aftersales.warranty.offer"]
        for percent, price in ((0, 90), (12, 120)):
            self.service.aftersales_extension_percent = percent
            offer = offers.create({"order_id": order.id})
            self.assertEqual(offer.line_ids.price_unit, price)
            self.assertEqual(offer.line_ids.main_product_id, self.product)
        offer.action_confirm()
        self.assertEqual(order.order_line[1].price_unit, 120)

    def test_starts_when_the_earlier_one_ends(self):
        order = self._order()
        order.action_confirm()
        assets = self._deliver(order, date(2024, 2, 29))
        self.assertRecordValues(
            self._sold(assets),
            [
                {
                    "policy_id": self.longer.id,
                    # Five years from the original start: the leap day is not lost.
                    "date_start": date(2027, 3, 1),
                    "date_end": date(2029, 2, 28),
                    "state": "active",
                    "is_valid": False,
                }
            ]
            * 2,
        )
        self.assertEqual(assets[0].warranty_date_end, date(2029, 2, 28))

    def test_moves_with_the_earlier_one(self):
        self.legal.repair_extension_months = 12
        order = self._order(1)
        order.action_confirm()
        asset = self._deliver(order)
        sold = self._sold(asset)
        self.assertEqual(sold.date_start, date(2029, 6, 2))
        earlier = asset.warranty_ids - sold
        repair = self.env["repair.order"].create({"product_id": self.product.id})
        earlier._prolong(repair, 0)
        self.assertEqual(sold.date_start, date(2030, 6, 2))
        self.assertEqual(sold.date_end, date(2032, 6, 1))

    def test_follows_changes_and_cancellation(self):
        order = self._order(2)
        order.action_confirm()
        assets = self._deliver(order)
        self.assertEqual(set(self._sold(assets).mapped("state")), {"active"})
        order.order_line[1].product_uom_qty = 1
        self.assertEqual(self._sold(assets).mapped("state").count("void"), 1)
        order.order_line[1].product_uom_qty = 2
        self.assertEqual(set(self._sold(assets).mapped("state")), {"active"})
        self.assertEqual(len(self._sold(assets)), 2)
        order._action_cancel()
        self.assertRecordValues(
            self._sold(assets), [{"state": "void", "void_origin": "sale"}] * 2
        )

    def test_what_is_not_confirmed_grants_nothing(self):
        assets = self._deliver(self._order())
        self.assertFalse(self._sold(assets))

    def test_offered_to_whoever_sells(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        order = self._order()
        order.order_line[1].unlink()
        order = order.with_user(seller)
        self.assertTrue(order.aftersales_can_offer_warranty)
        action = order.action_offer_warranties()
        form = Form(
            self.env[action["res_model"]]
            .with_user(seller)
            .with_context(**action["context"])
        )
        form.save().action_confirm()
        self.assertEqual(order.order_line[1].product_id, self.service)
        self.assertEqual(order.order_line[1].linked_line_id, order.order_line[0])
        self.assertFalse(order.aftersales_can_offer_warranty)
        order.action_confirm()
        self.assertEqual(len(self._sold(self._deliver(order.sudo()))), 2)

    def test_a_good_is_no_warranty(self):
        with self.assertRaisesRegex(ValidationError, "must be a service"):
            self.product.aftersales_extension_policy_id = self.longer
        with self.assertRaisesRegex(ValidationError, "no extended warranty"):
            self.service.aftersales_extension_policy_id = self.legal

    # -- bought later

    def test_bought_later_while_covered(self):
        asset = self._create_asset()
        offer = asset._get_extension_offers()[0]
        self.assertEqual((offer["product"], offer["price"]), (self.service, 90))
        self.assertEqual(offer["until"], date(2028, 5, 3))
        order = asset._action_extend(self.service)
        self.assertEqual(asset._action_extend(self.service), order)
        self.assertEqual(order.state, "sent")
        order.action_confirm()
        sold = self._sold(asset)
        self.assertEqual(sold.date_start, date(2028, 5, 4))
        self.assertEqual(sold.date_end, date(2030, 5, 3))
        self.assertFalse(asset._get_extension_offers())
        with self.assertRaises(UserError):
            asset._action_extend(self.service)
        order._action_cancel()
        self.assertEqual(sold.state, "void")

    def test_price_later_in_percent_of_what_was_paid(self):
        self.service.aftersales_extension_percent = 10
        order = self._order(1)
        order.order_line[1].unlink()
        order.order_line.discount = 20
        order.action_confirm()
        asset = self._deliver(order)
        self.assertEqual(asset._get_extension_offers()[0]["price"], 80)
        self.assertEqual(asset._action_extend(self.service).amount_untaxed, 80)

    def test_not_after_the_deadline(self):
        self.longer.sale_deadline_days = 30
        for delivered, offered in ((date(2026, 5, 2), True), (date(2026, 5, 1), False)):
            with self.subTest(delivered=delivered):
                asset = self._create_asset(delivery_date=delivered)
                self.assertEqual(bool(asset._get_extension_offers()), offered)

    def test_not_for_what_is_not_covered(self):
        expired = self._create_asset(delivery_date=date(2020, 1, 1))
        returned = self._create_asset()
        returned.state = "returned"
        for asset in expired | returned:
            self.assertFalse(asset._get_extension_offers())

    def test_exchange_carries_what_was_bought(self):
        order = self._order(1)
        order.action_confirm()
        old = self._deliver(order)
        new = self._create_asset(delivery_date=date(2026, 7, 1))
        old._carry_over_to(new)
        self.assertEqual(self._sold(old).state, "void")
        sold = self._sold(new)
        self.assertEqual(sold.date_end, date(2031, 6, 1))
        self.assertEqual(
            sold.follows_id,
            new.warranty_ids.filtered(
                lambda w: w.kind == "legal" and w.state == "active"
            ),
        )
        # Counting again what was sold changes nothing.
        order.order_line[1]._sync_aftersales_warranties()
        self.assertEqual(sold.state, "active")
        self.assertEqual(self._sold(old).state, "void")
