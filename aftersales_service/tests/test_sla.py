# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

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

    def test_a_missed_deadline_stays_in_sight_until_it_is_met(self):
        claim = self._claim_at("2026-03-03 09:00:00", user_id=self.agent.id)
        later = self._claim_at("2026-03-04 09:00:00", user_id=self.agent.id)
        missed = claim.sla_deadline
        with freeze_time("2026-03-03 17:00:00"), self.enter_registry_test_mode():
            self.env.ref("aftersales_service.ir_cron_sla").method_direct_trigger()
        self.assertEqual((claim.sla_state, claim.sla_deadline), ("failed", missed))
        mine = self.env["aftersales.claim"].with_user(self.agent)
        mine = mine.search([("user_id", "=", self.agent.id)], order="sla_deadline")
        self.assertEqual(mine[:2], claim | later)
        with freeze_time("2026-03-03 18:00:00"):
            claim.with_user(self.agent).message_post(
                body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(claim.sla_state, "failed")
        self.assertFalse(claim.sla_deadline)

    def test_a_closed_claim_has_no_deadline(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        with freeze_time("2026-03-05 09:00:00"):
            claim._action_cancel("A test")
        self.assertEqual(claim.sla_state, "failed")
        self.assertFalse(claim.sla_deadline)

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

    # -- criteria

    def _policy(self, **values):
        return self.env["aftersales.sla"].create(
            {"name": "Special", "target": "solved", "hours": 2, **values}
        )

    def test_channel_decides_and_its_change_is_told(self):
        phone = self.env.ref("aftersales_service.channel_phone")
        policy = self._policy(channel_ids=phone.ids)
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertFalse(self._status(claim, policy))
        with freeze_time("2026-03-03 09:30:00"):
            claim.channel_id = phone
        self.assertTrue(self._status(claim, policy))
        self.assertIn("Now applies: Special.", claim.message_ids[0].body)

    def test_tag_of_the_customers_company_or_one_above_it(self):
        tags = self.env["res.partner.category"]
        dealer = tags.create({"name": "Dealer"})
        gold = tags.create({"name": "Gold dealer", "parent_id": dealer.id})
        policy = self._policy(partner_category_ids=dealer.ids)
        firm = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        self.customer.parent_id = firm
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertFalse(self._status(claim, policy))
        with freeze_time("2026-03-03 09:30:00"):
            firm.category_id = gold
            self._run_cron("2026-03-03 09:30:00", "ir_cron_sla_refresh")
            self.assertTrue(self._status(claim, policy))
            claim.partner_id = self.stranger
            self.assertFalse(self._status(claim, policy))

    def test_product_category_of_any_line_or_one_above_it(self):
        categories = self.env["product.category"]
        bikes = categories.create({"name": "Bikes"})
        self.helmet.categ_id = categories.create(
            {"name": "Helmets", "parent_id": bikes.id}
        )
        policy = self._policy(product_category_ids=bikes.ids)
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertFalse(self._status(claim, policy))
        with freeze_time("2026-03-03 09:30:00"):
            claim.line_ids = [Command.create({"product_id": self.battery.id})]
            self.assertFalse(self._status(claim, policy))
            claim.line_ids = [Command.create({"product_id": self.helmet.id})]
            self.assertTrue(self._status(claim, policy))
            claim.line_ids[-1].unlink()
            self.assertFalse(self._status(claim, policy))
            with_line = self._create_claim(
                line_ids=[Command.create({"product_id": self.helmet.id})]
            )
        self.assertEqual(len(self._status(with_line, policy)), 1)

    def test_what_a_policy_is_about_is_not_deleted(self):
        tag = self.env["res.partner.category"].create({"name": "Dealer"})
        self._policy(partner_category_ids=tag.ids)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            tag.unlink()

    def test_each_policy_warns_with_its_own_share_left(self):
        self.response.warning_percent = 50
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertEqual(self._status(claim).warning_date, datetime(2026, 3, 3, 11, 0))

    # -- calendars and time zones

    def test_time_zone_of_the_team_and_not_of_user_or_company(self):
        self.company.resource_calendar_id.tz = "America/New_York"
        self.agent.tz = "Asia/Tokyo"
        with freeze_time("2026-03-03 15:00:00"):
            claim = (
                self.env["aftersales.claim"]
                .with_user(self.agent)
                .with_context(tz="Asia/Tokyo")
                .create({"subject": "Noise", "team_id": self.team.id})
            )
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 4, 10, 0))
        # Without hours of its own the team works the company's: 9 to 18 there.
        calendar = self.team.resource_calendar_id.copy({"tz": "America/New_York"})
        self.company.resource_calendar_id = calendar
        self.team.resource_calendar_id = False
        self._run_cron("2026-03-03 15:30:00", "ir_cron_sla_refresh")
        # 16:00 in Madrid is 10:00 in New York: 3 h, lunch, and 1 h.
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 3, 20, 0))
        self.assertIn("New deadline: Answer in 4 h", claim.message_ids[0].body)

    def test_deadline_over_the_change_to_winter_time(self):
        # Friday 16:00 CEST; Monday 11:00 is CET (UTC+1).
        claim = self._claim_at("2026-10-23 14:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 10, 26, 10, 0))

    def test_no_team_and_no_hours_counts_every_hour(self):
        self.company.resource_calendar_id = False
        self.team.resource_calendar_id = False
        claim = self._claim_at("2026-03-07 15:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 7, 19, 0))

    def test_other_companies_holidays_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Their holiday",
                "date_from": "2026-03-03 23:00:00",
                "date_to": "2026-03-04 22:59:59",
            }
        ).company_id = other
        claim = self._claim_at("2026-03-03 15:00:00")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 4, 10, 0))

    def test_a_holiday_added_later_counts_when_the_deadline_comes(self):
        claim = self._claim_at("2026-03-03 15:00:00", user_id=self.agent.id)
        self.test_leaves_of_the_calendar_do_not_count()
        self._run_cron("2026-03-04 12:00:00")
        self.assertEqual(claim.sla_state, "on_track")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 5, 10, 0))

    # -- pausing, closing, reopening

    def _move(self, claim, moment, stage):
        with freeze_time(moment):
            claim.write(
                {
                    "stage_id": self.env.ref(f"aftersales_service.stage_{stage}").id,
                    "cancel_reason": "Twice",
                }
            )

    def test_reopened_runs_again_and_the_closed_time_was_a_pause(self):
        claim = self._claim_at("2026-03-03 08:00:00", priority="3")
        self._move(claim, "2026-03-03 10:00:00", "solved")
        status = self._status(claim, self.urgent)
        self.assertEqual(status.state, "reached")
        self._move(claim, "2026-03-05 09:00:00", "in_progress")
        # Two of the eight hours were used; six are left from Thursday 10:00.
        self.assertEqual(status.state, "ongoing")
        self.assertFalse(status.reached_date)
        self.assertEqual(status.deadline, datetime(2026, 3, 5, 16, 0))

    def test_reopened_after_failing_stays_failed(self):
        claim = self._claim_at("2026-03-03 08:00:00", priority="3")
        self._move(claim, "2026-03-05 10:00:00", "solved")
        self._move(claim, "2026-03-06 09:00:00", "in_progress")
        self.assertEqual(self._status(claim, self.urgent).state, "failed")

    def test_a_cancelled_claim_misses_nothing(self):
        claim = self._claim_at("2026-03-03 08:00:00")
        self._move(claim, "2026-03-03 09:00:00", "cancelled")
        self._run_cron("2026-03-10 08:00:00")
        self.assertEqual(claim.sla_state, "none")
        self.assertFalse(claim.activity_ids)

    def test_closed_claims_are_not_touched(self):
        claim = self._claim_at("2026-03-03 08:00:00")
        self._move(claim, "2026-03-03 09:00:00", "solved")
        before = claim.sla_status_ids
        claim.priority = "3"
        self.team.resource_calendar_id = False
        self.assertEqual(claim.sla_status_ids, before)

    def test_a_deadline_nobody_saw_pass_is_missed_all_the_same(self):
        for stage in ("waiting", "solved"):
            claim = self._claim_at("2026-03-03 08:00:00")
            self._move(claim, "2026-03-04 12:00:00", stage)
            self.assertEqual(self._status(claim).state, "failed")
        claim = self._claim_at("2026-03-03 08:00:00")
        with freeze_time("2026-03-04 12:00:00"):
            claim.priority = "2"
        self.assertEqual(self._status(claim).state, "failed")

    def test_registered_as_waiting_starts_with_a_pause(self):
        stage = self.env.ref("aftersales_service.stage_waiting")
        claim = self._claim_at("2026-03-03 08:00:00", stage_id=stage.id)
        self.assertFalse(claim.sla_deadline)
        self._move(claim, "2026-03-04 08:00:00", "in_progress")
        self.assertEqual(claim.sla_deadline, datetime(2026, 3, 4, 12, 0))

    # -- the scheduled action

    def _run_cron(self, moment, name="ir_cron_sla"):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(f"aftersales_service.{name}").method_direct_trigger()

    def _mails(self, claim):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "aftersales.sla.status"),
                ("res_id", "in", claim.sla_status_ids.ids),
            ]
        )

    def test_the_lead_gets_one_mail_in_their_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.manager.lang = "es_ES"
        template = self.env.ref("aftersales_service.mail_template_sla_missed")
        template.with_context(
            lang="es_ES"
        ).subject = "Plazo vencido: {{ object.claim_id.name }}"
        claim = self._claim_at("2026-03-03 09:00:00", user_id=self.agent.id)
        self._run_cron("2026-03-03 17:00:00")
        self._run_cron("2026-03-03 18:00:00")
        mail = self._mails(claim)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.manager.partner_id)
        self.assertEqual(mail.subject, f"Plazo vencido: {claim.name}")
        self.assertIn("15:00", mail.body_html)
        self.assertTrue(self._status(claim).escalated_date)

    def test_warned_once_even_if_the_time_runs_again(self):
        claim = self._claim_at("2026-03-03 09:00:00", user_id=self.agent.id)
        self._run_cron("2026-03-03 13:30:00")
        self._move(claim, "2026-03-03 13:40:00", "waiting")
        self._move(claim, "2026-03-03 14:40:00", "in_progress")
        self._run_cron("2026-03-03 14:50:00")
        self.assertEqual(claim.sla_state, "at_risk")
        self.assertEqual(len(claim.activity_ids), 1)

    def test_who_may_not_see_a_confidential_claim_is_not_told(self):
        self.team.user_id = self._create_user("lead_2", "base.group_user")
        claim = self._claim_at(
            "2026-03-03 09:00:00", user_id=self.agent.id, is_confidential=True
        )
        self._run_cron("2026-03-03 17:00:00")
        self.assertEqual(claim.activity_ids.user_id, self.agent)
        self.assertEqual(self._mails(claim).recipient_ids, self.agent.partner_id)

    def test_one_that_fails_does_not_stop_the_others(self):
        claims = [self._claim_at("2026-03-03 09:00:00") for _index in range(3)]
        poisoned = self._status(claims[1])
        escalate = type(poisoned)._escalate

        def fail(status):
            if status == poisoned:
                raise ValueError("poisoned")
            return escalate(status)

        with (
            patch.object(type(poisoned), "_escalate", fail),
            mute_logger("odoo.addons.aftersales_service.models.aftersales_sla_status"),
        ):
            self._run_cron("2026-03-03 17:00:00")
        states = [self._status(claim).state for claim in claims]
        self.assertEqual(states, ["failed", "ongoing", "failed"])
        self.assertTrue(poisoned.retry_date)
        self._run_cron("2026-03-04 17:00:00")
        self.assertEqual(poisoned.state, "failed")
        self.assertTrue(poisoned.escalated_date)

    def test_cost_follows_what_is_due(self):
        statuses = self.env["aftersales.sla.status"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(type(self.env["ir.cron"]), "_commit_progress") as commit:
                commit.return_value = 60
                statuses._process_due(datetime(2026, 3, 3, 9, 0))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._claim_at("2026-03-03 09:00:00")
        count()
        few = count()
        with freeze_time("2026-03-03 09:00:00"):
            self.env["aftersales.claim"].create(
                [{"subject": "Noise", "team_id": self.team.id}] * 100
            )
        self.assertEqual(count(), few)

    def test_my_claims_show_first_what_breaches_next(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_claim_action_my"
        )
        view = self.env.ref("aftersales_service.aftersales_claim_view_list_my")
        self.assertIn([view.id, "list"], [list(pair) for pair in action["views"]])
        late = self._claim_at("2026-03-03 10:00:00")
        early = self._claim_at("2026-03-03 09:00:00")
        none = self._claim_at("2026-03-03 08:00:00")
        none.sla_status_ids.unlink()
        order = etree.fromstring(view.get_combined_arch()).get("default_order")
        found = late.search([("id", "in", (late | early | none).ids)], order=order)
        self.assertEqual(found.ids, [early.id, late.id, none.id])

    def test_my_claims_are_those_i_repair_for_as_well(self):
        action = self.env.ref("aftersales_service.aftersales_claim_action_my")
        claim = self._create_claim(self._sell(self.bike, serials=["MINE-1"]))
        self._create_claim()
        claim.line_ids.action_create_repair()
        claim.line_ids.repair_ids.user_id = self.technician
        self.env.flush_all()
        domain = safe_eval(action.domain, {"uid": self.technician.id})
        claims = self.env["aftersales.claim"].with_user(self.technician)
        self.assertEqual(claims.search(domain), claim)

    def test_a_cancelled_claim_promises_nothing_but_keeps_a_breach(self):
        for moment, state in (
            ("2026-03-03 10:00:00", "none"),
            ("2026-03-03 17:00:00", "failed"),
        ):
            with self.subTest(moment=moment):
                claim = self._claim_at("2026-03-03 09:00:00")
                with freeze_time(moment):
                    claim._action_cancel("Mistake")
                self.assertEqual(claim.sla_state, state)

    def test_solving_without_a_word_is_the_answer(self):
        claim = self._claim_at("2026-03-03 09:00:00")
        with freeze_time("2026-03-03 10:00:00"):
            claim.with_user(self.agent).action_solve()
        self.assertEqual(claim.sla_state, "met")

    def test_the_promise_is_told_in_the_customers_words(self):
        self.env["res.lang"]._activate_lang("es_ES")
        claim = self._claim_at("2026-03-03 09:00:00")
        self.assertEqual(
            claim.with_context(lang="es_ES")._get_answer_deadline(),
            "martes, 3 de marzo de 2026, 15:00",
        )

    def test_a_canned_answer_speaks_the_customers_language_and_tells_the_time(self):
        self._install_language("es_ES")
        self.customer.lang = "es_ES"
        template = self.env.ref("aftersales_service.mail_template_claim_in_progress")
        with freeze_time("2026-03-03 09:30:00"):
            claim = self._claim_at("2026-03-03 09:00:00")
            composer = (
                self.env["mail.compose.message"]
                .with_user(self.agent)
                .with_context(
                    default_model=claim._name,
                    default_res_ids=claim.ids,
                    default_composition_mode="comment",
                    default_template_id=template.id,
                )
                .create({})
            )
            self.assertIn("Seguimos trabajando", composer.subject)
            self.assertIn("martes, 3 de marzo de 2026, 15:00", composer.body)
            composer._action_send_mail()
        message = claim.message_ids[0]
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertTrue(claim.first_response_date)
