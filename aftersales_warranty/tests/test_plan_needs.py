# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_plan import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestPlanNeeds(PlanCommon):
    """What plans ask for is in the need of spare parts, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock(cls.battery, 10)

    def _get_need(self):
        needs = self.env["aftersales.part.need"].with_user(self.agent)
        found = needs.search(needs.action_open()["domain"])
        return found.filtered(lambda need: need.product_id == self.battery)

    def _plan(self):
        return self._create_plan(
            date_start=date(2026, 2, 5),
            part_ids=[Command.create({"product_id": self.battery.id, "quantity": 2})],
        )

    def test_visits_to_come_need_their_parts(self):
        plan = self._plan()
        # On the 5th of March, April and May.
        self.assertEqual(self._get_need().planned, 6)
        self._run_cron()
        self.assertTrue(plan.visit_ids.repair_id)
        self.assertEqual(self._get_need().planned, 6)
        plan.visit_ids.repair_id.action_validate()
        need = self._get_need()
        self.assertEqual((need.planned, need.needed), (6, 6))
        plan.action_pause()
        self.assertFalse(self._get_need())

    def test_a_service_without_a_plan_comes_before(self):
        plan = self._plan()
        self._run_cron()
        day = plan.visit_ids._get_day()
        self.assertEqual(self.asset._get_next_visit_dates(), {self.asset: day})
        self.env["repair.order"].create(
            {
                "asset_id": self.asset.id,
                "product_id": self.bike.id,
                "lot_id": self.asset.lot_id.id,
                "partner_id": self.customer.id,
                "service_kind": "preventive",
                "schedule_date": "2026-03-03 09:00:00",
            }
        )
        self.assertEqual(
            self.asset._get_next_visit_dates(), {self.asset: date(2026, 3, 3)}
        )
