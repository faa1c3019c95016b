# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime

from odoo.tests import freeze_time, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestSla(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.sla"].search([]).active = False
        calendar = cls.env["resource.calendar"].create(
            {"name": "Madrid 9 to 18", "tz": "Europe/Madrid", "company_id": False}
        )
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            (
                0,
                0,
                {
                    "name": f"{day} {start}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": end,
                    "day_period": period,
                },
            )
            for day in range(5)
            for start, end, period in ((9, 13, "morning"), (14, 18, "afternoon"))
        ]
        cls.team.resource_calendar_id = calendar
        cls.response = cls.env["aftersales.sla"].create(
            {"name": "Answer in 4 h", "target": "first_response", "hours": 4}
        )
        cls.urgent = cls.env["aftersales.sla"].create(
            {
                "name": "Urgent: solve in 8 h",
                "target": "solved",
                "hours": 8,
                "minimum_priority": "3",
            }
        )

    def _claim_at(self, moment, **values):
        with freeze_time(moment):
            return self._create_claim(**values)

    def _status(self, claim, sla=None):
        return claim.sla_status_ids.filtered(
            lambda s: s.sla_id == (sla or self.response)
        )

    def test_deadline_counts_in_the_teams_hours_and_zone(self):
        # Tuesday 16:00 in Madrid (UTC+1): 2 h today, 2 h tomorrow morning.
        claim = self._claim_at("2026-03-03 15:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 4, 10, 0))
        self.assertEqual(claim.sla_state, "on_track")

    def test_deadline_over_the_change_to_summer_time(self):
        # Friday 16:00 CET; Monday 11:00 is CEST (UTC+2).
        claim = self._claim_at("2026-03-27 15:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 30, 9, 0))

    def test_leaves_of_the_calendar_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.team.resource_calendar_id.id,
                "date_from": "2026-03-03 23:00:00",
                "date_to": "2026-03-04 22:59:59",
            }
        )
        claim = self._claim_at("2026-03-03 15:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 5, 10, 0))

    def test_first_message_of_staff_to_the_customer_stops_the_clock(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        with freeze_time("2026-03-03 10:00:00"):
            claim._send_acknowledgement()
            self.assertFalse(claim.first_response_date)
            as_agent = claim.with_user(self.agent)
            as_agent.message_post(body="A note")
            self.assertFalse(claim.first_response_date)
            as_agent.message_post(
                body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(claim.first_response_date, datetime(2026, 3, 3, 10, 0))
        self.assertEqual(self._status(claim).state, "reached")
        self.assertEqual(claim.sla_state, "met")

    def test_waiting_for_the_customer_pauses(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 3, 14, 0))
        with freeze_time("2026-03-03 10:00:00"):
            claim.stage_id = self.env.ref("aftersales_service.stage_waiting")
            self.assertFalse(claim.sla_deadline)
        with freeze_time("2026-03-04 10:00:00"):
            claim.stage_id = self.env.ref("aftersales_service.stage_in_progress")
        # One hour used before the pause, three left from 11:00 in Madrid.
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 4, 14, 0))

    def test_failed_stays_failed_and_is_escalated_once(self):
        claim = self._claim_at("2026-03-03 09:00:00", user_id=self.agent.id)
        for _time in range(2):
            with freeze_time("2026-03-03 17:00:00"), self.enter_registry_test_mode():
                self.env.ref("aftersales_service.ir_cron_sla").method_direct_trigger()
        self.assertEqual(claim.sla_state, "failed")
        missed = claim.activity_ids.filtered(lambda a: "missed" in a.summary)
        self.assertEqual(missed.user_id, self.manager)
        self.assertEqual(len(missed), 1)
        with freeze_time("2026-03-04 09:00:00"):
            claim.with_user(self.agent).message_post(
                body="Sorry", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(claim.sla_state, "failed")

    def test_warning_before_the_deadline(self):
        claim = self._claim_at("2026-03-03 09:00:00", user_id=self.agent.id)
        with freeze_time("2026-03-03 13:30:00"), self.enter_registry_test_mode():
            self.env.ref("aftersales_service.ir_cron_sla").method_direct_trigger()
        self.assertEqual(claim.sla_state, "at_risk")
        self.assertEqual(claim.activity_ids.user_id, self.agent)

    def test_priority_change_brings_and_takes_policies_with_an_audit_line(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        with freeze_time("2026-03-03 09:30:00"):
            claim.priority = "3"
            self.assertTrue(self._status(claim, self.urgent))
            claim.priority = "1"
            self.assertFalse(self._status(claim, self.urgent))
        bodies = " ".join(claim.message_ids.mapped("body"))
        self.assertIn("SLA recomputed", bodies)

    def test_solving_in_time_meets_the_target(self):
        claim = self._claim_at("2026-03-03 09:00:00", priority="3")
        with freeze_time("2026-03-03 11:00:00"):
            claim.with_user(self.agent).action_solve()
        self.assertEqual(self._status(claim, self.urgent).state, "reached")

    def test_no_team_falls_back_to_the_companys_hours(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        with freeze_time("2026-03-03 09:30:00"):
            claim.team_id = False
        self.assertTrue(claim.sla_deadline)
