# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SurveyCommon


@tagged("post_install", "-at_install")
class TestScores(SurveyCommon):
    def _sent(self, claim=None):
        invitation = self._solve(claim or self._create_claim())
        invitation._action_send(by_hand=True)
        return invitation

    def test_scores_reach_invitation_and_claim(self):
        invitation = self._sent()
        form = self._answer(
            invitation, csat="4", nps="9", ces="6", text="Quick and kind"
        )
        claim = invitation.claim_id
        self.assertEqual(form.state, "done")
        self.assertTrue(form.start_datetime)
        self.assertEqual((form.csat_score, form.nps_score, form.ces_score), (4, 9, 6))
        self.assertEqual(invitation.state, "answered")
        self.assertTrue(invitation.answer_date)
        self.assertEqual(claim.survey_state, "answered")
        self.assertEqual(claim.csat_score, 4)
        self.assertTrue(claim.is_satisfied)
        self.assertEqual(claim.nps_group, "promoter")
        self.assertEqual(claim.survey_feedback, "Quick and kind")

    def test_earlier_answers_stand_with_the_customer(self):
        self._answer(self._sent(), csat="5")
        self._answer(self._sent(), csat="1")
        claim = self._create_claim().with_user(self.agent)
        self.assertEqual(claim.partner_satisfaction, "satisfied in 1 of 2 answers")

    def test_zero_is_an_answer_and_no_answer_is_none(self):
        zero = self._sent()
        self._answer(zero, csat="1", nps="0")
        self.assertEqual(zero.claim_id.nps_score, 0)
        self.assertEqual(zero.claim_id.nps_group, "detractor")
        self.assertTrue(zero.claim_id.has_csat)
        self.assertFalse(zero.claim_id.is_satisfied)
        silent = self._sent()
        self._answer(silent, csat="5")
        self.assertEqual(silent.claim_id.nps_score, 0)
        self.assertFalse(silent.claim_id.nps_group)
        self.env.company.aftersales_minimum_answers = 1
        both = [("claim_id", "in", (zero | silent).claim_id.ids)]
        self.assertEqual(self._read_report(both), (2, -100, 50, 100))

    def _read_report(self, domain):
        self.env.flush_all()
        [figures] = self.env["aftersales.survey.report"]._read_group(
            domain,
            [],
            ["answer_count:sum", "nps:avg", "csat_percent:avg", "response_percent:avg"],
        )
        return figures

    def test_report_shows_no_score_of_few_answers(self):
        invitations = self.Invitation
        for _answer in range(4):
            invitations |= self._sent()
            self._answer(invitations[-1], csat="5", nps="10")
        domain = [("claim_id", "in", invitations.claim_id.ids)]
        self.assertEqual(self._read_report(domain), (4, False, False, 100))
        invitations |= self._sent()
        self._answer(invitations[-1], csat="5", nps="10")
        domain = [("claim_id", "in", invitations.claim_id.ids)]
        self.assertEqual(self._read_report(domain), (5, 100, 100, 100))

    def test_scores_outlive_the_question(self):
        invitation = self._sent()
        self._answer(invitation, csat="2", nps="3")
        self.nps.unlink()
        self.assertEqual(invitation.nps_group, "detractor")
        self.assertEqual(invitation.claim_id.nps_score, 3)

    def test_test_entries_do_not_count(self):
        form = self.survey._create_answer(user=self.env.user, test_entry=True)
        form._save_lines(self.csat, "5")
        form._mark_done()
        self.assertFalse(form.has_csat)

    def test_rule_sums_up_with_intervals(self):
        for nps in ("10", "9", "0", "8"):
            self._answer(self._sent(), csat="5", nps=nps)
        self._sent()
        self.rule.invalidate_recordset()
        self.assertEqual(self.rule.sent_count, 5)
        self.assertEqual(self.rule.answer_count, 4)
        self.assertEqual(self.rule.response_rate, 0.8)
        self.assertFalse(self.rule.nps_summary, "Four answers say nothing")
        self._answer(self._sent(), csat="5", nps="10")
        self.rule.invalidate_recordset()
        self.assertEqual(self.rule.nps_summary[:4], "+40 ")
        self.assertEqual(self.rule.csat_summary[:5], "100% ")

    def test_refused_page_can_be_corrected(self):
        form = self._sent().sudo().user_input_id
        form._save_lines(self.csat, "1", overwrite_existing=False)
        form._save_lines(self.csat, "5", overwrite_existing=False)
        self.assertEqual(form.user_input_line_ids.value_scale, 5)


@tagged("post_install", "-at_install")
class TestAnswerPage(HttpCase, SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation = cls._solve(cls._create_claim())
        cls.invitation._action_send()
        cls.form = cls.invitation.sudo().user_input_id

    def _submit(self, **answers):
        url = f"/survey/submit/{self.survey.access_token}/{self.form.access_token}"
        params = {str(question): value for question, value in answers.items()}
        return self.make_jsonrpc_request(url, params)[1]

    def _submit_scores(self, csat, nps, text=""):
        return self._submit(
            **{
                str(self.csat.id): csat,
                str(self.nps.id): nps,
                str(self.comment.id): text,
            }
        )

    def _facts(self):
        """All that following a link could change."""
        self.env.invalidate_all()
        answers = self.env["survey.user_input"].sudo()
        form = self.form.read()[0]
        # Odoo counts a visit of the page in no field; compare them all.
        return form, answers.search_count([]), self.invitation.read(["state"])

    def test_following_the_link_writes_nothing(self):
        before = self._facts()
        for score in (None, 1, 5, 9, "x"):
            url = urlsplit(self.invitation.get_answer_url(score))
            page = self.url_open(f"{url.path}?{url.query}")
            self.assertEqual(page.status_code, 200)
            self.assertIn(self.csat.title, page.text)
        self.assertEqual(self._facts(), before)

    def test_clicked_score_is_chosen_and_not_sent(self):
        url = urlsplit(self.invitation.get_answer_url(4))
        page = self.url_open(f"{url.path}?{url.query}")
        self.assertEqual(parse_qs(urlsplit(page.url).query), {"score": ["4"]})
        chosen = [
            line for line in page.text.splitlines() if f'"{self.csat.id}_4"' in line
        ]
        self.assertTrue(chosen)
        self.assertEqual(page.text.count('checked="checked"'), 1)
        self.assertEqual(self.form.state, "new")

    def test_answer_as_the_public(self):
        result = self._submit_scores("5", "0", "Slow parcel")
        self.assertNotIn("error", result)
        claim = self.invitation.claim_id
        self.assertEqual(self.invitation.state, "answered")
        self.assertEqual(claim.csat_score, 5)
        self.assertEqual(claim.nps_score, 0)
        self.assertEqual(claim.nps_group, "detractor")
        self.assertEqual(claim.survey_feedback, "Slow parcel")
        self.assertEqual(self._submit_scores("1", "1"), {"error": "token_wrong"})
        self.assertEqual(claim.csat_score, 5)

    def test_bad_numbers_are_refused_and_can_be_corrected(self):
        for nps in ("11", "-1", "great"):
            result = self._submit_scores("3", nps)
            self.assertEqual(result["error"], "validation", nps)
            self.assertIn(str(self.nps.id), result["fields"])
        self.assertEqual(self.form.state, "new")
        self.assertNotIn("error", self._submit_scores("4", "7"))
        self.assertEqual(self.invitation.csat_score, 4)

    def test_mandatory_question(self):
        result = self._submit_scores("", "9")
        self.assertEqual(result["error"], "validation")

    def test_late_answer_is_refused(self):
        self.form.deadline = "2020-01-01 00:00:00"
        self.assertEqual(self._submit_scores("5", "9"), {"error": "token_wrong"})
        self.assertEqual(self.form.state, "new")

    def test_guessed_token(self):
        url = f"/survey/submit/{self.survey.access_token}/nobody-has-this"
        result = self.make_jsonrpc_request(url, {str(self.csat.id): "5"})
        self.assertEqual(result[1], {"error": "token_wrong"})

    @mute_logger("odoo.http")
    def test_answer_is_given_once(self):
        self._submit_scores("5", "9")
        count = self.env["survey.user_input"].search_count([])
        retry = f"/survey/retry/{self.survey.access_token}/{self.form.access_token}"
        self.url_open(retry)
        self.assertEqual(self.env["survey.user_input"].search_count([]), count)
