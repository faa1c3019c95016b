# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestPlanConcurrency(ConcurrencyCase):
    """Two crons, or a cron and a planner, at the same moment."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Planned Once"})
            product = env["product.product"].create({"name": "Planned Once"})
            asset = env["aftersales.asset"].create(
                {"partner_id": partner.id, "product_id": product.id}
            )
            today = env.company._aftersales_today()
            plan = env["aftersales.plan"].create(
                {
                    "name": "Planned Once",
                    "asset_id": asset.id,
                    "date_start": today - timedelta(days=25),
                    "interval_number": 30,
                    "interval_unit": "day",
                }
            )
            plan.action_start()
            self.plan_id = plan.id

    def _get_plan(self, cr):
        return self._get_env(cr)["aftersales.plan"].browse(self.plan_id)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            plan = self._get_plan(cr)
            asset, repairs = plan.asset_id, plan.visit_ids.repair_id
            product, partner = asset.product_id, asset.partner_id
            plan.visit_ids.unlink()
            repairs.action_repair_cancel()
            repairs.unlink()
            plan.unlink()
            asset.unlink()
            product.product_tmpl_id.unlink()
            partner.unlink()

    def _count(self):
        with self.registry.cursor() as cr:
            visits = self._get_plan(cr).visit_ids
            self.assertEqual(len(visits.repair_id), len(visits))
            return len(visits)

    def test_a_plan_that_is_worked_on_is_left_alone(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._get_plan(first).action_generate()
            plan = self._get_plan(second)
            self.assertFalse(plan.try_lock_for_update())
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                second.execute("SET lock_timeout = '100ms'")
                plan.action_generate()
            second.rollback()
        self.assertEqual(self._count(), 1)

    def test_who_has_not_seen_the_other_s_visit_makes_none(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            plan = self._get_plan(second)
            # The second transaction has begun, and sees no visit.
            self.assertFalse(plan.visit_ids)
            self._get_plan(first).action_generate()
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                plan.action_generate()
            second.rollback()
        self.assertEqual(self._count(), 1)
