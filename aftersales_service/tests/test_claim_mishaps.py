# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestClaimMishaps(AftersalesCommon):
    """What happens when somebody does what nobody should."""

    def _merge(self, claim, survivor):
        claim.with_user(self.agent)._merge_into(survivor.with_user(self.agent))

    def test_who_was_faster_keeps_the_claim(self):
        colleague = self._create_user("second", "aftersales_service.group_user")
        self.team.member_ids |= colleague
        claim = self._create_claim()
        claim.with_user(self.agent).action_assign_to_me()
        with self.assertRaisesRegex(UserError, "has taken"):
            claim.with_user(colleague).action_assign_to_me()
        self.assertEqual(claim.user_id, self.agent)
        claim.with_user(self.agent).action_assign_to_me()

    def test_a_merged_claim_is_over(self):
        survivor, claim = self._create_claim(), self._create_claim()
        self._merge(claim, survivor)
        claim = claim.with_user(self.agent)
        solved = claim._get_stage("solved")
        for step in (
            lambda: claim.action_reopen(),
            lambda: claim.action_solve(),
            lambda: claim.write({"stage_id": solved.id}),
            lambda: claim.sudo()._action_reopen(),
        ):
            with self.assertRaisesRegex(UserError, survivor.name):
                step()
        self.assertEqual(claim.stage_category, "cancelled")

    def test_merging_makes_no_circles(self):
        first, second, third = (self._create_claim() for _index in range(3))
        self._merge(first, second)
        self._merge(second, third)
        self.assertEqual(first._get_survivor(), third)
        for survivor in (first, second, third):
            with self.assertRaises(UserError):
                self._merge(third, survivor)
        with self.assertRaises(AccessError):
            third.with_user(self.agent).duplicate_of_id = first
        with self.assertRaises(ValidationError):
            third.duplicate_of_id = first

    def test_the_reason_goes_with_the_cancelling(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        claim._action_cancel("A mistake")
        self.assertEqual(claim.line_ids.state, "cancelled")
        claim.stage_id = claim._get_stage("in_progress")
        self.assertFalse(claim.cancel_reason)
        with self.assertRaisesRegex(UserError, "Say why"):
            claim.stage_id = claim._get_stage("cancelled")

    def test_cancelled_and_solved_after_all(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        claim._action_cancel("A mistake")
        claim.action_solve()
        self.assertFalse(claim.cancel_reason)
        self.assertEqual(claim.line_ids.state, "done")

    def test_no_claim_is_born_cancelled(self):
        stage = self._create_claim()._get_stage("cancelled")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._create_claim(stage_id=stage.id)

    def test_blanks_are_no_subject(self):
        claim = self._create_claim().with_user(self.agent)
        for subject in ("", "  \n ", "\x00"):
            with (
                self.subTest(subject=subject),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                claim.subject = subject
                self.env.flush_all()
            with (
                self.subTest(subject=subject),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                self._create_claim(subject=subject)

    def test_the_reference_in_another_language(self):
        self._install_language("ca_ES")
        claims = self.env["aftersales.claim"].with_context(lang="ca_ES")
        with Form(claims.with_user(self.agent)) as form:
            self.assertEqual(form.name, "Nova")
            form.subject = "Una avaria"
        self.assertNotEqual(form.record.name, "Nova")
        self.assertNotIn(claims.create({"subject": "x"}).name, ("New", "Nova"))

    def test_quantities_nobody_claims(self):
        claim = self._create_claim().with_user(self.agent)
        for quantity in (1e30, 10**10, float("inf"), float("nan")):
            with self.subTest(quantity=quantity), self.assertRaises(ValidationError):
                claim.line_ids = [
                    Command.create({"product_id": self.helmet.id, "quantity": quantity})
                ]

    def test_only_colleagues_are_assigned(self):
        claim = self._create_claim()
        with self.assertRaises(ValidationError):
            claim.with_user(self.agent).user_id = self.portal_user

    def test_a_team_without_members_or_with_others_members(self):
        empty = self.env["aftersales.team"].create(
            {"name": "Nobody", "assignment": "round_robin"}
        )
        self.assertFalse(self._create_claim(team_id=empty.id).user_id)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreigner = self._create_user(
            "foreigner",
            "aftersales_service.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        empty.member_ids = foreigner
        for assignment in ("round_robin", "balanced"):
            empty.assignment = assignment
            self.assertFalse(self._create_claim(team_id=empty.id).user_id)
        empty.member_ids |= self.agent
        self.assertEqual(self._create_claim(team_id=empty.id).user_id, self.agent)

    def test_an_archived_team_gets_no_more_claims(self):
        team = self.env["aftersales.team"].create(
            {"name": "Retired", "alias_name": "retired-team"}
        )
        claim_type = self.env["aftersales.type"].create(
            {"name": "Special", "team_id": team.id}
        )
        values = {"subject": "It broke", "type_id": claim_type.id}
        claim = self.env["aftersales.claim"].create(values)
        self.assertEqual(claim.team_id, team)
        team.action_archive()
        after = self.env["aftersales.claim"].create(values)
        self.assertEqual(after.team_id, self.team)
        mailed = self.env["aftersales.claim"].message_new(
            {"subject": "Help", "body": "It broke", "email_from": "x@example.com"},
            {"team_id": team.id},
        )
        self.assertEqual(mailed.team_id, self.team)
        # What it had goes on, and can be given to others.
        claim.with_user(self.manager).action_solve()
        self.assertEqual(claim.stage_category, "solved")

    def test_an_archived_type_and_person(self):
        claim_type = self.env["aftersales.type"].create({"name": "Special"})
        claim = self._create_claim(type_id=claim_type.id, user_id=self.agent.id)
        claim_type.action_archive()
        self.agent.action_archive()
        claim.with_user(self.manager).action_solve()
        claim.with_user(self.manager).action_reopen()
        with Form(claim.with_user(self.manager)) as form:
            form.subject = "Something else"
        self.assertEqual(claim.type_id, claim_type)

    def test_who_has_neither_time_zone_nor_language(self):
        self.agent.write({"tz": False})
        self.agent.partner_id.lang = False
        claim = (
            self.env["aftersales.claim"].with_user(self.agent).with_context(lang=None)
        )
        claim = claim.create({"subject": "No zone", "partner_id": self.customer.id})
        claim.action_assign_to_me()
        claim.get_triage_panel()
        with Form(claim) as form:
            form.priority = "3"
        self.assertTrue(claim.sla_deadline)
        claim.action_solve()

    def test_nobody_s_claim_goes_all_the_way(self):
        claim = self.env["aftersales.claim"].with_user(self.agent)
        claim = claim.create({"subject": "Whose is it?", "team_id": self.team.id})
        claim.action_assign_to_me()
        claim.get_triage_panel()
        claim.action_find_articles()
        self.assertTrue(claim.partner_history is not None)
        claim.message_post(body="Is anybody there?", subtype_xmlid="mail.mt_comment")
        claim.stage_id = claim._get_stage("waiting")
        claim.action_solve()
        claim.action_reopen()
        claim._action_cancel("Nobody")
        self.assertEqual(claim.reopen_count, 1)

    def test_what_claims_refer_to_is_not_deleted(self):
        asset = self._sell(self.bike, serials=["KEEP-1"])
        cause = self.env["aftersales.cause"].create({"name": "Rust"})
        partner = self.env["res.partner"].create({"name": "Once"})
        claim = self._create_claim(
            asset,
            type_id=self.env["aftersales.type"].create({"name": "Once"}).id,
            channel_id=self.env["aftersales.channel"].create({"name": "Once"}).id,
        )
        claim.line_ids.cause_id = cause
        other = self._create_claim(partner_id=partner.id)
        for record in (
            claim.type_id,
            claim.channel_id,
            claim.team_id,
            cause,
            claim.line_ids.symptom_id,
            asset,
            other.partner_id,
        ):
            with (
                self.subTest(model=record._name),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                record.unlink()
                self.env.flush_all()

    def test_without_the_channels_that_came_along(self):
        channels = self.env["aftersales.channel"].search([])
        self.env["aftersales.claim"].search([]).channel_id = False
        channels.unlink()
        self.assertFalse(self.env["aftersales.channel"]._get("email"))
        claims = self.env["aftersales.claim"]
        mailed = claims.message_new(
            {"subject": "Help", "body": "It broke", "email_from": "x@example.com"}
        )
        self.assertFalse(mailed.channel_id)
        choices = claims.with_user(self.agent).get_intake_choices()
        self.assertFalse(choices["channel_id"])

    def test_steps_in_a_changed_order(self):
        """Columns of the board stay in order when one of them is empty."""
        claims = self.env["aftersales.claim"].with_context(read_group_expand=True)
        claim = self._create_claim()
        claim.stage_id = claim._get_stage("waiting")
        groups = claims.formatted_read_group(
            [("id", "=", claim.id)], ["stage_id"], ["__count"]
        )
        stages = self.env["aftersales.stage"].browse(g["stage_id"][0] for g in groups)
        self.assertEqual(stages, stages.sorted())
        self.assertGreater(len(stages), 3)

    def test_claims_that_are_gone(self):
        claim = self._create_claim().with_user(self.agent)
        self.env["aftersales.claim"].browse(claim.id).unlink()
        for step in (
            claim.action_assign_to_me,
            claim.action_solve,
            claim.action_reopen,
        ):
            with self.assertRaises(UserError):
                step()

    def test_editing_many_at_once(self):
        """All of a selection or none: one that may not be changed stops the others."""
        mine = self._create_claim(user_id=self.agent.id)
        secret = self._create_claim(user_id=self.manager.id, is_confidential=True)
        with self.assertRaises(AccessError):
            (mine | secret).with_user(self.agent).write({"priority": "3"})
        self.assertEqual(mine.priority, "1")
        mine.with_user(self.agent).write({"priority": "3"})
        self.assertEqual(mine.priority, "3")

    def test_a_step_in_the_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        both = self._create_user(
            "both",
            "aftersales_service.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | other).ids)],
        )
        claim = self._create_claim().with_user(both)
        claim.with_context(
            allowed_company_ids=(self.company | other).ids
        ).action_solve()
        self.assertEqual(claim.stage_category, "solved")
        with self.assertRaises(AccessError):
            claim.with_context(allowed_company_ids=other.ids).action_reopen()
