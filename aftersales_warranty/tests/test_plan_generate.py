# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common_plan import PlanCommon

MIXIN = "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestPlanGenerate(PlanCommon):
    """What is due gets its visit and its repair order: once, whatever happens."""

    def _plan_due(self, serial="EB-1", **values):
        asset = self.asset if serial == "EB-1" else self._create_asset(serial)
        return self._create_plan(asset, **{"date_start": date(2026, 2, 5), **values})

    def _leave(self, start, end, user=None):
        """Time off between two local days, of everybody or of `user`."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "resource_id": user.resource_ids[:1].id if user else False,
                "date_from": datetime.combine(start, datetime.min.time()),
                "date_to": datetime.combine(end, datetime.max.time()),
            }
        )

    def _resource(self, user):
        return self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "tz": "Europe/Madrid",
            }
        )

    # -- what is made

    def test_a_visit_is_planned_days_ahead(self):
        checklist = self.env["aftersales.checklist"].create(
            {
                "name": "Yearly",
                "line_ids": [Command.create({"name": "Tighten the chain"})],
            }
        )
        plan = self._plan_due(
            hours=2.0,
            instructions="<p>Ring twice</p>",
            checklist_id=checklist.id,
            part_ids=[Command.create({"product_id": self.battery.id, "quantity": 2})],
        )
        with freeze_time("2026-02-25 10:00:00"):
            self._run_cron()
            self.assertFalse(plan.visit_ids)
        self._run_cron()
        visit = plan.visit_ids
        self.assertEqual((visit.due_date, visit.state), (date(2026, 3, 5), "planned"))
        self.assertEqual(plan.next_date, date(2026, 4, 5))
        repair = visit.repair_id
        # A Thursday morning at eight on the wall.
        self.assertEqual(repair.schedule_date, datetime(2026, 3, 5, 7))
        self.assertEqual(repair.user_id, self.technician)
        self.assertEqual(
            (repair.service_kind, repair.service_mode, repair.estimated_hours),
            ("preventive", "onsite", 2.0),
        )
        self.assertEqual(repair.asset_id, self.asset)
        self.assertEqual(repair.lot_id, self.asset.lot_id)
        self.assertEqual(repair.move_ids.product_id, self.battery)
        self.assertEqual(repair.move_ids.product_uom_qty, 2)
        self.assertEqual(repair.move_ids.repair_line_type, "add")
        self.assertEqual(repair.check_ids.name, "Tighten the chain")
        self.assertIn("Ring twice", repair.internal_notes)

    def test_the_hour_is_that_of_the_wall_on_both_sides_of_the_change(self):
        friday = self._plan_due(date_start=date(2026, 2, 27))
        monday = self._create_plan(
            self._create_asset("EB-9", self._create_far()), date_start=date(2026, 2, 28)
        )
        monday.write({"interval_number": 30, "interval_unit": "day"})
        with freeze_time("2026-03-24 10:00:00"):
            self._run_cron()
        self.assertEqual(friday.visit_ids.planned_date, datetime(2026, 3, 27, 7))
        self.assertEqual(monday.visit_ids.planned_date, datetime(2026, 3, 30, 6))

    def _create_far(self):
        return self.env["res.partner"].create({"name": "Far", "city": "Girona"})

    def test_the_cron_generates_nothing_twice(self):
        plans = self._plan_due() | self._plan_due("EB-2")
        for _again in range(3):
            self._run_cron()
        self.assertEqual(len(plans.visit_ids), 2)
        self.assertEqual(len(plans.visit_ids.repair_id), 2)
        visit = plans[0].visit_ids
        for values in ({"number": 9}, {"due_date": date(2030, 1, 1)}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["aftersales.plan.visit"].create(
                    {
                        "plan_id": visit.plan_id.id,
                        "number": visit.number,
                        "due_date": visit.due_date,
                        "company_id": visit.company_id.id,
                        "partner_id": visit.partner_id.id,
                        **values,
                    }
                )

    def test_a_poisoned_plan_stops_no_other(self):
        plans = [self._plan_due(f"EB-{n}") for n in (1, 2, 3)]
        Plan = self.registry["aftersales.plan"]
        plain, error = Plan._prepare_due_visits, "poisoned"

        def prepare(plan):
            if plan == plans[1]:
                raise UserError(error)
            return plain(plan)

        self.patch(Plan, "_prepare_due_visits", prepare)
        with mute_logger(MIXIN):
            self._run_cron()
        self.assertEqual([len(plan.visit_ids) for plan in plans], [1, 0, 1])
        self.assertEqual(plans[1].error, "poisoned")
        self.assertIn("poisoned", plans[1].warning)
        # It is tried again the next day, and the error goes away.
        self.patch(Plan, "_prepare_due_visits", plain)
        with freeze_time("2026-03-03 10:00:00"):
            self._run_cron()
        self.assertEqual(len(plans[1].visit_ids), 1)
        self.assertFalse(plans[1].error)

    def test_what_the_cron_missed_is_noted_and_not_made_up_for(self):
        plan = self._plan_due(interval_number=1, interval_unit="week")
        with freeze_time("2026-04-01 10:00:00"):
            self._run_cron()
        visits = self._get_visits(plan)
        self.assertEqual(
            [(visit.due_date.isoformat(), visit.state) for visit in visits],
            [
                ("2026-03-05", "skipped"),
                ("2026-03-12", "skipped"),
                ("2026-03-19", "skipped"),
                ("2026-03-26", "planned"),
                ("2026-04-02", "planned"),
            ],
        )
        self.assertEqual(visits[0].skip_reason, "missed")
        self.assertFalse(visits[0].repair_id)
        self.assertEqual(plan.skipped_count, 3)

    def test_costs_only_what_is_due(self):
        self._plan_due()
        domain = self.env["aftersales.plan"]._get_due_domain()
        self._run_cron()
        assets = [self._create_asset(f"X-{n}") for n in range(30)]
        for asset in assets:
            self._create_plan(asset, date_start=date(2026, 3, 1), interval_number=6)
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["aftersales.plan"]._search(domain)
        self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
        explained = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("aftersales_plan_due_idx", explained)

    def test_what_is_not_due_costs_the_cron_nothing(self):
        def run(numbers):
            for number in numbers:
                self._plan_due(f"DUE-{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run_cron()
            return self.env.cr.sql_log_count - before

        run(range(3))
        few = run(range(3, 6))
        self.env["aftersales.plan"].create(
            [
                {
                    "name": "Later",
                    "asset_id": self.asset.id,
                    "date_start": date(2026, 3, 1),
                    "interval_number": 6,
                }
                for _number in range(300)
            ]
        )._action_start()
        self.assertLess(run(range(6, 9)), few + 30)

    def _count_queries(self, plans):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        plans._generate()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_plans_and_places_at_once(self):
        """What is asked about people, time and trips is asked once a batch."""
        self._count_queries(self._plan_due())
        one = self._count_queries(self._plan_due("EB-2"))
        ten = [self._plan_due(f"EB-{n}") for n in range(3, 13)]
        many = self._count_queries(self.env["aftersales.plan"].union(*ten))
        # A repair order has its own price; ten of them are less than ten singles.
        self.assertLess(many, one * 4)

    # -- fixed or floating

    def _do(self, visit, moment):
        with freeze_time(moment):
            repair = visit.repair_id
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_end()

    def test_fixed_dates_stay_whenever_the_work_is_done(self):
        plan = self._plan_due()
        self._run_cron()
        self._do(plan.visit_ids, "2026-03-20 10:00:00")
        visit = plan.visit_ids
        self.assertEqual((visit.state, visit.outcome), ("done", "late"))
        self.assertEqual((visit.done_date, visit.days_late), (date(2026, 3, 20), 15))
        self.assertEqual(plan.next_date, date(2026, 4, 5))
        self.assertEqual(plan.late_count, 1)

    def test_an_early_visit_makes_up_for_no_late_one(self):
        plan = self._plan_due()
        self._run_cron()
        self._do(plan.visit_ids, "2026-03-01 10:00:00")
        visit = plan.visit_ids
        self.assertEqual((visit.outcome, visit.days_late), ("on_time", 0))

    def test_floating_dates_follow_the_work(self):
        plan = self._plan_due(basis="floating")
        self._run_cron()
        # Nobody knows before the work is done.
        self.assertFalse(plan.next_date)
        with freeze_time("2026-04-20 10:00:00"):
            self._run_cron()
        self.assertEqual(len(plan.visit_ids), 1)
        self._do(plan.visit_ids, "2026-03-09 10:00:00")
        self.assertEqual(plan.visit_ids.outcome, "on_time")
        self.assertEqual(plan.next_date, date(2026, 4, 9))

    def test_a_skipped_visit_is_counted_and_the_plan_goes_on(self):
        plan = self._plan_due(basis="floating")
        self._run_cron()
        visit = plan.visit_ids
        visit.with_user(self.agent).action_skip()
        self.assertEqual((visit.state, visit.outcome), ("skipped", "skipped"))
        self.assertEqual(visit.repair_id.state, "cancel")
        self.assertEqual(plan.next_date, date(2026, 4, 5))

    def test_a_cancelled_repair_order_skips_its_visit(self):
        plan = self._plan_due()
        self._run_cron()
        visit = plan.visit_ids
        visit.repair_id.with_user(self.agent).action_repair_cancel()
        self.assertEqual((visit.state, visit.skip_reason), ("skipped", "order"))
        visit.repair_id.with_user(self.agent).action_repair_cancel_draft()
        self.assertEqual(visit.state, "planned")
        self._run_cron()
        self.assertEqual(len(plan.visit_ids), 1)

    def test_a_deleted_repair_order_skips_its_visit(self):
        plan = self._plan_due()
        self._run_cron()
        plan.visit_ids.repair_id.unlink()
        self.assertEqual(plan.visit_ids.state, "skipped")

    def test_done_visits_are_maintenance_for_the_warranty(self):
        plan = self._plan_due()
        self._run_cron()
        self._do(plan.visit_ids, "2026-03-05 10:00:00")
        dates = self.env["aftersales.coverage"]._get_maintenance_dates(self.asset)
        self.assertEqual(dates[self.asset], [date(2026, 3, 5)])

    def test_overdue(self):
        plan = self._plan_due()
        self._run_cron()
        visit = plan.visit_ids
        self.assertFalse(visit.is_overdue)
        with freeze_time("2026-03-11 10:00:00"):
            visit.invalidate_recordset(["is_overdue"])
            self.assertTrue(visit.is_overdue)
            found = self.env["aftersales.plan.visit"].search(
                [("is_overdue", "=", True), ("plan_id", "=", plan.id)]
            )
            self.assertEqual(found, visit)

    # -- when and who

    def test_neighbours_are_served_by_one_trip(self):
        marta = self._plan_due()
        jordi = self._create_plan(
            self._create_asset("EB-2", self.stranger), date_start=date(2026, 2, 6)
        )
        far = self._create_plan(
            self._create_asset("EB-3", self._create_far()), date_start=date(2026, 2, 6)
        )
        self._run_cron()
        visits = (marta | jordi | far).visit_ids
        self.assertEqual(visits.technician_id, self.technician)
        self.assertEqual(marta.visit_ids.planned_end, jordi.visit_ids.planned_date)
        # Friday is the day of the one in Girona.
        self.assertEqual(far.visit_ids._get_day(), date(2026, 3, 6))

    def test_a_visit_due_later_joins_the_trip_of_another_night(self):
        self._plan_due()
        self._run_cron()
        other = self._create_plan(
            self._create_asset("EB-2", self.stranger), date_start=date(2026, 2, 9)
        )
        self._run_cron()
        self.assertEqual(other.visit_ids.due_date, date(2026, 3, 9))
        self.assertEqual(other.visit_ids._get_day(), date(2026, 3, 5))

    def test_holidays_and_leave_are_skipped(self):
        self._leave(date(2026, 3, 5), date(2026, 3, 6))
        plan = self._plan_due()
        self._run_cron()
        self.assertEqual(plan.visit_ids._get_day(), date(2026, 3, 9))

    def test_the_technician_s_leave_is_skipped(self):
        self._resource(self.technician)
        self._leave(date(2026, 3, 4), date(2026, 3, 10), self.technician)
        plan = self._plan_due()
        self._run_cron()
        self.assertEqual(plan.visit_ids._get_day(), date(2026, 3, 11))
        # A colleague who is there goes at once.
        colleague = self._create_user("pau", "aftersales_service.group_technician")
        other = self._create_plan(
            self._create_asset("EB-2", self._create_far()), date_start=date(2026, 2, 5)
        )
        self._run_cron()
        self.assertEqual(other.visit_ids._get_day(), date(2026, 3, 5))
        self.assertEqual(other.visit_ids.technician_id, colleague)

    def test_the_preferred_technician_goes_who_has_other_work_then(self):
        eva = self._create_user("eva", "aftersales_service.group_technician")
        busy = self.env["repair.order"].create(
            {
                "product_id": self.bike.id,
                "partner_id": self.customer.id,
                "user_id": eva.id,
                "schedule_date": datetime(2026, 3, 5, 7),
                "estimated_hours": 2.0,
            }
        )
        plan = self._plan_due(technician_id=eva.id)
        self._run_cron()
        self.assertEqual(plan.visit_ids.technician_id, eva)
        self.assertEqual(plan.visit_ids.planned_date, busy.schedule_end)

    def test_whoever_repairs_other_products_is_not_sent(self):
        self.technician.aftersales_skill_ids = self.env["product.category"].create(
            {"name": "Ovens"}
        )
        eva = self._create_user("eva", "aftersales_service.group_technician")
        plan = self._plan_due()
        self._run_cron()
        self.assertEqual(plan.visit_ids.technician_id, eva)

    def test_when_nobody_works_the_visit_is_not_lost(self):
        self._leave(date(2026, 3, 1), date(2026, 12, 31))
        plan = self._plan_due()
        self._run_cron()
        visit = plan.visit_ids
        self.assertEqual(visit.planned_date, datetime(2026, 3, 5, 8))
        self.assertFalse(visit.technician_id)

    def test_visits_of_one_plan_are_never_on_one_day(self):
        for number, unit, tolerance in ((1, "week", 7), (3, "day", 7), (1, "day", 0)):
            with self.subTest(number=number, unit=unit):
                plan = self._plan_due(
                    f"{number}{unit}",
                    date_start=date(2026, 3, 2),
                    interval_number=number,
                    interval_unit=unit,
                    lead_days=60,
                    tolerance_days=tolerance,
                    hours=0.5,
                )
                self._run_cron()
                visits = self._get_visits(plan)
                done = visits.filtered(lambda visit: visit.state == "planned")
                days = [visit._get_day() for visit in done]
                self.assertEqual(len(set(days)), len(days))
                self.assertEqual(days, sorted(days))
                self.assertLess(max(day.weekday() for day in days), 5)
                late = [(v._get_day() - v.due_date).days for v in done]
                self.assertLessEqual(max(late), 6)
                self.assertGreaterEqual(min(late), -3)
                left = visits - done
                self.assertEqual(
                    set(left.mapped("skip_reason")),
                    {"overtaken"} if unit == "day" and number == 1 else set(),
                )
                self.assertFalse(left.repair_id)

    def test_full_days_are_the_planner_s_to_solve(self):
        """Nothing is dropped, by the button or by the cron, because days are full."""
        self.env["repair.order"].create(
            {
                "product_id": self.bike.id,
                "partner_id": self.customer.id,
                "user_id": self.technician.id,
                "schedule_date": "2026-03-02 07:00:00",
                "estimated_hours": 900.0,
            }
        )
        for number in (3, 5):
            for by_hand in (True, False):
                with self.subTest(number=number, by_hand=by_hand):
                    plan = self._plan_due(
                        f"{number}-{by_hand}",
                        date_start=date(2026, 3, 2),
                        interval_number=number,
                        interval_unit="day",
                        lead_days=20,
                        user_id=self.agent.id,
                    )
                    if by_hand:
                        plan.with_user(self.agent).action_generate()
                    else:
                        self._run_cron()
                    visits = plan.visit_ids
                    self.assertGreater(len(visits), 3)
                    self.assertEqual(set(visits.mapped("state")), {"planned"})
                    self.assertEqual(set(visits.mapped("tell_state")), {"no_time"})
                    self.assertTrue(all(visit.repair_id for visit in visits))
                    self.assertEqual(len(plan.activity_ids), 1)

    def test_the_button_tells_nobody_of_what_is_left_out(self):
        plan = self._plan_due(
            date_start=date(2026, 3, 2),
            interval_number=1,
            interval_unit="day",
            tolerance_days=0,
            hours=0.5,
        )
        plan.with_user(self.agent).action_generate()
        left = plan.visit_ids.filtered(lambda visit: visit.state == "skipped")
        self.assertEqual(set(left.mapped("skip_reason")), {"overtaken"})
        self.assertFalse(left.filtered(lambda visit: visit.tell_state == "told"))

    def test_a_week_of_leave_is_waited_for(self):
        self._leave(date(2026, 3, 1), date(2026, 3, 15))
        plan = self._plan_due(interval_number=2, interval_unit="week", lead_days=30)
        self._run_cron()
        # Due on the 19th of February and of March, and on the 5th in between.
        visits = self._get_visits(plan)
        self.assertEqual(
            [visit._get_day() for visit in visits][:2],
            [date(2026, 3, 16), date(2026, 3, 19)],
        )

    def test_nobody_is_told_of_a_day_on_which_nobody_comes(self):
        """No working day for months: the planner is asked, once, and then tells."""
        self._leave(date(2026, 3, 1), date(2026, 12, 31))
        plan = self._plan_due(user_id=self.agent.id)
        for _night in range(2):
            self._run_cron()
        visit = plan.visit_ids
        self.assertEqual((visit.tell_state, visit.state), ("no_time", "planned"))
        self.assertFalse(self.asset._get_portal_visit())
        task = plan.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.agent))
        self.assertIn("Nobody has time for Marta", task.summary)
        mine = visit.with_user(self.agent)
        mine.repair_id.write(
            {"user_id": self.technician.id, "schedule_date": "2026-03-06 09:00:00"}
        )
        mine.action_tell()
        self.assertEqual(visit.tell_state, "told")
        self.assertFalse(plan.activity_ids)
        self.assertEqual(self.asset._get_portal_visit(), visit)

    def test_what_takes_more_than_a_day_is_planned_all_the_same(self):
        plan = self._plan_due(hours=20.0)
        self._run_cron()
        self.assertEqual(plan.visit_ids._get_day(), date(2026, 3, 5))
        self.assertEqual(plan.visit_ids.repair_id.estimated_hours, 20.0)

    def test_without_technicians_the_company_s_hours_count(self):
        self.patch(
            self.registry["res.company"],
            "_get_aftersales_workers",
            lambda company: company.env["res.users"],
        )
        plan = self._plan_due()
        self._run_cron()
        self.assertEqual(plan.visit_ids.planned_date, datetime(2026, 3, 5, 7))
        self.assertFalse(plan.visit_ids.technician_id)

    def test_an_agent_plans_what_is_due_without_waiting_for_the_night(self):
        plan = self._plan_due()
        self.assertTrue(plan.with_user(self.agent).is_due)
        plan.with_user(self.agent).action_generate()
        self.assertEqual(len(plan.visit_ids), 1)
        self.assertEqual(plan.visit_ids.tell_state, "told")
        plan.with_user(self.agent).action_generate()
        self.assertEqual(len(plan.visit_ids), 1)

    def test_each_company_has_its_own_today(self):
        """In Auckland it is the day after: what is due there is due by then."""
        plan = self._plan_due(lead_days=0)
        with freeze_time("2026-03-04 12:00:00"):
            self._run_cron()
            self.assertFalse(plan.visit_ids)
            self.company.partner_id.tz = "Pacific/Auckland"
            self._run_cron()
        self.assertEqual(plan.visit_ids.due_date, date(2026, 3, 5))
        self.assertGreater(
            plan.visit_ids.planned_date, datetime(2026, 3, 4, 12) + timedelta(hours=1)
        )
