# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged, warmup
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepairAtOnce(BaseCase):
    """With real transactions, which commit; what they made is deleted after."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Repaired at Once"})
            product = env["product.product"].create({"name": "Repaired at Once"})
            part = env["product.product"].create({"name": "Part Used Once"})
            repair = env["repair.order"].create(
                {
                    "partner_id": partner.id,
                    "product_id": product.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": part.id,
                                "product_uom_qty": 1,
                                "repair_line_type": "add",
                            }
                        )
                    ],
                }
            )
            repair.action_repair_start()
            self.repair_id = repair.id
        self.addCleanup(self._clean_up)

    def _get_env(self, cr):
        cr.execute("SET lock_timeout = '5s'")
        return api.Environment(cr, SUPERUSER_ID, {})

    def _get_repair(self, cr):
        return self._get_env(cr)["repair.order"].browse(self.repair_id)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            repair = self._get_repair(cr)
            products = repair.product_id | repair.move_ids.product_id
            partner = repair.partner_id
            repair.action_repair_cancel()
            repair.move_ids.unlink()
            repair.labour_ids.unlink()
            repair.unlink()
            products.product_tmpl_id.unlink()
            partner.unlink()

    def test_a_repair_that_is_being_ended_is_not_ended_again(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._get_repair(first).action_repair_done()
            with mute_logger("odoo.sql_db"), self.assertRaises(LockError):
                self._get_repair(second).action_repair_done()
            first.rollback()
            second.rollback()

    def test_a_tab_that_began_before_the_other_ended_starts_over(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_repair(second)
            self.assertEqual(late.state, "under_repair")
            self._get_repair(first).findings = "Written in another tab"
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                late.action_repair_done()
            second.rollback()

    def test_goods_are_not_received_twice_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._get_repair(first)._receive_goods()
            with mute_logger("odoo.sql_db"), self.assertRaises(LockError):
                self._get_repair(second)._receive_goods()
            first.rollback()
            second.rollback()


@tagged("post_install", "-at_install")
class TestRepairBudget(AftersalesCommon):
    def _create_repairs(self, count):
        return self.env["repair.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "product_id": self.helmet.id,
                    "product_location_src_id": self.customer.property_stock_customer.id,
                    "product_location_dest_id": (
                        self.customer.property_stock_customer.id
                    ),
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.battery.id,
                                "product_uom_qty": 1,
                                "repair_line_type": "add",
                            }
                        )
                    ],
                }
                for _number in range(count)
            ]
        )

    def _count_queries(self, count):
        repairs = self._create_repairs(count)
        self._stock(self.battery, count)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        repairs.action_repair_start()
        repairs.action_repair_end()
        self.env.flush_all()
        self.assertEqual(set(repairs.mapped("state")), {"done"})
        return self.env.cr.sql_log_count - before

    @warmup
    def test_queries_of_a_batch_grow_little_with_its_size(self):
        self._count_queries(2)
        few, many = self._count_queries(10), self._count_queries(50)
        self.assertLessEqual((many - few) / 40, 25)
