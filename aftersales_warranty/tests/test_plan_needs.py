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

    def test_the_last_visit_of_a_plan_that_ends_needs_its_parts(self):
        plan = self._plan()
        plan.date_end = date(2026, 3, 20)
        self._run_cron()
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "term"))
        self.assertEqual(plan.visit_ids.state, "planned")
        self.assertEqual(self._get_need().planned, 2)
        plan.visit_ids.repair_id.action_validate()
        self.assertEqual(self._get_need().planned, 2)

    def test_what_was_changed_on_the_repair_order_counts(self):
        plan = self._plan()
        self._run_cron()
        plan.visit_ids.repair_id.move_ids.product_uom_qty = 5
        self.assertEqual(self._get_need().planned, 9)

    def test_the_number_of_plans_costs_no_queries(self):
        hours = self.env.ref("aftersales_service.aftersales_counter_hours")
        self.bike.aftersales_counter_ids = hours
        parts = [Command.create({"product_id": self.battery.id})]

        def add(number):
            for serial in range(number):
                asset = self._create_asset(f"N-{number}-{serial}")
                self.env["aftersales.reading"].create(
                    [
                        {
                            "asset_id": asset.id,
                            "counter_id": hours.id,
                            "date": f"2026-0{month}-01 08:00:00",
                            "value": month * 100,
                        }
                        for month in (1, 2)
                    ]
                )
                for values in (
                    {
                        "trigger": "counter",
                        "counter_id": hours.id,
                        "counter_interval": 50,
                    },
                    {"basis": "floating", "date_start": date(2026, 2, 5)},
                ):
                    self._create_plan(asset, part_ids=parts, **values)
            self._run_cron()

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            needs = self.company._get_planned_parts(date(2026, 3, 2), date(2026, 6, 2))
            return self.env.cr.sql_log_count - before, len(needs)

        add(2)
        first, few = cost()
        add(9)
        second, many = cost()
        self.assertGreater(many, 4 * few)
        self.assertEqual(second, first)

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
