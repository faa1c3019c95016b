# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .common_plan import PlanCommon

DESKTOP, PHONE = "1366x768", "390x844"


@tagged("post_install", "-at_install")
class TestPlanTours(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._aftersales_today()
        cls.bike_on_tour = cls._create_asset("TOUR-1")

    def _create_visit(self):
        plan = self._create_plan(
            self.bike_on_tour,
            name="Tour: service",
            date_start=self.today - timedelta(days=20),
            interval_number=30,
            interval_unit="day",
            lead_days=20,
            user_id=self.agent.id,
        )
        plan.action_generate()
        return plan.visit_ids

    def _use(self, size):
        self.browser_size = size
        self.touch_enabled = size == PHONE

    def test_planner(self):
        self.start_tour(
            "/odoo/preventive-plans", "aftersales_plan_planner", login="test_agent"
        )
        visit = self.bike_on_tour.plan_ids.visit_ids
        self.assertEqual(visit.state, "accepted")
        self.assertEqual(visit.repair_id.state, "confirmed")

    def test_customer_wants_another_day_and_gets_it(self):
        visit = self._create_visit()
        self._use(PHONE)
        self.start_tour("/my", "aftersales_plan_customer", login="test_marta")
        self.assertEqual((visit.state, visit.note), ("proposed", "After ten"))
        # On a weekend nobody would come.
        if visit.wanted_date.weekday() > 4:
            visit.wanted_date += timedelta(days=2)
        wanted = visit.wanted_date
        self._use(DESKTOP)
        self.start_tour(
            "/odoo/planned-visits", "aftersales_plan_wanted", login="test_agent"
        )
        self.assertEqual(visit.state, "accepted")
        self.assertEqual(visit._get_day(), wanted)

    def test_customer_accepts_by_link(self):
        for size in (DESKTOP, PHONE):
            with self.subTest(size=size):
                visit = self._create_visit()
                self._use(size)
                self.start_tour(
                    f"/aftersales/visit/{visit.token}", "aftersales_plan_link"
                )
                self.assertEqual(visit.state, "accepted")
                visit.plan_id.action_end()
