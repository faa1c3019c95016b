# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import NOW, SurveyCommon


@tagged("post_install", "-at_install")
class TestPlanning(SurveyCommon):
    """When a survey is sent, and to whom, on a calendar of 8 to 12 and 13 to 17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Europe/Madrid",
                "company_id": cls.env.company.id,
                "hours_per_day": 8,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Work",
                                "dayofweek": str(day),
                                "hour_from": start,
                                "hour_to": start + 4,
                                "day_period": "morning" if start < 12 else "afternoon",
                            }
                        )
                        for day in range(5)
                        for start in (8, 13)
                    ),
                ],
            }
        )
        cls.team.resource_calendar_id = cls.calendar
        cls.customer.tz = "Europe/Madrid"
        cls.product = cls.env["product.product"].create(
            {"name": "Bell", "type": "consu", "is_storable": True}
        )

    def _plan(self, now, **rule_vals):
        self.rule.write(rule_vals)
        with self._at(now):
            return self._solve(self._create_claim()).date_planned

    def test_working_hours_skip_nights_and_weekends(self):
        # Friday 2026-03-13, 15:00 in Madrid (UTC+1): 2 hours are left of the day.
        planned = self._plan("2026-03-13 14:00:00", delay_hours=4, is_working_time=True)
        self.assertEqual(planned, datetime(2026, 3, 16, 9))

    def test_working_hours_skip_a_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-15 23:00:00",
                "date_to": "2026-03-16 22:59:59",
            }
        )
        planned = self._plan("2026-03-13 14:00:00", delay_hours=4, is_working_time=True)
        self.assertEqual(planned, datetime(2026, 3, 17, 9))

    def test_days_and_clock_hours(self):
        planned = self._plan(NOW, delay_days=14, delay_hours=3)
        self.assertEqual(planned, datetime(2026, 3, 24, 13))

    def test_calendar_without_working_time_counts_clock_hours(self):
        self.calendar.attendance_ids.unlink()
        planned = self._plan(NOW, delay_hours=3, is_working_time=True)
        self.assertEqual(planned, datetime(2026, 3, 10, 13))

    def test_quiet_hours_are_the_customer_s(self):
        quiet = {"quiet_start": 20, "quiet_end": 9}
        # 21:30 in Madrid waits for 9:00 there.
        self.assertEqual(
            self._plan("2026-03-10 20:30:00", **quiet), datetime(2026, 3, 11, 8)
        )
        self.customer.tz = "America/New_York"
        self.assertEqual(
            self._plan("2026-03-10 20:30:00", **quiet), datetime(2026, 3, 10, 20, 30)
        )
        # Summer time began: 9:00 in Madrid is 7:00 UTC.
        self.customer.tz = "Europe/Madrid"
        self.assertEqual(
            self._plan("2026-03-28 22:00:00", **quiet), datetime(2026, 3, 29, 7)
        )

    def test_late_cron_respects_quiet_hours(self):
        self.rule.write({"quiet_start": 20, "quiet_end": 9})
        with self._at("2026-03-10 18:00:00"):
            invitation = self._solve(self._create_claim())
        with self._at("2026-03-10 22:00:00"):
            self._run_cron()
            self.assertEqual(invitation.state, "scheduled")
            self.assertEqual(invitation.date_planned, datetime(2026, 3, 11, 8))
        with self._at("2026-03-11 08:00:00"):
            self._run_cron()
        self.assertEqual(invitation.state, "sent")

    def test_one_reminder(self):
        self.rule.reminder_days = 5
        with self._at(NOW):
            invitation = self._solve(self._create_claim())
            self._run_cron()
        for day in (14, 15, 16, 25):
            with self._at(f"2026-03-{day} 10:00:00"):
                self._run_cron()
        self.assertEqual(invitation.reminded_date, datetime(2026, 3, 15, 10))
        mails = self._mails()
        self.assertEqual(len(mails), 2)
        self.assertEqual(
            sorted(mail.subject.startswith("Reminder") for mail in mails), [False, True]
        )

    def test_who_answered_is_not_reminded(self):
        self.rule.reminder_days = 5
        with self._at(NOW):
            invitation = self._solve(self._create_claim())
            self._run_cron()
            self._answer(invitation, csat="5")
        with self._at("2026-03-20 10:00:00"):
            self._run_cron()
        self.assertEqual(len(self._mails()), 1)

    def test_reopened_claim_is_not_reminded_of(self):
        self.rule.reminder_days = 5
        claim = self._create_claim()
        with self._at(NOW):
            invitation = self._solve(claim)
            self._run_cron()
            claim.sudo()._action_reopen()
        with self._at("2026-03-20 10:00:00"):
            self._run_cron()
        self.assertFalse(invitation.reminded_date)
        self.assertFalse(invitation.reminder_date)
        self.assertEqual(len(self._mails()), 1)

    def test_no_reminder_after_the_end(self):
        self.rule.write({"reminder_days": 30, "expiry_days": 30})
        invitation = self._solve(self._create_claim())
        invitation._action_send()
        self.assertFalse(invitation.reminder_date)

    def test_criteria_of_the_rule(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        tag = self.env["res.partner.category"].create({"name": "Dealer"})
        category = self.env["product.category"].create({"name": "Bikes"})
        child = self.env["product.category"].create(
            {"name": "City", "parent_id": category.id}
        )
        self.product.categ_id = child
        claim_type = self.env.ref("aftersales_service.type_support")
        for name, value in (
            ("team_ids", self.team.copy()),
            ("type_ids", claim_type),
            ("partner_ids", firm),
            ("partner_category_ids", tag),
            ("product_ids", self.product),
            ("product_category_ids", category),
        ):
            with self.subTest(criterion=name):
                self.rule[name] = value
                self.assertFalse(self._solve(self._create_claim()))
                self.rule[name] = False
        self.rule.write(
            {
                "team_ids": self.team.ids,
                "type_ids": claim_type.ids,
                "partner_ids": firm.ids,
                "partner_category_ids": tag.ids,
                "product_ids": self.product.ids,
                "product_category_ids": category.ids,
            }
        )
        self.customer.parent_id = firm
        firm.category_id = tag
        claim = self._create_claim(
            type_id=claim_type.id,
            team_id=self.team.id,
            line_ids=[Command.create({"product_id": self.product.id})],
        )
        claim.team_id = self.team
        claim.line_ids.write({"remedy": "assist", "state": "done"})
        self.assertTrue(self._solve(claim))

    def test_archived_rule_calls_off_what_it_planned(self):
        invitation = self._solve(self._create_claim())
        self.rule.active = False
        self._run_cron()
        self.assertEqual(invitation.cancel_reason, "rule_archived")

    def test_merged_claim_says_so(self):
        survivor, claim = self._create_claim(), self._create_claim()
        self.rule.trigger = "repair_done"
        repair = self.env["repair.order"].create(
            {"product_id": self.product.id, "partner_id": self.customer.id}
        )
        [invitation] = self.rule._schedule_records(repair)
        invitation.claim_id = claim
        claim._merge_into(survivor)
        self.assertEqual(invitation.cancel_reason, "merged")

    def test_intervention_is_what_was_not_done_in_the_workshop(self):
        self.rule.trigger = "intervention_done"
        repairs = self.env["repair.order"].create(
            [
                {
                    "product_id": self.product.id,
                    "partner_id": self.customer.id,
                    "service_mode": mode,
                }
                for mode in ("workshop", "onsite", "remote")
            ]
        )
        repairs._post_repair_done_hook()
        found = self.Invitation.search([("rule_id", "=", self.rule.id)])
        self.assertEqual(set(found.mapped("res_id")), set(repairs[1:].ids))
        self.assertEqual(found.repair_id, repairs[1:])

    # -- months after the purchase

    def _purchase(self, day, **vals):
        return self.env["aftersales.asset"].create(
            {
                "product_id": self.product.id,
                "partner_id": self.customer.id,
                "delivery_date": day,
                **vals,
            }
        )

    def _asked(self):
        return self.Invitation.search([("rule_id", "=", self.rule.id)])

    def test_months_after_the_purchase(self):
        self.env["aftersales.asset"].search([]).delivery_date = False
        self.rule.write({"trigger": "months_after_purchase", "purchase_months": 6})
        old = self._purchase("2025-01-10")
        asset = self._purchase("2025-09-10")
        self._purchase("2025-09-10", state="returned")
        with self._at("2026-03-09 10:00:00"):
            self._run_cron()
        self.assertFalse(self._asked(), "Not yet, and never for older ones")
        with self._at("2026-03-12 10:00:00"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(self._asked().mapped("res_id"), asset.ids)
        self.assertEqual(self._asked().state, "sent")
        self.assertEqual(self._asked().asset_id, asset)
        self.assertNotIn(old.id, self._asked().mapped("res_id"))

    def test_months_of_different_length_lose_no_purchase(self):
        self.env["aftersales.asset"].search([]).delivery_date = False
        self.rule.write(
            {
                "trigger": "months_after_purchase",
                "purchase_months": 1,
                "purchase_seen_date": "2026-02-25",
                "cooldown_days": 0,
            }
        )
        days = ["2026-01-26", "2026-01-28", "2026-01-29", "2026-01-31", "2026-02-01"]
        assets = self.env["aftersales.asset"]
        for number, day in enumerate(days):
            assets |= self._purchase(
                day, partner_id=self.customer.copy({"email": f"c{number}@x.es"}).id
            )
        for now in ("2026-02-26", "2026-02-28", "2026-03-01"):
            with self._at(f"{now} 10:00:00"):
                self._run_cron()
        self.assertEqual(sorted(self._asked().mapped("res_id")), assets.ids)

    def test_one_survey_for_all_units_of_a_customer(self):
        self.env["aftersales.asset"].search([]).delivery_date = False
        self.rule.write({"trigger": "months_after_purchase", "purchase_months": 6})
        for _unit in range(3):
            self._purchase("2025-09-10")
        with self._at("2026-03-09 10:00:00"):
            self._run_cron()
        with self._at(NOW):
            self._run_cron()
        self.assertEqual(len(self._asked()), 1)

    # -- by hand

    @users("survey_agent")
    def test_agent_sends_for_a_repair(self):
        self.rule.sudo().trigger = "repair_done"
        repair = self.env["repair.order"].create(
            {"product_id": self.product.id, "partner_id": self.customer.id}
        )
        with self.assertRaisesRegex(UserError, "ended"):
            repair.action_send_survey()
        repair.sudo().state = "done"
        repair.action_send_survey()
        invitation = self._asked().sudo()
        self.assertEqual(self.rule.sudo().invitation_ids.state, "sent")
        self.assertFalse(invitation.filtered(lambda i: i.res_id != repair.id))

    @users("survey_agent")
    def test_agent_sends_for_a_list(self):
        self.rule.sudo().cooldown_days = 0
        silent = self.customer.sudo().copy({"email": False, "name": "Silent"})
        claims = self.env["aftersales.claim"]
        for partner in (self.customer, self.customer, silent):
            claims |= self._create_claim(partner_id=partner.id).with_env(self.env)
        self._solve(claims)
        note = claims.action_send_survey()["params"]
        self.assertEqual(claims.mapped("survey_state"), ["sent", "sent", "scheduled"])
        self.assertIn("2", note["message"])
        self.assertIn("no e-mail", note["message"])
        with self.assertRaises(UserError):
            claims.action_send_survey()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_others_send_nothing(self):
        claim = self._solved_claim(user_id=self.technician.id)
        with self.assertRaises(AccessError):
            claim.with_user(self.technician).action_send_survey()

    # -- what is bound

    def test_answer_is_bound_to_all_it_is_about(self):
        cause = self.env["aftersales.cause"].search([], limit=1)
        asset = self._purchase("2026-01-10")
        claim = self._create_claim(
            line_ids=[Command.create({"asset_id": asset.id, "cause_id": cause.id})],
            channel_id=self.env["aftersales.channel"].search([], limit=1).id,
        )
        line = claim.line_ids
        line.action_create_repair()
        claim.repair_ids.user_id = self.technician
        line.write({"remedy": "assist", "state": "done"})
        invitation = self._solve(claim)
        invitation._action_send()
        for record in (invitation, invitation.user_input_id):
            with self.subTest(record=record._name):
                self.assertEqual(record.claim_id, claim)
                self.assertEqual(record.claim_line_ids, line)
                self.assertEqual(record.asset_id, asset)
                self.assertEqual(record.product_id, self.product)
                self.assertEqual(record.repair_id, claim.repair_ids)
                self.assertEqual(record.technician_id, self.technician)
                self.assertEqual(record.team_id, claim.team_id)
                self.assertEqual(record.agent_id, self.agent)
                self.assertEqual(record.cause_id, cause)
                self.assertEqual(record.channel_id, claim.channel_id)
