# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SurveyCommon


@tagged("post_install", "-at_install", "security")
class TestAnonymous(SurveyCommon):
    @classmethod
    @freeze_time("2026-03-10 10:00:00")
    def setUpClass(cls):
        super().setUpClass()
        cls.survey.is_aftersales_anonymous = True
        cls.invitation = cls._solve(cls._create_claim())
        cls.invitation._action_send()
        cls.form = cls.invitation.user_input_id

    @freeze_time("2026-03-17 11:30:00")
    def _answered(self):
        self._answer(self.invitation, csat="1", nps="0", text="Never again")
        self.env.flush_all()
        self.env.invalidate_all()

    def test_answer_does_not_know_who_gave_it(self):
        self._answered()
        values = self.form.read()[0]
        for name in (
            "partner_id",
            "email",
            "nickname",
            "claim_id",
            "claim_line_ids",
            "repair_id",
            "asset_id",
            "agent_id",
            "technician_id",
        ):
            self.assertFalse(values[name], name)
        self.assertEqual(str(self.form.end_datetime), "2026-03-01 00:00:00")
        self.assertEqual(self.form.team_id, self.team)

    def test_ledger_does_not_know_the_answer(self):
        self._answered()
        self.assertEqual(self.invitation.state, "answered")
        self.assertFalse(self.invitation.user_input_id)
        self.assertFalse(self.invitation.has_csat)
        self.assertFalse(self.invitation.feedback)
        self.assertFalse(self.invitation.answer_date)
        claim = self.invitation.claim_id
        self.assertEqual(claim.survey_state, "answered")
        self.assertFalse(claim.has_csat)
        self.assertFalse(claim.survey_feedback)

    def test_report_counts_it_once_without_a_name(self):
        before = self._read_report()
        self._answered()
        after = self._read_report()
        self.assertEqual(after["answers"] - before["answers"], 1)
        self.assertEqual(after["sent"], before["sent"])
        row = self.env["aftersales.survey.report"].search(
            [("feedback", "=", "Never again")]
        )
        self.assertEqual(row.nps_group, "detractor")
        self.assertEqual(row.team_id, self.team)
        self.assertFalse(row.partner_id | row.user_id.partner_id)
        self.assertFalse(row.claim_id)
        self.assertFalse(row.name)

    def test_numbers_of_the_rows_tell_nothing(self):
        """Ids of forms count up like those of the ledger."""
        rows = self.env["aftersales.survey.report"]
        first = self.form
        self._answered()
        row = rows.search([("feedback", "=", "Never again")])
        self.assertEqual(row.id, 2 * first.aftersales_ballot + 1)
        self.assertNotEqual(row.id // 2, first.id)
        self.assertNotIn("user_input_id", rows.with_user(self.manager).fields_get())

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_forms_are_closed_to_managers_with_the_survey_app(self):
        self._answered()
        app = self.env.ref("survey.group_survey_manager")
        self.manager.write({"group_ids": [Command.link(app.id)]})
        forms = self.env["survey.user_input"].with_user(self.manager)
        survey = [("survey_id", "=", self.survey.id)]
        self.assertFalse(forms.search([*survey, ("id", "=", self.form.id)]))
        lines = self.env["survey.user_input.line"].with_user(self.manager)
        self.assertFalse(lines.search([("user_input_id", "=", self.form.id)]))
        for record in (self.form, self.form.user_input_line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).read()

    def test_results_are_figures(self):
        """The core's page would be empty."""
        app = self.env.ref("survey.group_survey_manager")
        self._answered()
        self.manager.write({"group_ids": [Command.link(app.id)]})
        action = self.survey.with_user(self.manager).action_result_survey()
        self.assertEqual(action["res_model"], "aftersales.survey.report")
        rows = self.env["aftersales.survey.report"].with_user(self.manager)
        self.assertTrue(rows.search(action["domain"]).filtered("has_csat"))
        other = new_test_user(
            self.env, "survey_app_alone", groups="survey.group_survey_manager"
        )
        with self.assertRaisesRegex(UserError, "after-sales managers"):
            self.survey.with_user(other).action_result_survey()
        self.survey.is_aftersales_anonymous = False
        action = self.survey.with_user(self.manager).action_result_survey()
        self.assertEqual(action["type"], "ir.actions.act_url")

    def test_promise_outlives_the_setting(self):
        self.survey.is_aftersales_anonymous = False
        self._answered()
        self.assertFalse(self.invitation.user_input_id)
        self.assertFalse(self.invitation.feedback)
        self.assertFalse(self.invitation.answer_date)

    def _read_report(self):
        self.env.flush_all()
        [(sent, answers)] = self.env["aftersales.survey.report"]._read_group(
            [], [], ["sent_count:sum", "answer_count:sum"]
        )
        return {"sent": sent, "answers": answers}
