# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.tests import tagged, warmup
from odoo.tools import mute_logger

from .common import AftersalesCommon
from .common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestRepairAtOnce(ConcurrencyCase):
    def setUp(self):
        super().setUp()
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

    def test_a_visit_is_not_told_twice_at_once(self):
        visit = fields.Datetime.now() + timedelta(days=2)
        with self.registry.cursor() as cr:
            self._get_repair(cr).write(
                {
                    "service_mode": "onsite",
                    "schedule_date": visit,
                    "appointment_date": visit,
                }
            )
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_repair(second)
            self.assertTrue(late.appointment_date)
            late.appointment_date = late.schedule_date + timedelta(hours=1)
            late.env.flush_all()
            with mute_logger("odoo.sql_db"), self.assertRaises(LockError):
                self._get_repair(first)._send_appointments()
            first.rollback()
            second.rollback()

    def test_two_technicians_each_have_their_clock(self):
        with self.registry.cursor() as cr:
            users = self._get_env(cr)["res.users"].create(
                [
                    {
                        "name": name,
                        "login": name,
                        "group_ids": [
                            Command.link(
                                self._get_env(cr)
                                .ref("aftersales_service.group_technician")
                                .id
                            )
                        ],
                    }
                    for name in ("at_once_one", "at_once_two")
                ]
            )
            self.user_ids = users.ids
            self._get_repair(cr).user_id = False
        self.addCleanup(self._remove_users)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            one, two = (
                self._get_repair(cr).with_user(user_id)
                for cr, user_id in zip((first, second), self.user_ids, strict=True)
            )
            one.action_start_work()
            with mute_logger("odoo.sql_db"), self.assertRaises(LockError):
                two.action_start_work()
            first.rollback()
            second.rollback()

    def _remove_users(self):
        with self.registry.cursor() as cr:
            users = self._get_env(cr)["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()


#: What the core alone asks for each repair of one part that is started and ended,
#: measured in a database without our addons.
CORE_QUERIES = 20
#: What is added where kits are repaired with: the core looks for bills of materials at
#: every write of a repair, five times by itself and twice for the moments we note.
KIT_QUERIES = 7


@tagged("post_install", "-at_install")
class TestRepairBudget(AftersalesCommon):
    def _prepare_repair(self):
        return {
            "partner_id": self.customer.id,
            "product_id": self.helmet.id,
            "product_location_src_id": self.customer.property_stock_customer.id,
            "product_location_dest_id": self.customer.property_stock_customer.id,
        }

    def _create_repairs(self, count):
        values = self._prepare_repair()
        return self.env["repair.order"].create([values for _number in range(count)])

    def _create_claimed_repairs(self, count):
        """With all of ours: claim, coverage, labour, charge and checks."""
        assets = self.env["aftersales.asset"].create(
            [
                {"partner_id": self.customer.id, "product_id": self.helmet.id}
                for _number in range(count)
            ]
        )
        claims = self.env["aftersales.claim"].union(
            *(self._create_claim(asset) for asset in assets)
        )
        for line in claims.line_ids:
            line._override_coverage(
                {"parts": 100, "labour": 50, "travel": 0, "transport": 0}, "Test"
            )
        claims.line_ids.action_create_repair()
        repairs = claims.line_ids.repair_ids
        self.env["aftersales.repair.labour"].create(
            [
                {
                    "repair_id": repair.id,
                    "technician_id": self.technician.id,
                    "hours": 1,
                }
                for repair in repairs
            ]
        )
        self.env["aftersales.repair.charge"].create(
            [
                {"repair_id": repair.id, "product_id": self.travel.id}
                for repair in repairs
            ]
        )
        repairs.user_id = self.technician
        return repairs

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.travel = cls.env["product.product"].create(
            {"name": "Way there", "type": "service", "aftersales_charge": "travel"}
        )
        cls.env["aftersales.checklist"].create(
            {"name": "All", "line_ids": [Command.create({"name": "It works"})]}
        )

    def _count_queries(self, create, count, user):
        repairs = create(count)
        for repair in repairs:
            repair.move_ids = [
                Command.create(
                    {
                        "product_id": self.battery.id,
                        "product_uom_qty": 1,
                        "repair_line_type": "add",
                    }
                )
            ]
        self._stock(self.battery, count)
        repairs = repairs.browse(repairs.ids).with_user(user)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        repairs.action_repair_start()
        repairs.check_ids.result = "ok"
        repairs.action_repair_end()
        self.env.flush_all()
        self.assertEqual(set(repairs.mapped("state")), {"done"})
        return self.env.cr.sql_log_count - before

    def _get_growth(self, create, user):
        """Queries that each further repair of a batch costs."""
        self._count_queries(create, 2, user)
        few = self._count_queries(create, 10, user)
        many = self._count_queries(create, 50, user)
        return (many - few) // 40

    def _get_core_queries(self):
        has_kits = "bom_line_id" in self.env["stock.move"]._fields
        return CORE_QUERIES + (KIT_QUERIES if has_kits else 0)

    @warmup
    def test_a_repair_costs_no_more_queries_than_the_cores(self):
        growth = self._get_growth(self._create_repairs, self.env.user)
        self.assertLessEqual(growth, self._get_core_queries() + 1)

    @warmup
    def test_claim_coverage_labour_and_checks_cost_a_bounded_number_more(self):
        growth = self._get_growth(self._create_claimed_repairs, self.technician)
        self.assertLessEqual(growth, self._get_core_queries() + 18)
