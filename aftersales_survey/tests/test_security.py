# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SurveyCommon

OPERATIONS = ("read", "write", "create", "unlink")
# What each role may do: model -> role -> operations.
MATRIX = {
    "aftersales.survey.rule": {"agent": "r", "manager": "rwcu"},
    "aftersales.survey.invitation": {"technician": "r", "agent": "r", "manager": "r"},
    "aftersales.survey.report": {"manager": "r"},
    "survey.survey": {"manager": "r"},
    "survey.question": {"manager": "r"},
    "survey.user_input": {},
    "survey.user_input.line": {},
}


@tagged("post_install", "-at_install", "security")
class TestSurveySecurity(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation = cls._solve(cls._create_claim())
        cls.invitation._action_send()
        cls.form = cls.invitation.sudo().user_input_id
        cls.roles = {
            "technician": cls.technician,
            "agent": cls.agent,
            "manager": cls.manager,
            "employee": new_test_user(cls.env, "survey_nobody", "base.group_user"),
            "portal": new_test_user(cls.env, "survey_portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
        }

    def test_matrix_of_roles(self):
        for model, allowed in MATRIX.items():
            for role, user in self.roles.items():
                expected = allowed.get(role, "")
                for operation in OPERATIONS:
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation[0] in expected,
                        )

    def test_invitations_follow_the_claim(self):
        read = {self.agent: True, self.manager: True}
        read |= {self.colleague: False, self.technician: False}
        for user, expected in read.items():
            with self.subTest(user=user.login):
                invitation = self.invitation.with_user(user)
                self.assertEqual(invitation.has_access("read"), expected)
        self.invitation.claim_id.user_id = self.technician
        self.assertTrue(self.invitation.with_user(self.technician).has_access("read"))

    def test_confidential_claim_keeps_its_survey(self):
        lead = new_test_user(self.env, "survey_mate", "aftersales_service.group_user")
        self.team.member_ids |= lead
        self.assertTrue(self.invitation.with_user(lead).has_access("read"))
        self.invitation.claim_id.is_confidential = True
        self.assertFalse(self.invitation.with_user(lead).has_access("read"))

    def test_staff_reads_scores_without_survey_rights(self):
        self._answer(self.invitation, csat="3", nps="7", text="Fine")
        for user in (self.agent, self.manager):
            claim = self.invitation.claim_id.with_user(user)
            self.assertEqual(claim.csat_score, 3)
            self.assertEqual(claim.survey_feedback, "Fine")
            self.assertEqual(self.invitation.with_user(user).feedback, "Fine")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_changes_an_answer(self):
        self._answer(self.invitation, csat="1", nps="0")
        surveyor = new_test_user(
            self.env,
            "survey_surveyor",
            "aftersales_service.group_manager,survey.group_survey_manager",
        )
        for user in (self.agent, self.manager, surveyor):
            form = self.form.with_user(user)
            for attempt in (
                lambda form=form: form.write({"csat_score": 5}),
                lambda form=form: form.user_input_line_ids.write({"value_scale": 5}),
                lambda form=form: form.unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
            with self.assertRaises(AccessError):
                self.invitation.with_user(user).write({"state": "scheduled"})
        self.assertTrue(self.form.with_user(surveyor).has_access("read"))

    def test_nobody_changes_the_rating_on_the_claim(self):
        self._answer(self.invitation, csat="1", nps="0", text="Never again")
        claim = self.invitation.claim_id
        for user in (self.agent, self.manager):
            for values in (
                {"csat_score": 5},
                {"is_satisfied": True, "has_csat": True},
                {"nps_score": 10, "nps_group": "promoter"},
                {"survey_feedback": "Wonderful"},
                {"survey_state": False},
                {"survey_invitation_ids": [Command.delete(self.invitation.id)]},
                {"survey_followup_ids": [Command.clear()]},
            ):
                with self.subTest(user=user.login, values=values):
                    with self.assertRaises(AccessError):
                        claim.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.env["aftersales.claim"].with_user(self.agent).create(
                {"subject": "Praise", "csat_score": 5, "has_csat": True}
            )
        self.assertEqual((claim.csat_score, claim.nps_group), (1, "detractor"))

    def test_nobody_sees_the_link_of_the_customer(self):
        for user in (self.agent, self.manager):
            invitation = self.invitation.with_user(user)
            with self.assertRaises(AccessError):
                invitation.read(["user_input_id"])
            self.assertNotIn(self.form.access_token, invitation.get_answer_url())

    def test_survey_app_alone_does_not_show_the_answers(self):
        officer = new_test_user(
            self.env, "survey_officer", "survey.group_survey_manager"
        )
        self.assertFalse(self.form.with_user(officer).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_buttons_check_rights(self):
        for user in (self.agent, self.technician):
            invitation = self.invitation.with_user(user)
            for method in ("action_send_now", "action_cancel"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(invitation, method)()
        with self.assertRaises(AccessError):
            self.invitation.claim_id.with_user(self.colleague).action_send_survey()

    def test_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "survey_stranger",
            "aftersales_service.group_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.rule.company_id = self.env.company
        self.assertFalse(self.invitation.with_user(stranger).has_access("read"))
        self.assertFalse(self.rule.with_user(stranger).has_access("read"))
        report = self.env["aftersales.survey.report"].with_user(stranger)
        self.assertFalse(report.search([("id", "=", self.invitation.id)]))

    def test_portal_customer_does_not_see_own_scores(self):
        portal = self.roles["portal"]
        self.invitation.claim_id.partner_id = portal.partner_id
        claim = self.invitation.claim_id.with_user(portal)
        with self.assertRaises(AccessError):
            claim.read(["csat_score"])
