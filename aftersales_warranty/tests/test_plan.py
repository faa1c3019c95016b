# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestPlan(PlanCommon):
    """When care is due, what becomes of a plan, and what it refuses."""

    def _months(self, *numbers):
        months = self.env["aftersales.plan.month"].search([("number", "in", numbers)])
        return [Command.set(months.ids)]

    def test_an_agent_makes_a_plan_and_starts_it(self):
        with Form(self.env["aftersales.plan"].with_user(self.agent)) as form:
            form.name = "Every half year"
            form.asset_id = self.asset
            form.date_start = date(2026, 2, 28)
            form.interval_number = 6
        plan = form.record
        self.assertEqual(plan.state, "draft")
        # What will be can be seen before it starts.
        self.assertEqual(plan.next_date, date(2026, 8, 28))
        self.assertEqual(plan.company_id, self.asset.company_id)
        plan.action_start()
        self.assertEqual((plan.state, plan.next_date), ("running", date(2026, 8, 28)))
        self.assertEqual(plan.user_id, self.agent)

    def test_what_was_due_before_is_not_made_up_for(self):
        plan = self._create_plan()
        self.assertEqual(plan.next_date, date(2026, 3, 31))
        plan.interval_number = 2
        self.assertEqual(plan.next_date, date(2026, 3, 31))
        plan.interval_unit = "week"
        # Every fortnight from a Friday in January of the year before.
        self.assertEqual(plan.next_date, date(2026, 3, 13))

    def test_seasons(self):
        plan = self._create_plan(
            trigger="season", month_ids=self._months(3, 10), month_day=31
        )
        self.assertEqual(plan.next_date, date(2026, 3, 31))
        plan.month_ids = self._months(2, 11)
        self.assertEqual(plan.next_date, date(2026, 11, 30))
        plan.date_start = date(2027, 1, 1)
        self.assertEqual(plan.next_date, date(2027, 2, 28))

    def test_floating_starts_at_once_when_it_is_overdue(self):
        plan = self._create_plan(basis="floating")
        self.assertEqual(plan.next_date, date(2026, 3, 2))
        plan = self._create_plan(basis="floating", date_start=date(2026, 3, 1))
        self.assertEqual(plan.next_date, date(2026, 4, 1))

    def test_bad_input_gets_a_clear_answer(self):
        for values, message in (
            ({"interval_number": 0}, "Care every 0 days"),
            ({"interval_number": -3}, "Care every -3 days"),
            ({"interval_number": 99999}, "between 1 and 3650"),
            ({"date_end": date(2025, 1, 1)}, "before it starts"),
            ({"trigger": "season"}, "A season needs months"),
            (
                {"trigger": "season", "month_ids": self._months(1), "month_day": 32},
                "between 1 and 31",
            ),
            ({"lead_days": -1}, "between 0 and 365"),
            ({"tolerance_days": 366}, "between 0 and 365"),
            ({"hours": 0}, "more than no time"),
            ({"hours": float("nan")}, "more than no time"),
            ({"interval_number": 10**9}, "between 1 and 3650"),
            ({"date_start": date(9999, 12, 31)}, "can't be planned with"),
            ({"date_start": date(1, 1, 1)}, "can't be planned with"),
            ({"date_end": date(9999, 12, 31)}, "can't be planned with"),
        ):
            with self.subTest(values=values):
                before = self.env["aftersales.plan"].search_count([])
                with (
                    self.assertRaisesRegex(ValidationError, message),
                    self.env.cr.savepoint(),
                ):
                    self._create_plan(start=False, **values)
                self.assertEqual(self.env["aftersales.plan"].search_count([]), before)

    def test_an_asset_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "EB-1"), self.env.cr.savepoint():
            self._create_plan(company_id=other.id)

    def test_what_can_t_be_served_does_not_start(self):
        plan = self._create_plan(start=False)
        self.asset.state = "returned"
        with self.assertRaisesRegex(UserError, "was returned"):
            plan.action_start()
        ended = self._create_plan(self._create_asset("EB-2"))
        ended.action_end()
        with self.assertRaisesRegex(UserError, "Only a draft or paused plan"):
            ended.action_start()

    def test_a_plan_with_visits_is_ended_not_deleted(self):
        plan = self._create_plan(date_start=date(2026, 2, 5))
        self._run_cron()
        self.assertTrue(plan.visit_ids)
        with self.assertRaisesRegex(UserError, "end it instead"):
            plan.with_user(self.manager).unlink()
        self._create_plan(start=False).with_user(self.manager).unlink()

    def test_pausing_calls_off_what_nobody_has_begun(self):
        plan = self._create_plan(date_start=date(2026, 2, 5))
        self._run_cron()
        visit = plan.visit_ids
        plan.with_user(self.agent).action_pause()
        self.assertEqual((plan.state, plan.stop_reason), ("paused", "hand"))
        self.assertFalse(plan.next_date)
        self.assertEqual((visit.state, visit.repair_id.state), ("cancelled", "cancel"))
        # Taken up again the same day is due again.
        plan.action_start()
        self.assertEqual(plan.next_date, date(2026, 3, 5))
        self._run_cron()
        self.assertEqual(
            self._get_visits(plan).mapped("state"), ["cancelled", "planned"]
        )
        self.assertEqual(plan.visit_count, 1)

    def test_a_visit_that_has_begun_is_finished(self):
        plan = self._create_plan(date_start=date(2026, 2, 5))
        self._run_cron()
        repair = plan.visit_ids.repair_id
        repair.action_validate()
        repair.action_repair_start()
        plan.action_end()
        self.assertEqual(plan.visit_ids.state, "planned")
        with self.assertRaisesRegex(UserError, "has begun"):
            plan.visit_ids.action_skip()

    def test_a_plan_ends_with_its_last_day(self):
        plan = self._create_plan(date_start=date(2026, 2, 5), date_end=date(2026, 4, 4))
        self._run_cron()
        # Nothing comes any more; what is planned is still to be done.
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "term"))
        self.assertEqual(plan.visit_ids.state, "planned")

    def test_wear_parts_come_from_the_product_s_list(self):
        plan = self._create_plan(start=False)
        with self.assertRaisesRegex(UserError, "no other wear part"):
            plan.action_add_wear_parts()
        for product, wear in ((self.battery, True), (self.helmet, False)):
            self.env["aftersales.spare.part"].create(
                {
                    "product_tmpl_id": self.bike.product_tmpl_id.id,
                    "product_id": product.id,
                    "quantity": 2,
                    "is_wear": wear,
                }
            )
        plan.with_user(self.agent).action_add_wear_parts()
        self.assertEqual(plan.part_ids.product_id, self.battery)
        self.assertEqual(plan.part_ids.quantity, 2)

    # -- what it asks for

    def test_planned_parts(self):
        plan = self._create_plan(
            date_start=date(2026, 2, 5),
            part_ids=[Command.create({"product_id": self.battery.id, "quantity": 2})],
        )
        self._run_cron()
        visit = plan.visit_ids
        day = visit._get_day()
        needs = self.company._get_planned_parts(date(2026, 3, 1), date(2026, 5, 31))
        self.assertEqual(
            [need for need in needs if need[0] == self.battery],
            [
                (self.battery, 2.0, day),
                (self.battery, 2.0, date(2026, 4, 5)),
                (self.battery, 2.0, date(2026, 5, 5)),
            ],
        )
        # Stock knows of the parts of a confirmed repair by itself.
        visit.repair_id.action_validate()
        needs = plan._get_planned_parts(date(2026, 3, 1), date(2026, 4, 30))
        self.assertEqual(needs, [(self.battery, 2.0, date(2026, 4, 5))])
        plan.action_pause()
        self.assertEqual(
            plan._get_planned_parts(date(2026, 3, 1), date(2026, 5, 31)), []
        )

    def test_planned_parts_of_what_floats(self):
        plan = self._create_plan(
            basis="floating",
            date_start=date(2026, 2, 5),
            part_ids=[Command.create({"product_id": self.battery.id})],
        )
        self._run_cron()
        self.assertFalse(plan.next_date)
        day = plan.visit_ids._get_day()
        needs = plan._get_planned_parts(date(2026, 3, 1), date(2026, 4, 30))
        self.assertEqual([need[2] for need in needs], [date(2026, 4, day.day)])

    def test_next_visit_of_an_asset(self):
        other = self._create_asset("EB-2")
        plan = self._create_plan(date_start=date(2026, 2, 28))
        self.assertEqual(
            (self.asset | other)._get_next_visit_dates(),
            {self.asset: date(2026, 3, 28)},
        )
        with freeze_time("2026-03-22 10:00:00"):
            self._run_cron()
            day = plan.visit_ids._get_day()
            self.assertEqual(self.asset.with_user(self.technician).next_visit_date, day)
        self.assertFalse(other.next_visit_date)

    # -- what it costs

    def test_preventive_against_corrective(self):
        for kind, hours in (("preventive", 1), ("corrective", 3)):
            repair = self.env["repair.order"].create(
                {
                    "product_id": self.bike.id,
                    "lot_id": self.asset.lot_id.id,
                    "asset_id": self.asset.id,
                    "partner_id": self.customer.id,
                    "service_kind": kind,
                    "labour_ids": [
                        Command.create(
                            {"technician_id": self.technician.id, "hours": hours}
                        )
                    ],
                }
            )
            repair.action_validate()
            repair.action_repair_start()
            with mute_logger("odoo.models.unlink"):
                repair.action_repair_end()
        asset = self.asset.with_user(self.agent)
        self.assertEqual((asset.preventive_cost, asset.corrective_cost), (20.0, 60.0))
        rows = self.env["aftersales.repair.report"]._read_group(
            [("asset_id", "=", self.asset.id)],
            ["service_kind"],
            ["total_cost:sum"],
        )
        self.assertEqual(dict(rows), {"preventive": 20.0, "corrective": 60.0})
