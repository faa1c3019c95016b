# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import freeze_time, tagged

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

    def _read_report(self):
        self.env.flush_all()
        [(sent, answers)] = self.env["aftersales.survey.report"]._read_group(
            [], [], ["sent_count:sum", "answer_count:sum"]
        )
        return {"sent": sent, "answers": answers}
