# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users, warmup

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestClaim(AftersalesCommon):
    @users("test_agent")
    def test_agent_registers_a_claim_by_phone(self):
        asset = self._sell(self.bike, serials=["EB-1"]).with_env(self.env)
        form = Form(self.env["aftersales.claim"])
        form.subject = "The battery does not last"
        form.partner_id = self.customer.with_env(self.env)
        form.type_id = self.env.ref("aftersales_service.type_warranty")
        with form.line_ids.new() as line:
            line.asset_id = asset
            line.symptom_id = self.symptom.with_env(self.env)
        claim = form.save()
        self.assertRegex(claim.name, r"^AS/\d{4}/\d{5}$")
        self.assertEqual(claim.team_id, self.team)
        self.assertEqual(claim.stage_category, "new")
        self.assertEqual(claim.line_ids.product_id, self.bike)
        self.assertEqual(claim.line_ids.lot_id.name, "EB-1")
        self.assertIn(self.customer, claim.message_partner_ids)

    def test_take_solve_reopen_and_cancel(self):
        claim = self._create_claim().with_user(self.agent)
        claim.action_assign_to_me()
        self.assertEqual(claim.user_id, self.agent)
        self.assertEqual(claim.stage_category, "in_progress")
        claim.action_solve()
        self.assertEqual(claim.stage_category, "solved")
        self.assertTrue(claim.close_date)
        claim.action_reopen()
        self.assertEqual(claim.reopen_count, 1)
        self.assertFalse(claim.close_date)
        self.assertFalse(claim.is_first_contact_resolved)
        self._cancel(claim, "Registered twice")
        self.assertEqual(claim.stage_category, "cancelled")
        self.assertEqual(claim.cancel_reason, "Registered twice")

    def _cancel(self, claim, reason):
        action = claim.action_cancel()
        wizard = Form.from_action(self.env(user=self.agent), action)
        wizard.reason = reason
        wizard.save().action_confirm()

    def test_no_solving_while_a_remedy_is_open(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        claim.line_ids.action_create_repair()
        with self.assertRaisesRegex(UserError, "remedy of .* is still open"):
            claim.action_solve()
        with self.assertRaisesRegex(UserError, "remedy of .* is still open"):
            claim.stage_id = self.env.ref("aftersales_service.stage_solved")

    def test_cancelling_by_the_stage_asks_for_a_reason(self):
        claim = self._create_claim().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Say why"):
            claim.stage_id = self.env.ref("aftersales_service.stage_cancelled")

    def test_a_claim_with_history_is_not_deleted(self):
        claim = self._create_claim()
        claim.with_user(self.agent).action_assign_to_me()
        with self.assertRaisesRegex(UserError, "has a history"):
            claim.with_user(self.manager).unlink()

    def test_new_customer_means_the_old_one_loses_sight(self):
        claim = self._create_claim()
        token = claim._portal_ensure_token()
        claim.with_user(self.agent).partner_id = self.stranger
        self.assertNotEqual(claim._portal_ensure_token(), token)
        self.assertNotIn(self.customer, claim.message_partner_ids)
        self.assertIn(self.stranger, claim.message_partner_ids)
        with self.assertRaises(AccessError):
            claim.with_user(self.portal_user).check_access("read")

    def test_assignment_in_turn_and_by_load(self):
        self.team.assignment = "round_robin"
        first, second, third = (self._create_claim().user_id for _i in range(3))
        self.assertEqual(first | second, self.agent | self.manager)
        self.assertEqual(first, third)
        self.team.assignment = "balanced"
        busy = self.agent
        for _index in range(3):
            self._create_claim(user_id=busy.id)
        self.assertEqual(self._create_claim().user_id, self.manager)

    def test_mail_to_the_team_becomes_a_claim_with_acknowledgement(self):
        self.env["mail.alias.domain"].search([], limit=1) or self.env[
            "mail.alias.domain"
        ].create({"name": "shop.example.com"})
        self.team.alias_name = "care"
        self.team.alias_domain_id = self.env["mail.alias.domain"].search([], limit=1)
        mail = f"""From: Marta Vidal <marta@example.com>
To: {self.team.alias_email}
Subject: My bike stops
Message-ID: <one@example.com>
Content-Type: text/plain; charset=utf-8

It stops after ten minutes.
"""
        claim_id = self.env["mail.thread"].message_process("aftersales.claim", mail)
        claim = self.env["aftersales.claim"].browse(claim_id)
        self.assertEqual(claim.subject, "My bike stops")
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.team_id, self.team)
        self.assertIn("ten minutes", claim.description)
        acknowledgement = claim.message_ids.filtered(
            lambda m: m.message_type == "auto_comment"
        )
        self.assertIn(claim.name, acknowledgement.subject)

    @users("test_agent")
    @warmup
    def test_budget_one_claim(self):
        with self.assertQueryCount(20):
            self.env["aftersales.claim"].create(
                {"subject": "Noise", "partner_id": self.customer.id}
            )
            self.env.flush_all()

    @users("test_agent")
    @warmup
    def test_budget_a_hundred_claims(self):
        with self.assertQueryCount(150):
            self.env["aftersales.claim"].create(
                [
                    {"subject": f"Noise {index}", "partner_id": self.customer.id}
                    for index in range(100)
                ]
            )
            self.env.flush_all()

    @users("test_agent")
    @warmup
    def test_budget_list_and_form(self):
        assets = self._sell(self.bike, serials=[f"L{i}" for i in range(20)])
        claims = self.env["aftersales.claim"]
        for index in range(80):
            claims |= self._create_claim(
                assets[index % 20] if index < 20 else None, user_id=self.agent.id
            ).with_env(self.env)
        self.env.flush_all()
        view = self.env["aftersales.claim"].get_view(
            self.env.ref("aftersales_service.aftersales_claim_view_list").id
        )
        specification = self._get_specification(view, "aftersales.claim")
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            claims.web_search_read([("id", "in", claims.ids)], specification, limit=80)
        view = self.env["aftersales.claim"].get_view(
            self.env.ref("aftersales_service.aftersales_claim_view_form").id
        )
        specification = self._get_specification(view, "aftersales.claim")
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            claims[0].web_read(specification)

    def _get_specification(self, view, model):
        specification = {}
        for name in view["models"][model]:
            field = self.env[model]._fields.get(name)
            if not field:
                continue
            nested = {"fields": {"display_name": {}}} if field.relational else {}
            specification[name] = nested
        return specification

    def test_a_mail_with_nul_becomes_a_claim(self):
        raw = (
            "From: =?utf-8?q?Ma=00rta?= <marta@example.com>\r\n"
            "To: care@example.com\r\nSubject: =?utf-8?q?It=00_stops?=\r\n"
            "Message-Id: <nul@example.com>\r\n\r\nOften.\x00"
        )
        claim_id = self.env["mail.thread"].message_process("aftersales.claim", raw)
        claim = self.env["aftersales.claim"].browse(claim_id)
        self.assertEqual(claim.subject, "It stops")
        self.assertNotIn("\x00", claim.email_from)
