# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged, users, warmup
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .common import NOW, SurveyCommon

INVITATION = "odoo.addons.aftersales_survey.models.aftersales_survey_invitation"


@tagged("post_install", "-at_install")
class TestSchedule(SurveyCommon, CronMixinCase):
    @freeze_time(NOW)
    def test_solved_claim_is_invited_once(self):
        self.rule.delay_hours = 24
        claim = self._create_claim()
        with self.capture_triggers(
            "aftersales_survey.ir_cron_send_invitations"
        ) as captured:
            invitation = self._solve(claim)
        self.assertEqual(len(invitation), 1)
        self.assertEqual(invitation.state, "scheduled")
        self.assertEqual(invitation.date_planned, datetime(2026, 3, 11, 10))
        self.assertEqual(
            captured.records.mapped("call_at"), [datetime(2026, 3, 11, 10)]
        )
        self.assertEqual(claim.survey_state, "scheduled")
        claim._schedule_surveys("claim_solved")
        self.assertEqual(claim.survey_invitation_ids, invitation)

    def test_ledger_refuses_a_second_line(self):
        invitation = self._solve(self._create_claim())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            invitation.copy()
            self.env.flush_all()

    def test_reopened_claim_is_called_off_and_asked_after_all(self):
        claim = self._create_claim()
        invitation = self._solve(claim)
        claim.sudo()._action_reopen()
        self.assertEqual(invitation.state, "cancelled")
        self.assertEqual(invitation.cancel_reason, "reopened")
        self._run_cron()
        self.assertFalse(self._mails())
        self._solve(claim)
        self.assertEqual(claim.survey_invitation_ids, invitation)
        self.assertEqual(invitation.state, "scheduled")
        self.assertFalse(invitation.cancel_reason)

    def test_cancelled_claim_is_called_off(self):
        claim = self._create_claim()
        invitation = self._solve(claim)
        claim.sudo()._action_cancel("The customer found the part")
        self.assertEqual(invitation.state, "cancelled")
        self.assertEqual(invitation.cancel_reason, "claim_cancelled")

    def test_sent_survey_survives_a_reopening(self):
        claim = self._create_claim()
        invitation = self._solve(claim)
        self._run_cron()
        claim.sudo()._action_reopen()
        self.assertEqual(invitation.state, "sent")

    def test_rule_filters_company_and_sample(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule.company_id = other
        self.assertFalse(self._solve(self._create_claim()))
        self.rule.company_id = False
        self.rule.domain = "[('priority', '=', '3')]"
        self.assertFalse(self._solve(self._create_claim()))
        self.assertTrue(self._solve(self._create_claim(priority="3")))
        self.rule.write({"domain": "[]", "sampling_percent": 0})
        self.assertFalse(self._solve(self._create_claim()))
        self.rule.write({"sampling_percent": 100, "active": False})
        self.assertFalse(self._solve(self._create_claim()))

    def test_filter_must_be_a_plain_domain(self):
        for domain in ("[('no_field', '=', 1)]", "[(", "__import__('os')", "5"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.rule.domain = domain

    def test_broken_rule_does_not_keep_a_claim_open(self):
        self.env.cr.execute(
            "UPDATE aftersales_survey_rule SET domain = %s WHERE id = %s",
            ("[('gone', '=', 1)]", self.rule.id),
        )
        self.rule.invalidate_recordset()
        claim = self._create_claim()
        with mute_logger("odoo.addons.aftersales_survey.models.aftersales_survey_rule"):
            self.assertFalse(self._solve(claim))
        self.assertEqual(claim.stage_category, "solved")

    def test_invitation_belongs_to_the_company_of_the_claim(self):
        invitation = self._solve(self._create_claim())
        self.assertEqual(invitation.company_id, self.env.company)

    def test_done_repair_and_delivery_are_invited(self):
        rules = self.rule.copy({"trigger": "repair_done"}) + self.rule.copy(
            {"trigger": "delivery_done"}
        )
        product = self.env["product.product"].create(
            {"name": "Bell", "type": "consu", "is_storable": True}
        )
        repair = self.env["repair.order"].create(
            {"product_id": product.id, "partner_id": self.customer.id}
        )
        repair._post_repair_done_hook()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.env.ref("stock.picking_type_out").id,
                "partner_id": self.customer.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "location_id": self.env.ref(
                                "stock.stock_location_stock"
                            ).id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        invitations = self.Invitation.search([("rule_id", "in", rules.ids)])
        self.assertEqual(
            set(invitations.mapped("res_model")), {"repair.order", "stock.picking"}
        )
        rules.cooldown_days = 0
        self._run_cron()
        self.assertEqual(set(invitations.mapped("state")), {"sent"})
        answer = invitations.filtered(lambda i: i.res_model == "repair.order")
        self.assertEqual(answer.sudo().user_input_id.repair_id, repair)

    @warmup
    def test_hundred_solved_claims_cost_few_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "email": f"c{n}@example.com"} for n in range(100)]
        )
        self.rule.active = False
        claims = self.env["aftersales.claim"]
        for partner in partners:
            claims |= self._create_claim(partner_id=partner.id)
        claims.sudo().write({"stage_id": self.solved_stage.id})
        self.rule.active = True
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            claims._schedule_surveys("claim_solved")
            self.env.flush_all()
        self.assertEqual(len(claims.survey_invitation_ids), 100)


@tagged("post_install", "-at_install")
class TestSend(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim()

    def test_cron_sends_what_is_due(self):
        with self._at(NOW):
            self.rule.delay_hours = 24
            invitation = self._solve(self.claim)
            self._run_cron()
            self.assertEqual(invitation.state, "scheduled")
        with self._at("2026-03-11 10:00:01"):
            self._run_cron()
        self.assertEqual(invitation.state, "sent")
        self.assertEqual(invitation.sent_date, datetime(2026, 3, 11, 10, 0, 1))
        self.assertEqual(invitation.deadline, datetime(2026, 4, 10, 10, 0, 1))
        form = invitation.sudo().user_input_id
        self.assertEqual(form.claim_id, self.claim)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.deadline, invitation.deadline)
        self.assertEqual(self.claim.survey_state, "sent")
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertIn(form.access_token, mail.body_html)
        for score in range(1, 6):
            self.assertIn(f"score={score}", mail.body_html)
        self.assertFalse(mail.mail_message_id.model)

    def test_nobody_is_asked_twice(self):
        self._solve(self.claim)
        for _run in range(3):
            self._run_cron()
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(
            self.env["survey.user_input"].search_count(
                [("claim_id", "=", self.claim.id)]
            ),
            1,
        )

    def test_one_that_fails_does_not_stop_the_others(self):
        poisoned = self._solve(self._create_claim())
        other_customer = self.customer.copy({"email": "joan@example.com"})
        healthy = self._solve(self._create_claim(partner_id=other_customer.id))
        send = type(self.Invitation)._action_send

        def fail_once(invitation, **kw):
            if invitation == poisoned:
                send(invitation, **kw)
                raise ZeroDivisionError("no paper")
            return send(invitation, **kw)

        with (
            patch.object(type(self.Invitation), "_action_send", fail_once),
            mute_logger(INVITATION),
        ):
            self._run_cron()
        self.assertEqual(poisoned.state, "cancelled")
        self.assertEqual(poisoned.cancel_reason, "error")
        self.assertIn("no paper", poisoned.error)
        self.assertFalse(poisoned.sudo().user_input_id)
        self.assertEqual(healthy.state, "sent")
        self.assertFalse(self._mails(), "The mail goes with the failed transition")
        self.assertEqual(len(self._mails(other_customer)), 1)

    def _assert_cancelled(self, reason):
        if self.claim.stage_category != "solved":
            self._solve(self.claim)
        invitation = self.claim.sudo().survey_invitation_ids
        self._run_cron()
        self.assertEqual(invitation.state, "cancelled")
        self.assertEqual(invitation.cancel_reason, reason)
        self.assertFalse(self._mails())

    def test_customer_who_opted_out_is_left_in_peace(self):
        self.env["mail.blacklist"]._add("Anna@Example.com")
        self._assert_cancelled("opted_out")

    def test_customer_without_email(self):
        self.customer.email = False
        self._assert_cancelled("no_email")

    def test_claim_without_customer(self):
        self.claim.partner_id = False
        self._assert_cancelled("no_email")

    def test_duplicate_is_not_asked_about(self):
        self._solve(self.claim)
        self.claim.duplicate_of_id = self._create_claim()
        self._assert_cancelled("merged")

    def test_closed_survey(self):
        self.survey.action_archive()
        self._assert_cancelled("survey_closed")

    def test_deleted_document(self):
        invitation = self._solve(self.claim)
        invitation.sudo().res_id = 0
        self._run_cron()
        self.assertEqual(invitation.cancel_reason, "record_deleted")

    def test_rest_period_counts_over_all_rules_and_the_whole_company(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        people = self.env["res.partner"].create(
            [
                {"name": n, "email": f"{n}@firm.example.com", "parent_id": firm.id}
                for n in ("one", "two", "three")
            ]
        )
        first, second, third = people
        with self._at(NOW):
            sent = self._solve(self._create_claim(partner_id=first.id))
            same_day = self._solve(self._create_claim(partner_id=second.id))
            self._run_cron()
        self.assertEqual(sent.state, "sent")
        self.assertEqual(same_day.cancel_reason, "cooldown")
        self.rule.active = False
        self.rule.copy({"active": True, "name": "Another"})
        with self._at("2026-04-09 09:00:00"):
            late = self._solve(self._create_claim(partner_id=third.id))
            self._run_cron()
        self.assertEqual(late.cancel_reason, "cooldown")
        with self._at("2026-04-10 10:00:00"):
            rested = self._solve(self._create_claim(partner_id=third.id))
            self._run_cron()
        self.assertEqual(rested.state, "sent")

    def test_unanswered_survey_expires(self):
        with self._at(NOW):
            invitation = self._solve(self.claim)
            self._run_cron()
        with self._at("2026-04-09 10:00:01"):
            self._run_cron()
        self.assertEqual(invitation.state, "expired")
        self.assertEqual(self.claim.survey_state, "expired")

    def test_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("es_ES")
        template = self.rule.template_id
        template.with_context(lang="es_ES").subject = "¿Qué tal? ({{ object.name }})"
        self.customer.lang = "es_ES"
        invitation = self._solve(self.claim)
        self._run_cron()
        self.assertEqual(self._mails().subject, f"¿Qué tal? ({self.claim.name})")
        self.assertEqual(invitation.sudo().user_input_id.lang_id.code, "es_ES")

    def test_batch_larger_than_one_run(self):
        self.rule.cooldown_days = 0
        invitations = self.Invitation
        for _claim in range(3):
            invitations |= self._solve(self._create_claim())
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **kw: 1
        ):
            self.Invitation._cron_send(batch_size=2)
        self.assertEqual(
            sorted(invitations.mapped("state")), ["scheduled", "sent", "sent"]
        )

    @users("survey_agent")
    def test_agent_sends_by_hand_without_rights_on_the_ledger(self):
        claim = self.claim.with_env(self.env)
        with self.assertRaises(UserError):
            claim.action_send_survey()
        self._solve(claim)
        claim.action_send_survey()
        self.assertEqual(claim.survey_state, "sent")
        with self.assertRaises(UserError):
            claim.action_send_survey()
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search([("recipient_ids", "in", self.customer.ids)])
        )
        self.assertEqual(len(mails), 1)
        self.assertFalse(
            self.env["mail.message"].search([("id", "=", mails.mail_message_id.id)]),
            "The link in the mail is for the customer only",
        )

    @users("survey_agent")
    def test_by_hand_says_why_not(self):
        claim = self.claim.with_env(self.env)
        self.customer.sudo().email = False
        self._solve(claim)
        with self.assertRaisesRegex(UserError, "no e-mail"):
            claim.action_send_survey()
        self.rule.sudo().active = False
        other = self._create_claim()
        self._solve(other)
        with self.assertRaisesRegex(UserError, "survey rule"):
            other.with_env(self.env).action_send_survey()

    def test_by_hand_ignores_the_rest_period(self):
        self._solve(self._create_claim())
        self._run_cron()
        self._solve(self.claim)
        self.claim.with_user(self.agent).action_send_survey()
        self.assertEqual(self.claim.survey_state, "sent")

    def test_manager_sends_and_cancels_from_the_ledger(self):
        invitation = self._solve(self.claim).with_user(self.manager)
        invitation.action_cancel()
        self.assertEqual(invitation.cancel_reason, "by_hand")
        invitation.action_send_now()
        self.assertEqual(invitation.state, "sent")
        self.assertLessEqual(
            abs(invitation.sent_date - fields.Datetime.now()), timedelta(minutes=1)
        )
