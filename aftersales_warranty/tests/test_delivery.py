# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What deliveries do to certificates, also those that go another way than planned."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.aftersales_service.tests.common import AftersalesCommon


class DeliveryCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.legal, cls.longer = cls.env["aftersales.warranty.policy"].create(
            [
                {
                    "name": name,
                    "kind": kind,
                    "duration": years,
                    "coverage_ids": [Command.create({"component": "parts"})],
                }
                for name, kind, years in (
                    ("Law", "legal", 3),
                    ("Longer", "extended", 1),
                )
            ]
        )
        cls.bike.aftersales_warranty_policy_ids = cls.legal
        cls.extension = cls.env["product.product"].create(
            {
                "name": "One year more",
                "type": "service",
                "list_price": 99.0,
                "aftersales_extension_policy_id": cls.longer.id,
            }
        )
        cls.bike.optional_product_ids = cls.extension.product_tmpl_id

    @classmethod
    def _order(cls, quantity=1):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                    for product in (cls.bike, cls.extension)
                ],
            }
        )
        order.action_confirm()
        return order

    def _lots(self, *names):
        lots = [self._create_lot(self.bike, name) for name in names]
        for lot in lots:
            self._stock(self.bike, 1, lot)
        return lots

    def _certificates(self, lots):
        return self.env["aftersales.warranty"].search(
            [("lot_id", "in", [lot.id for lot in lots])], order="id"
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestDelivery(DeliveryCommon):
    def test_cancelled_delivery_issues_nothing(self):
        order = self._order()
        lots = self._lots("EB-1")
        order.picking_ids.action_cancel()
        self.assertFalse(self._certificates(lots))
        self.assertFalse(order.order_line.aftersales_warranty_ids)

    def test_order_cancelled_after_the_delivery(self):
        order = self._order()
        lots = self._lots("EB-1")
        self._deliver(order.picking_ids, lots)
        legal, longer = self._certificates(lots)
        self.assertEqual((legal.state, longer.state), ("active", "active"))
        order._action_cancel()
        # The goods are the customer's; the extension is not sold any more.
        self.assertEqual((legal.state, longer.state), ("active", "void"))

    def test_part_of_the_quantity(self):
        order = self._order(quantity=2)
        lots = self._lots("EB-1", "EB-2")
        self._deliver(order.picking_ids.with_context(skip_backorder=True), lots[:1])
        certificates = self._certificates(lots)
        self.assertEqual(certificates.lot_id, lots[0])
        self.assertEqual(certificates.mapped("kind"), ["legal", "extended"])

    def test_date_of_the_delivery_is_corrected(self):
        order = self._order()
        lots = self._lots("EB-1")
        self._deliver(order.picking_ids, lots)
        legal, longer = self._certificates(lots)
        legal.asset_id.with_user(self.manager).delivery_date = date(2024, 2, 29)
        self.assertRecordValues(
            legal | longer,
            [
                {"date_start": date(2024, 2, 29), "date_end": date(2027, 2, 28)},
                {"date_start": date(2027, 3, 1), "date_end": date(2028, 2, 29)},
            ],
        )
        # So far back that it has ended.
        legal.asset_id.delivery_date = date(2020, 1, 1)
        self.assertEqual((legal.state, longer.date_end), ("expired", date(2024, 1, 1)))
        # Nobody knows any more when it was.
        legal.asset_id.delivery_date = False
        self.assertEqual((legal.state, legal.date_end), ("draft", False))

    def test_dates_set_by_hand_stay(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        asset.warranty_ids.date_end = date(2040, 1, 1)
        asset.delivery_date = date(2024, 2, 29)
        self.assertEqual(asset.warranty_ids.date_end, date(2040, 1, 1))
        self.assertEqual(asset.warranty_ids.date_start, date(2026, 6, 1))

    def test_serial_sold_twice(self):
        """Given back and sold to somebody else: each sale has its own warranty."""
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        self._return(asset.picking_id, 1)
        with freeze_time("2026-09-01 10:00:00"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.stranger.id,
                    "order_line": [Command.create({"product_id": self.bike.id})],
                }
            )
            order.action_confirm()
            self._deliver(order.picking_ids, asset.lot_id)
        first, second = self._certificates(asset.lot_id)
        self.assertEqual((first.state, first.void_origin), ("void", "return"))
        self.assertEqual(second.state, "active")
        self.assertEqual(second.partner_id, self.stranger)
        self.assertEqual(second.date_start, date(2026, 9, 1))

    def test_serial_sold_again_to_its_first_owner(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        self._return(asset.picking_id, 1)
        with freeze_time("2027-09-01 10:00:00"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.bike.id})],
                }
            )
            order.action_confirm()
            self._deliver(order.picking_ids, asset.lot_id)
        first, second = self._certificates(asset.lot_id)
        self.assertEqual(first.state, "void")
        self.assertEqual(second.date_start, date(2027, 9, 1))

    def test_lot_that_many_share(self):
        """Two customers with goods of one lot have a certificate each."""
        self.helmet.tracking = "lot"
        self.helmet.aftersales_warranty_policy_ids = self.legal
        lot = self._create_lot(self.helmet, "LOT-1")
        self._stock(self.helmet, 5, lot)
        for partner, quantity in ((self.customer, 2), (self.stranger, 3)):
            order = self.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.helmet.id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            picking = order.picking_ids
            picking.action_assign()
            picking.move_ids.move_line_ids.lot_id = lot
            picking.move_ids.picked = True
            picking.button_validate()
        certificates = self._certificates(lot)
        self.assertEqual(certificates.partner_id, self.customer | self.stranger)
        self.assertEqual(certificates.asset_id.mapped("quantity"), [2, 3])

    def test_extension_for_somebody_else_s_product(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        with self.assertRaisesRegex(ValidationError, "not this customer's"):
            self.env["sale.order"].create(
                {
                    "partner_id": self.stranger.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.extension.id,
                                "aftersales_asset_id": asset.id,
                            }
                        )
                    ],
                }
            )


@tagged("post_install", "-at_install")
class TestDeliveryQueries(DeliveryCommon):
    def _count_queries(self, product, number):
        product.tracking = "serial"
        lots = [
            self._create_lot(product, f"{product.id}-{number}-{index}")
            for index in range(number)
        ]
        for lot in lots:
            self._stock(product, 1, lot)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": number}
                    )
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.picked = True
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.picking_ids.button_validate()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_certificates_cost_a_constant_number_of_queries(self):
        """Issued beside the assets of one delivery: as many for 5 as for 80."""
        bare = self._create_product("Bare", "serial", 10, 20)
        covered = self._create_product("Covered", "serial", 10, 20)
        covered.aftersales_warranty_policy_ids = self.legal
        extra = {}
        for number in (2, 5, 80):  # the first round warms the caches
            extra[number] = self._count_queries(covered, number)
            extra[number] -= self._count_queries(bare, number)
        self.assertEqual(extra[80], extra[5])
        self.assertLessEqual(extra[80], 25)
