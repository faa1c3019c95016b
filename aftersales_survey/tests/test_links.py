# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SurveyCommon

#: Tables in which a mere visit leaves its mark.
VISIT_TABLES = ("res_device_log", "bus_bus", "ir_http_session")
LINK = re.compile(r'(?:href|src|action)="([^"]+)"')


@tagged("post_install", "-at_install")
class TestLinks(HttpCase, SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.cooldown_days = 0
        cls.invitation = cls._sent()
        cls.form = cls.invitation.user_input_id

    @classmethod
    def _sent(cls, **vals):
        invitation = cls._solve(cls._create_claim(**vals))
        invitation._action_send(by_hand=True)
        return invitation

    def _get(self, url):
        parts = urlsplit(url)
        return self.url_open(f"{parts.path}?{parts.query}")

    def _submit(self, form, **answers):
        url = f"/survey/submit/{form.survey_id.access_token}/{form.access_token}"
        return self.make_jsonrpc_request(url, answers)[1]

    def _csat(self, value):
        return {str(self.csat.id): value}

    # -- links that can't be used

    def _unusable(self):
        """(why, token) of every link that can't be used."""
        used = self._sent()
        self._answer(used, csat="5")
        expired = self._sent()
        expired.user_input_id.deadline = "2020-01-01 00:00:00"
        swept = self._sent()
        swept._action_expire()
        cancelled = self._sent()
        cancelled.action_cancel()
        deleted = self._sent()
        deleted.claim_id.sudo().survey_invitation_ids.sent_date = False
        deleted.unlink()
        for why, invitation in {
            "used": used,
            "expired": expired,
            "swept": swept,
            "cancelled": cancelled,
        }.items():
            yield why, invitation.user_input_id.access_token
        yield "guessed", "00000000-0000-0000-0000-000000000000"
        yield "cut", self.form.access_token[:-1]
        yield "strange", "é'--"

    @mute_logger("odoo.http")
    def test_unusable_links_all_say_the_same(self):
        survey = self.survey.access_token
        pages = set()
        for why, token in self._unusable():
            for path in (
                f"/aftersales/survey/{token}",
                f"/aftersales/survey/{token}?score=5",
                f"/survey/start/{survey}?answer_token={token}",
                f"/survey/{survey}/{token}",
            ):
                with self.subTest(why=why, path=path):
                    page = self.url_open(path)
                    self.assertEqual(page.status_code, 200)
                    self.assertIn("This link can't be used", page.text)
                    text = page.text.replace(token, "").split("<main")[-1]
                    pages.add(re.sub(r"\s+", " ", text.split("</main")[0]))
            with self.subTest(why=why, path="submit"):
                result = self.make_jsonrpc_request(
                    f"/survey/submit/{survey}/{token}", self._csat("1")
                )[1]
                self.assertEqual(result, {"error": "token_wrong"})
        self.assertEqual(len(pages), 1, "They can be told apart")

    @mute_logger("odoo.http")
    def test_both_tokens_guessed_say_the_same(self):
        cancelled = self._sent()
        cancelled.action_cancel()
        token = cancelled.user_input_id.access_token
        guess = "00000000-0000-0000-0000-000000000000"
        known = self._main(f"/survey/{self.survey.access_token}/{token}")
        for path in (
            f"/survey/{guess}/{guess}",
            f"/survey/{guess}/{token}",
            f"/survey/{guess}/{self.form.access_token}",
            f"/survey/start/{guess}",
            f"/survey/start/{guess}?answer_token={guess}",
            f"/survey/retry/{guess}/{guess}",
            f"/survey/print/{guess}?answer_token={guess}",
            f"/survey/print/{guess}",
            f"/aftersales/survey/{guess}",
            f"/aftersales/survey/{guess}/stop",
            f"/aftersales/testimonial/{guess}",
        ):
            with self.subTest(path=path):
                self.assertEqual(self._main(path), known)
        for call in ("submit", "begin"):
            with self.subTest(call=call):
                result = self.make_jsonrpc_request(
                    f"/survey/{call}/{guess}/{guess}", self._csat("1")
                )
                error = result[1] if isinstance(result, list) else result
                self.assertEqual(error, {"error": "token_wrong"})

    def _main(self, path):
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("This link can't be used", page.text)
        text = page.text.split("<main")[-1].split("</main")[0]
        return re.sub(r"\s+", " ", text)

    def test_closed_survey_says_the_same(self):
        self.survey.action_archive()
        page = self._get(self.invitation.get_answer_url(4))
        self.assertIn("This link can't be used", page.text)

    def test_survey_alone_makes_no_answer(self):
        count = self.env["survey.user_input"].search_count([])
        page = self.url_open(f"/survey/start/{self.survey.access_token}")
        self.assertIn("This link can't be used", page.text)
        self.assertEqual(self.env["survey.user_input"].search_count([]), count)

    def test_scores_that_are_none_are_left_out(self):
        for score in ("11", "-1", "great", "99999999999", "٣", "4%0d%0aX: y", "<b>"):
            with self.subTest(score=score):
                page = self._get(self.invitation.get_answer_url(score))
                self.assertEqual(page.status_code, 200)
                self.assertNotIn('checked="checked"', page.text)

    # -- following links never writes

    def _count_changes(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
              FROM pg_stat_xact_user_tables
             WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname != ALL(%s)
            """,
            [list(VISIT_TABLES)],
        )
        return dict(self.env.cr.fetchall())

    def _links_of(self, url, text):
        for found in LINK.findall(text):
            link = urljoin(url, unescape(found))
            parts = urlsplit(link)
            own = parts.scheme in ("http", "https") and (
                parts.netloc in (urlsplit(self.base_url()).netloc, "")
                or link.startswith(self.invitation.get_base_url())
            )
            if own and not parts.path.startswith(("/web/", "/logo")):
                yield f"{parts.path}?{parts.query}"

    @mute_logger("odoo.http")
    def test_crawler_that_follows_every_link_writes_nothing(self):
        mail = self._mails()[:1]
        waiting = set(self._links_of("", mail.body_html))
        self.assertGreaterEqual(len(waiting), 7, "Five scores, the survey, no more")
        token = self.form.access_token
        waiting |= {
            f"/aftersales/survey/{token}/stop?",
            f"/survey/retry/{self.survey.access_token}/{token}?",
            f"/survey/print/{self.survey.access_token}?answer_token={token}",
        }
        self.url_open("/aftersales/survey/first-visit")
        before, seen = self._count_changes(), set()
        while waiting and len(seen) < 60:
            path = waiting.pop()
            seen.add(path)
            page = self.url_open(path)
            waiting |= set(self._links_of(page.url, page.text)) - seen
        self.assertEqual(self._count_changes(), before)
        self.assertEqual(self.form.state, "new")
        self.assertEqual(self.invitation.state, "sent")
        self.assertFalse(self.customer.aftersales_survey_opt_out)

    def test_page_of_the_mail_has_the_score_chosen(self):
        for score in (1, 3, 5):
            page = self._get(self.invitation.get_answer_url(score))
            self.assertEqual(page.text.count('checked="checked"'), 1)
            self.assertIn(f"score={score}", page.url)

    def test_choice_of_the_mail_is_chosen(self):
        survey = self.env.ref("aftersales_survey.survey_still_working")
        self.rule.survey_id = survey
        invitation = self._sent()
        answers = invitation.get_first_answers()
        self.assertEqual(answers[1][1], "No, there is a problem")
        page = self._get(invitation.get_answer_url(answers[1][0]))
        self.assertEqual(page.text.count('checked="checked"'), 1)

    # -- who may answer

    def test_signed_in_visitor_may_use_the_link(self):
        new_test_user(self.env, "survey_visitor", "base.group_portal")
        self.authenticate("survey_visitor", "survey_visitor")
        page = self._get(self.invitation.get_answer_url(4))
        self.assertIn(self.csat.title, page.text)
        self.assertNotIn("error", self._submit(self.form, **self._csat("4")))
        self.assertEqual(self.form.partner_id, self.customer)

    # -- bad input

    def test_deleted_question(self):
        question = self.nps
        key = str(question.id)
        question.unlink()
        page = self._get(self.invitation.get_answer_url(4))
        self.assertEqual(page.status_code, 200)
        result = self._submit(self.form, **self._csat("4"), **{key: "9"})
        self.assertNotIn("error", result)
        self.assertEqual(self.invitation.csat_score, 4)
        self.assertFalse(self.invitation.nps_group)

    def test_survey_without_metric(self):
        self.survey.question_ids.aftersales_metric = False
        self._submit(self.form, **self._csat("4"))
        self.assertEqual(self.invitation.state, "answered")
        self.assertFalse(self.invitation.has_csat)
        self.assertEqual(self.invitation.claim_id.survey_state, "answered")

    def test_customer_without_language(self):
        self.customer.lang = False
        invitation = self._sent()
        self.assertEqual(invitation.state, "sent")
        page = self._get(invitation.get_answer_url(4))
        self.assertIn(self.csat.title, page.text)

    # -- no more surveys

    def _stop(self, data=None):
        return self.url_open(
            f"/aftersales/survey/{self.form.access_token}/stop", data=data
        )

    def test_no_more_surveys(self):
        page = self._stop()
        self.assertIn("No more surveys?", page.text)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
        planned = self._solve(self._create_claim())
        page = self._stop({"csrf_token": token})
        self.assertIn("no more surveys from us", page.text)
        self.assertTrue(self.customer.aftersales_survey_opt_out)
        self.assertEqual(planned.cancel_reason, "opted_out")
        late = self._solve(self._create_claim())
        self._run_cron()
        self.assertEqual(late.cancel_reason, "opted_out")

    @mute_logger("odoo.http")
    def test_no_more_surveys_needs_the_page(self):
        self._stop({"csrf_token": "wrong"})
        self.assertFalse(self.customer.aftersales_survey_opt_out)
        page = self.url_open("/aftersales/survey/guessed/stop")
        self.assertIn("This link can't be used", page.text)
