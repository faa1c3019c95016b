# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SurveyCommon


@tagged("post_install", "-at_install")
class TestQuestionnaire(SurveyCommon):
    def _create_question(self, **vals):
        return self.env["survey.question"].create(
            {
                "title": "How was it?",
                "survey_id": self.env["survey.survey"]
                .create({"title": "Other", "survey_type": "aftersales"})
                .id,
                "question_type": "scale",
                **vals,
            }
        )

    def test_ready_survey_is_short_and_open_to_all(self):
        survey = self.survey
        self.assertEqual(len(survey.question_ids), 4)
        self.assertEqual(survey.questions_layout, "one_page")
        self.assertEqual(survey.access_mode, "token")
        self.assertFalse(survey.users_login_required)
        self.assertFalse(survey.lang_ids, "Every language of the database")
        self.assertEqual(
            survey.question_ids.mapped("aftersales_metric"),
            ["csat", "nps", "ces", False],
        )

    def test_metric_needs_its_scale(self):
        accepted = [("csat", 1, 5), ("csat", 0, 10), ("nps", 0, 10), ("ces", 1, 7)]
        refused = [("nps", 1, 10), ("nps", 0, 5), ("csat", 1, 7), ("ces", 0, 7)]
        for metric, low, high in accepted:
            self._create_question(
                aftersales_metric=metric, scale_min=low, scale_max=high
            )
        for metric, low, high in refused:
            with (
                self.subTest(metric=metric, low=low, high=high),
                self.assertRaises(ValidationError),
            ):
                self._create_question(
                    aftersales_metric=metric, scale_min=low, scale_max=high
                )

    def test_metric_needs_a_scale_question(self):
        with self.assertRaises(ValidationError):
            self._create_question(question_type="text_box", aftersales_metric="csat")

    def test_metric_is_asked_once(self):
        question = self._create_question(aftersales_metric="nps")
        with self.assertRaises(ValidationError):
            question.copy({"survey_id": question.survey_id.id})

    def test_answers_off_the_scale_are_refused(self):
        for answer in ("-1", "11", "great", "1.5", ["1"], "nan", "٣٤"):
            with self.subTest(answer=answer):
                self.assertIn(self.nps.id, self.nps.validate_question(answer))
        for answer in ("0", "10", 7):
            with self.subTest(answer=answer):
                self.assertFalse(self.nps.validate_question(answer))

    def test_preselected_answer_must_be_on_the_scale(self):
        get = self.survey._get_preselected_answers
        self.assertEqual(get("4"), {self.csat.id: 4})
        for score in (None, "", "0", "6", "x", "-1"):
            self.assertEqual(get(score), {}, score)

    def test_survey_app_shares_no_dead_link(self):
        with self.assertRaises(UserError):
            self.survey.action_send_survey()
        other = self._create_question().survey_id
        other.survey_type = "survey"
        self.assertEqual(other.action_send_survey()["res_model"], "survey.invite")

    def test_survey_in_use_keeps_its_type(self):
        """As another type its answers would open to all who edit surveys."""
        officer = new_test_user(
            self.env, "survey_officer", groups="survey.group_survey_user"
        )
        survey = self.survey.with_user(officer)
        with self.assertRaises(ValidationError):
            survey.survey_type = "custom"
        [invitation] = self._solve(self._create_claim())
        invitation._action_send(by_hand=True)
        (self.survey.aftersales_rule_ids - self.rule).sudo().invitation_ids.unlink()
        rules = self.survey.with_context(active_test=False).aftersales_rule_ids
        rules.survey_id = self.survey.copy()
        with self.assertRaises(ValidationError):
            survey.survey_type = "custom"

    def test_survey_in_use_is_archived_not_deleted(self):
        with self.assertRaises(UserError):
            self.survey.unlink()
        self.survey.action_archive()
        self.assertFalse(self.survey.active)

    def test_new_survey_is_for_invited_people_and_answered_once(self):
        survey = self.env["survey.survey"].new({"survey_type": "aftersales"})
        survey._onchange_survey_type()
        self.assertEqual(survey.access_mode, "token")
        self.assertEqual(survey.questions_layout, "one_page")
        self.assertTrue(survey.is_attempts_limited)
