# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common_plan import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestPlanCounter(PlanCommon):
    """Care by use: on the day that the readings predict."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counter = cls.env["aftersales.counter"].create(
            {"name": "Working hours", "unit": "h"}
        )
        cls.bike.product_tmpl_id.aftersales_counter_ids = cls.counter

    def _read(self, value, moment, asset=None):
        return self.env["aftersales.reading"].create(
            {
                "asset_id": (asset or self.asset).id,
                "counter_id": self.counter.id,
                "value": value,
                "date": moment,
            }
        )

    def _create_by_counter(self, **values):
        return self._create_plan(
            **{
                "trigger": "counter",
                "counter_id": self.counter.id,
                "counter_interval": 250.0,
                **values,
            }
        )

    def test_bad_input_gets_a_clear_answer(self):
        for values, message in (
            ({"counter_id": False}, "Choose the counter"),
            ({"counter_interval": 0}, "above zero"),
            ({"counter_interval": -5}, "above zero"),
            ({"counter_interval": float("nan")}, "above zero"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self._create_by_counter(start=False, **values)

    def test_where_it_counts_from_can_be_computed_with(self):
        for start in (-1, 1e15, 1e308, float("nan"), float("inf")):
            with (
                self.subTest(start=start),
                self.assertRaisesRegex(ValidationError, "that there can be"),
                self.env.cr.savepoint(),
            ):
                self._create_by_counter(counter_start=start)

    def test_without_readings_it_says_what_is_missing(self):
        plan = self._create_by_counter()
        self.assertEqual(plan.state, "running")
        self.assertFalse(plan.next_date)
        self.assertIn("Two readings are needed", plan.warning)
        self._read(100, datetime(2026, 2, 1, 10))
        self.assertIn("Two readings are needed", plan.warning)
        self._run_cron()
        self.assertFalse(plan.visit_ids or plan.error)
        self.bike.product_tmpl_id.aftersales_counter_ids = False
        plan.invalidate_recordset(["warning"])
        self.assertIn("has no counter", plan.warning)

    def test_the_date_follows_the_readings(self):
        plan = self._create_by_counter()
        self._read(100, datetime(2026, 2, 1, 10))
        self._read(130, datetime(2026, 2, 21, 10))
        # An hour and a half a day: 120 hours more are 80 days.
        self.assertEqual(plan.next_target, 250)
        self.assertEqual(plan.next_date, date(2026, 5, 12))
        self.assertFalse(plan.warning)
        self._read(220, datetime(2026, 3, 1, 10))
        self.assertLess(plan.next_date, date(2026, 3, 12))
        self._run_cron()
        visit = plan.visit_ids
        self.assertEqual((visit.target, visit.state), (250, "planned"))
        self.assertEqual(plan.next_target, 500)

    def test_what_was_used_before_the_plan_is_no_debt(self):
        self._read(900, datetime(2026, 2, 1, 10))
        self._read(960, datetime(2026, 2, 21, 10))
        plan = self._create_by_counter()
        self.assertEqual(plan.next_target, 1000)
        plan = self._create_by_counter(counter_start=130, start=False)
        self.assertEqual(plan.next_target, 1130)
        with Form(plan) as form:
            form.counter_interval = 1000
        self.assertEqual(plan.next_target, 1130)

    def test_what_was_passed_between_two_readings_is_due_at_once(self):
        for basis in ("fixed", "floating"):
            with self.subTest(basis=basis):
                asset = self._create_asset(f"C-{basis}")
                self._read(100, datetime(2026, 1, 1, 10), asset)
                self._read(200, datetime(2026, 2, 10, 10), asset)
                plan = self._create_by_counter(
                    asset=asset, counter_interval=1000, basis=basis
                )
                self.assertEqual(plan.next_target, 1000)
                self._run_cron()
                self.assertFalse(plan.visit_ids)
                with freeze_time("2026-04-02 10:00:00"):
                    self._read(1400, datetime(2026, 4, 1, 10), asset)
                    self.assertEqual(plan.next_target, 1000)
                    self._run_cron()
                    self.assertEqual(plan.visit_ids.target, 1000)
                    self.assertEqual(plan.visit_ids.due_date, date(2026, 4, 1))
                    if basis == "fixed":
                        self.assertEqual(plan.next_target, 2000)

    def test_what_is_known_only_since_the_start_is_due_at_once(self):
        """The reading that tells it is older than the plan."""
        self._read(100, datetime(2025, 11, 20, 10))
        self._read(200, datetime(2026, 1, 1, 10))
        plan = self._create_by_counter(counter_interval=1000)
        self.assertEqual((plan.next_target, plan.counter_since), (1000, 200))
        self._run_cron()
        reading = self._read(1400, datetime(2026, 3, 1, 10))
        self.assertEqual(plan.next_target, 1000)
        reading.action_reject()
        self.assertFalse(plan.visit_ids)
        self._read(1400, datetime(2026, 3, 1, 11))
        self._run_cron()
        self.assertEqual(
            (plan.visit_ids.target, plan.visit_ids.state), (1000, "planned")
        )
        self.assertEqual(plan.next_target, 2000)
        # What was used while it was paused is no debt either.
        plan.action_pause()
        self._read(2100, datetime(2026, 3, 2, 8))
        plan.action_start()
        self.assertEqual((plan.counter_since, plan.next_target), (2100, 3000))

    def test_the_first_reading_is_no_debt(self):
        plan = self._create_by_counter(counter_interval=1000)
        with freeze_time("2026-04-02 10:00:00"):
            self._read(2400, datetime(2026, 4, 1, 10))
            self.assertEqual(plan.next_target, 3000)

    def test_what_was_passed_while_nobody_looked_is_served_once(self):
        plan = self._create_by_counter()
        self._read(100, datetime(2026, 2, 1, 10))
        self._read(245, datetime(2026, 2, 28, 10))
        self._run_cron()
        self.assertEqual(plan.visit_ids.target, 250)
        self._do(plan.visit_ids, "2026-03-05 10:00:00")
        self._read(1100, datetime(2026, 3, 2, 9))
        # 500 and 750 have passed as well.
        self.assertEqual(plan.next_target, 1000)
        with freeze_time("2026-03-10 10:00:00"):
            self._run_cron()
        self.assertEqual(self._get_visits(plan).mapped("target"), [250, 1000])
        self.assertEqual(plan.next_target, 1250)

    def _do(self, visit, moment):
        with freeze_time(moment):
            repair = visit.repair_id
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_end()

    def test_floating_counts_from_the_reading_at_the_service(self):
        plan = self._create_by_counter(basis="floating")
        self._read(100, datetime(2026, 2, 1, 10))
        self._read(245, datetime(2026, 2, 28, 10))
        self._run_cron()
        visit = plan.visit_ids
        self.assertFalse(plan.next_date or plan.warning)
        with freeze_time("2026-03-09 10:00:00"):
            reading = self._read(280, datetime(2026, 3, 9, 9))
            reading.repair_id = visit.repair_id
            self._do(visit, "2026-03-09 10:00:00")
        self.assertEqual(visit.done_value, 280)
        self.assertEqual(plan.next_target, 530)
        self.assertTrue(plan.next_date)

    def test_parts_ahead(self):
        plan = self._create_by_counter(
            part_ids=[Command.create({"product_id": self.battery.id})]
        )
        self._read(100, datetime(2026, 2, 1, 10))
        self._read(130, datetime(2026, 2, 21, 10))
        needs = plan._get_planned_parts(date(2026, 3, 1), date(2026, 12, 31))
        self.assertEqual(
            [need[2] for need in needs], [date(2026, 5, 12), date(2026, 10, 25)]
        )

    def test_a_template_by_counter(self):
        self._create_template(
            trigger="counter",
            counter_id=self.counter.id,
            counter_interval=500,
            product_tmpl_ids=self.bike.product_tmpl_id.ids,
        )
        plan = self._create_asset("EB-2").plan_ids
        self.assertEqual((plan.trigger, plan.counter_id), ("counter", self.counter))
        self.assertEqual(plan.counter_interval, 500)

    def test_readings_ask_once_for_all_plans(self):
        assets = [self._create_asset(f"C-{n}") for n in range(12)]
        for asset in assets:
            self._create_by_counter(asset=asset)
            self._read(100, datetime(2026, 2, 1, 10), asset)

        plans = self.env["aftersales.plan"].union(*(a.plan_ids for a in assets))

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._plan_next()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(plans[:1])
        self.assertLessEqual(count(plans), count(plans[:2]))
