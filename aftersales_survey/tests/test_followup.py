# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import NOW, SurveyCommon

ANSWER = "odoo.addons.aftersales_survey.models.aftersales_survey_invitation_answer"


@tagged("post_install", "-at_install")
class TestFollowup(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = new_test_user(
            cls.env, "survey_lead", groups="aftersales_service.group_user"
        )
        cls.team.user_id = cls.lead
        cls.rule.cooldown_days = 0

    def _answered(self, claim=None, **scores):
        invitation = self._solve(claim or self._create_claim())
        invitation._action_send(by_hand=True)
        self._answer(invitation, **scores)
        return invitation

    def test_the_rule_sets_the_bounds(self):
        self.rule.write({"bad_csat": 2, "bad_nps": 6, "bad_ces": 3})
        table = [
            ({"csat": "2"}, True),
            ({"csat": "3"}, False),
            ({"csat": "5", "nps": "6"}, True),
            ({"csat": "5", "nps": "0"}, True),
            ({"csat": "5", "nps": "7"}, False),
            ({"csat": "5", "ces": "3"}, True),
            ({"csat": "5", "ces": "4"}, False),
        ]
        for scores, expected in table:
            with self.subTest(**scores):
                self.assertEqual(bool(self._answered(**scores).followup_ids), expected)

    def test_minus_one_looks_at_no_score(self):
        self.rule.write({"bad_csat": -1, "bad_nps": -1})
        self.assertFalse(self._answered(csat="1", nps="0").followup_ids)

    def test_the_rule_sets_the_words(self):
        self.rule.bad_words = "lawyer, mai més; hoja de reclamaciones"
        for text, expected in (
            ("I will ask my LAWYER!", True),
            ("Mai mes compro aqui", True),
            ("Quiero la hoja de reclamaciones.", True),
            ("lawyers are fine", False),
            ("", False),
        ):
            with self.subTest(text=text):
                found = self._answered(csat="5", text=text).followup_ids
                self.assertEqual(bool(found), expected)

    @freeze_time("2026-03-13 10:00:00")
    def test_lead_gets_an_activity_with_its_deadline(self):
        self.rule.write({"followup_days": 2, "followup_note": "Call and listen"})
        followup = self._answered(csat="1", text="Bad").followup_ids
        self.assertEqual(followup.user_id, self.lead)
        self.assertEqual(followup.deadline, date(2026, 3, 17), "Friday plus two")
        activity = followup.activity_ids
        self.assertEqual(activity.user_id, self.lead)
        self.assertEqual(activity.date_deadline, date(2026, 3, 17))
        self.assertIn("Call and listen", activity.note)
        told = self.env["mail.message"].search(
            [
                ("model", "=", followup._name),
                ("res_id", "=", followup.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertIn(self.lead.partner_id, told.partner_ids)

    def test_lead_gets_one_mail_that_tells_all(self):
        """Not one about the follow-up, one about the activity and one that tells."""
        before = self.env["mail.mail"].search([])
        [invitation] = self._solve(self._create_claim())
        invitation._action_send(by_hand=True)
        form = invitation.user_input_id.with_env(self.env(context={}))
        for question, answer in (
            (self.csat, "1"),
            (self.nps, "0"),
            (self.comment, "Slow\n<b>box</b>"),
        ):
            form._save_lines(question, answer)
        form._mark_done()
        mails = self.env["mail.mail"].search([]) - before
        mails = mails.filtered(lambda m: self.lead.partner_id in m.recipient_ids)
        self.assertEqual(len(mails), 1)
        body = str(mails.body_html)
        self.assertIn("CSAT 1 · NPS 0", body)
        self.assertIn("Anna Vila is not satisfied", body)
        self.assertIn("&lt;b&gt;box", body)

    def test_lead_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("ca_ES")
        self.lead.lang = "ca_ES"
        self.customer.lang = "en_US"
        followup = self._answered(csat="1").followup_ids
        self.assertEqual(followup.name, f"No satisfet: {followup.invitation_id.name}")

    def test_alert_only(self):
        self.rule.bad_action = "alert"
        followup = self._answered(csat="1").followup_ids
        self.assertTrue(followup)
        self.assertFalse(followup.activity_ids)

    def test_nothing_when_the_rule_says_so(self):
        self.rule.bad_action = "none"
        self.assertFalse(self._answered(csat="1").followup_ids)

    def test_claim_is_opened_again(self):
        self.rule.bad_action = "reopen"
        claim = self._create_claim()
        followup = self._answered(claim, csat="1").followup_ids
        self.assertEqual(claim.stage_category, "in_progress")
        self.assertEqual(claim.reopen_count, 1)
        self.assertEqual(claim.survey_followup_ids, followup)
        self.assertEqual(claim.survey_state, "answered")

    def test_person_of_the_rule_and_agent_without_a_lead(self):
        self.rule.followup_user_id = self.manager
        self.assertEqual(self._answered(csat="1").followup_ids.user_id, self.manager)
        self.rule.followup_user_id = False
        self.team.user_id = False
        self.assertEqual(self._answered(csat="1").followup_ids.user_id, self.agent)

    def test_answer_is_kept_when_the_reaction_fails(self):
        with (
            patch.object(
                type(self.Invitation), "_create_followup", side_effect=ZeroDivisionError
            ),
            mute_logger(ANSWER),
        ):
            invitation = self._answered(csat="1")
        self.assertEqual(invitation.state, "answered")
        self.assertEqual(invitation.csat_score, 1)

    def test_outcome_is_recorded(self):
        followup = self._answered(csat="1").followup_ids.with_user(self.lead)
        with self.assertRaises(UserError):
            followup.action_done()
        with Form(followup) as form:
            form.outcome = "called"
            form.customer_mood = "satisfied"
            form.note = "We sent the part again."
        followup.action_done()
        self.assertEqual(followup.state, "done")
        self.assertTrue(followup.done_date)
        self.assertFalse(followup.activity_ids)
        self.assertEqual(followup.satisfied_percent, 100)

    def test_satisfied_after_followup_is_measured(self):
        moods = ("satisfied", "satisfied", "unsatisfied", "unknown")
        followups = self.env["aftersales.survey.followup"]
        for mood in moods:
            followup = self._answered(csat="1").followup_ids
            followup.write({"outcome": "solved", "customer_mood": mood})
            followup.action_done()
            followups |= followup
        [(rate, count)] = followups._read_group(
            [("id", "in", followups.ids), ("is_known", "=", True)],
            [],
            ["satisfied_percent:avg", "__count"],
        )
        self.assertEqual((round(rate), count), (67, 3))

    def test_customer_is_asked_after_the_followup(self):
        after = self.rule.copy(
            {"trigger": "followup_done", "bad_action": "none", "active": True}
        )
        followup = self._answered(csat="1").followup_ids
        followup.write({"outcome": "solved", "customer_mood": "satisfied"})
        followup.action_done()
        [invitation] = after.invitation_ids
        self.assertEqual(invitation.claim_id, followup.claim_id)
        invitation._action_send()
        self._answer(invitation, csat="2")
        self.assertEqual(followup.answered_mood, "unsatisfied")
        self.assertEqual(followup.satisfied_percent, 0)
        followup.with_user(self.manager).customer_mood = "satisfied"
        self.assertEqual(followup.satisfied_percent, 0, "The customer's word counts.")

    @freeze_time(NOW)
    def test_late(self):
        followup = self._answered(csat="1").followup_ids
        self.assertFalse(followup.is_late)
        followup.deadline = date(2026, 3, 9)
        self.assertTrue(followup.is_late)

    def test_followup_is_not_deleted(self):
        followup = self._answered(csat="1").followup_ids
        with self.assertRaises(UserError):
            followup.unlink()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may_do_what(self):
        followup = self._answered(csat="1").followup_ids
        for user, read in (
            (self.lead, True),
            (self.agent, True),
            (self.manager, True),
            (self.colleague, False),
            (self.technician, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(followup.with_user(user).has_access("read"), read)
        for values in (
            {"state": "done"},
            {"claim_id": False},
            {"partner_id": 1},
            {"answered_mood": "satisfied"},
            {"satisfied_percent": 100},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                followup.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            followup.with_user(self.colleague).action_done()

    def test_anonymous_answers_are_not_followed_up(self):
        self.survey.is_aftersales_anonymous = True
        with self.assertRaises(ValidationError):
            self.rule.bad_action = "activity"
        self.assertFalse(self._answered(csat="1").followup_ids)


@tagged("post_install", "-at_install")
class TestStillWorking(SurveyCommon):
    """Is it still working? N days after a repair."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.write(
            {
                "trigger": "repair_done",
                "survey_id": cls.env.ref("aftersales_survey.survey_still_working").id,
                "delay_days": 14,
                "cooldown_days": 0,
            }
        )
        product = cls.env["product.product"].create(
            {"name": "Bell", "type": "consu", "is_storable": True}
        )
        cls.asset = cls.env["aftersales.asset"].create(
            {"product_id": product.id, "partner_id": cls.customer.id}
        )
        cls.claim = cls._create_claim(
            line_ids=[Command.create({"asset_id": cls.asset.id})]
        )
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids

    def _asked(self):
        with self._at(NOW):
            self.repair._post_repair_done_hook()
            self.repair.claim_line_id.sudo().state = "done"
            self.claim.sudo().stage_id = self.solved_stage
        invitation = self.Invitation.search([("rule_id", "=", self.rule.id)])
        with self._at("2026-03-23 10:00:00"):
            self._run_cron()
            self.assertEqual(invitation.state, "scheduled")
        with self._at("2026-03-24 10:00:00"):
            self._run_cron()
        self.assertEqual(invitation.state, "sent")
        return invitation

    def _choose(self, invitation, number, text=""):
        form = invitation.user_input_id
        choice, comment = self.rule.survey_id.question_ids
        form._save_lines(choice, str(choice.suggested_answer_ids[number].id))
        form._save_lines(comment, text)
        form._mark_done()

    def test_mail_asks_yes_or_no(self):
        invitation = self._asked()
        mail = self._mails()
        for answer in self.rule.survey_id.question_ids.suggested_answer_ids:
            self.assertIn(f"score={answer.id}", mail.body_html)
            self.assertIn(answer.value, mail.body_html)
        self.assertIn("Is it still working after the repair?", mail.subject)
        self.assertIn("Some time ago", mail.body_html)
        self.assertEqual(invitation.repair_id, self.repair)

    def test_no_becomes_a_linked_claim(self):
        invitation = self._asked()
        self._choose(invitation, 1, "It is dead again")
        new = invitation.problem_claim_id
        self.assertEqual(new.partner_id, self.customer)
        self.assertEqual(new.description, "It is dead again")
        self.assertEqual(new.line_ids.asset_id, self.asset)
        self.assertEqual(new.stage_category, "new")
        self.assertIn(self.claim, new.related_claim_ids)
        self.assertIn(new, self.claim.related_claim_ids)
        self.assertIn(invitation.name, new.subject)

    def test_yes_is_good_news(self):
        invitation = self._asked()
        self._choose(invitation, 0)
        self.assertEqual(invitation.state, "answered")
        self.assertFalse(invitation.problem_claim_id)
