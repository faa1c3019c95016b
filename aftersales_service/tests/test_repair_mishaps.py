# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What goes wrong in a workshop, and by whatever path."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepairMishaps(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.technician.id)
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.worker = cls.repair.with_user(cls.technician)

    def _use(self, product, quantity=1, repair=None):
        (repair or self.worker).move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "repair_line_type": "add",
                }
            )
        ]

    def _end(self):
        self.worker.action_start_work()
        self.worker.action_finish_work()

    def test_a_done_repair_is_neither_cancelled_nor_deleted(self):
        self._use(self.battery)
        self._end()
        with self.assertRaises(UserError):
            self.worker.action_repair_cancel()
        with self.assertRaises(UserError):
            self.repair.unlink()
        self.assertEqual(self.battery.qty_available, 9)

    def test_no_part_is_added_to_a_done_repair(self):
        self._use(self.battery)
        self._end()
        for user in (self.technician, self.agent, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self._use(self.helmet, repair=self.repair.with_user(user))
        with self.assertRaises(UserError):
            self.env["stock.move"].with_user(self.technician).create(
                {
                    "repair_id": self.repair.id,
                    "repair_line_type": "add",
                    "product_id": self.helmet.id,
                    "product_uom_qty": 1,
                }
            )
        self.assertEqual(self.helmet.qty_available, 100)

    def test_a_cancelled_repair_gives_its_parts_free_and_takes_them_again(self):
        self._use(self.battery, 10)
        self.worker.action_start_work()
        self.assertEqual(self.battery.free_qty, 0)
        self.worker.action_repair_cancel()
        self.battery.invalidate_recordset()
        self.assertEqual(self.battery.free_qty, 10)
        self.assertFalse(self.worker.clock_started_on)
        self.worker.action_repair_cancel_draft()
        self._end()
        self.battery.invalidate_recordset()
        self.assertEqual(self.repair.state, "done")
        self.assertEqual(self.battery.qty_available, 0)

    def test_goods_that_are_here_keep_their_repair(self):
        self.env["aftersales.repair.reception"].with_user(self.technician).create(
            {"repair_id": self.repair.id}
        ).action_receive()
        self.assertEqual(self.repair.goods_state, "here")
        self.worker.action_repair_cancel()
        with self.assertRaisesRegex(UserError, "given back first"):
            self.repair.unlink()
        self.worker.action_hand_over_goods()
        self.assertEqual(self.repair.goods_state, "returned")

    def test_a_repair_with_something_lent_stays(self):
        spare = self._create_lot(self.bike, "SPARE")
        self._stock(self.bike, 1, spare)
        loaner = self.env["aftersales.loaner"].create(
            {
                "repair_id": self.repair.id,
                "product_id": self.bike.id,
                "lot_id": spare.id,
                "due_date": self.company._aftersales_today(),
            }
        )
        loaner.action_lend()
        self.worker.action_repair_cancel()
        with self.assertRaisesRegex(UserError, "given back first"):
            self.repair.unlink()
        loaner.action_take_back()
        self.assertEqual(loaner.state, "returned")

    def test_a_technician_who_leaves(self):
        self.worker.action_start_work()
        self.technician.active = False
        self.assertFalse(self.repair.with_user(self.agent).planning_warning is None)
        self.repair.with_user(self.agent).user_id = self.agent
        self.repair.with_user(self.agent).action_repair_end()
        self.assertEqual(self.repair.state, "done")
        self.assertFalse(self.repair.labour_ids.filtered("started_on"))
        self.assertIn(self.technician.name, self.repair.technician_names)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.technician.unlink()

    def test_the_product_changes_while_it_is_a_draft(self):
        repair = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.bike.id,
                "lot_id": self.asset.lot_id.id,
                "user_id": self.technician.id,
            }
        )
        self.assertEqual(repair.asset_id, self.asset)
        repair.write({"product_id": self.helmet.id})
        self.assertFalse(repair.asset_id)
        self.assertFalse(repair.lot_id)

    def test_the_owner_changes_meanwhile(self):
        self.env["aftersales.repair.reception"].with_user(self.technician).create(
            {"repair_id": self.repair.id}
        ).action_receive()
        self.asset.partner_id = self.stranger
        self._end()
        self.worker.action_hand_over_goods()
        went = self.repair.goods_move_ids.filtered(
            lambda m: m.location_dest_id.usage == "customer"
        )
        self.assertEqual(went.picking_id.partner_id, self.customer, "who brought it")

    def test_a_part_without_cost(self):
        free = self._create_product("Screw", "none", 0.0, 0.0)
        self._stock(free, 5)
        self._use(free)
        self._end()
        self.assertEqual(self.repair.parts_cost, 0)

    def test_a_quotation_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2.0, "currency_id": dollar.id}
        )
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        self._use(self.battery)
        self.repair.estimated_hours = 1
        self.repair.with_user(self.agent).action_create_sale_order()
        order = self.repair.sale_order_id
        self.assertEqual(order.currency_id, dollar)
        order.action_confirm()
        self.assertEqual(self.repair.quoted_amount, order.amount_untaxed)
        self.assertEqual(self.repair.quote_currency_id, dollar)
        self.assertFalse(self.repair.quote_warning)
