# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from html import unescape

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SurveyCommon


@tagged("post_install", "-at_install")
class TestTestimonial(HttpCase, SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.cooldown_days = 0
        cls.env["aftersales.testimonial"].search([]).state = "rejected"
        cls.env["aftersales.review.site"].search([]).active = False
        cls.site = cls.env["aftersales.review.site"].create(
            {"name": "Stars", "url": "https://stars.example.com/write"}
        )

    def _answered(self, **scores):
        invitation = self._solve(self._create_claim())
        invitation._action_send(by_hand=True)
        return self._answer(invitation, **scores)

    def _page(self, form, **data):
        url = f"/aftersales/testimonial/{form.access_token}"
        if not data:
            return unescape(self.url_open(url).text)
        page = self.url_open(url).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        return unescape(self.url_open(url, data={**data, "csrf_token": token}).text)

    def _testimonial(self, form):
        return self.env["aftersales.testimonial"].search(
            [("user_input_id", "=", form.id)]
        )

    def _given(self):
        form = self._answered(csat="5", nps="10", text="Great people")
        self._page(form, text="Great people!", author="Anna V.", consent="1")
        return form, self._testimonial(form)

    # -- a good answer is thanked for

    def test_who_is_asked_to_tell_others(self):
        table = [
            ({"csat": "5", "nps": "10"}, True),
            ({"csat": "4"}, True),
            ({"csat": "5", "nps": "8"}, False),
            ({"csat": "3", "nps": "10"}, False),
            ({"csat": "1"}, False),
        ]
        for scores, expected in table:
            with self.subTest(**scores):
                thanks = self._answered(**scores)._get_thanks()
                self.assertEqual(bool(thanks["sites"]), expected)
                self.assertEqual(thanks["testimonial"], expected)

    def test_review_sites_are_the_company_s(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.site.company_id = other
        self.assertFalse(self._answered(csat="5")._get_thanks()["sites"])
        self.site.company_id = False
        self.assertTrue(self._answered(csat="5")._get_thanks()["sites"])
        self.rule.asks_for_review = False
        self.assertFalse(self._answered(csat="5")._get_thanks()["sites"])

    def test_review_site_is_a_web_address(self):
        for url in (
            "javascript:alert(1)",
            "stars.example.com",
            "ftp://x.y",
            "https://",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.site.url = url

    def test_page_of_thanks_shows_them(self):
        invitation = self._solve(self._create_claim())
        invitation._action_send(by_hand=True)
        form = invitation.user_input_id
        url = f"/survey/submit/{self.survey.access_token}/{form.access_token}"
        answers = {str(self.csat.id): "5", str(self.nps.id): "10"}
        page = self.make_jsonrpc_request(url, answers)[1]["survey_content"]
        self.assertIn("https://stars.example.com/write", page)
        self.assertIn(f"/aftersales/testimonial/{form.access_token}", page)

    # -- consent, approval, publishing, withdrawing

    def test_customer_gives_words_once(self):
        form, testimonial = self._given()
        self.assertEqual(testimonial.state, "to_approve")
        self.assertEqual(testimonial.author, "Anna V.")
        self.assertIn("agree", testimonial.consent_text)
        self.assertTrue(testimonial.consent_date)
        self.assertEqual(testimonial.partner_id, self.customer)
        self._page(form, text="Other words", author="X", consent="1")
        self.assertEqual(self._testimonial(form), testimonial)
        self.assertEqual(testimonial.text, "Great people!")

    def test_opening_the_page_writes_nothing(self):
        form = self._answered(csat="5")
        page = self._page(form)
        self.assertIn("May we quote you?", page)
        self.assertFalse(self._testimonial(form))

    def test_nothing_without_consent_or_words(self):
        form = self._answered(csat="5")
        for data in (
            {"text": "Great", "author": "A"},
            {"text": "Great", "consent": "0"},
            {"text": "  ", "consent": "1"},
            {"text": "x" * 2001, "consent": "1"},
        ):
            with self.subTest(data=data):
                page = self._page(form, **data)
                self.assertIn('role="alert"', page)
                self.assertFalse(self._testimonial(form))

    def test_text_is_shown_as_text(self):
        form = self._answered(csat="5")
        self._page(form, text="<script>alert(1)</script>\0ok", consent="1")
        self._testimonial(form).action_publish()
        page = self.url_open("/aftersales/testimonials").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("&lt;script&gt;", page)

    def test_who_may_not_give_words(self):
        bad = self._answered(csat="1")
        sent = self._solve(self._create_claim())
        sent._action_send(by_hand=True)
        for token in (bad.access_token, sent.user_input_id.access_token, "guessed"):
            with self.subTest(token=token):
                page = self.url_open(f"/aftersales/testimonial/{token}").text
                self.assertIn("This link can't be used", unescape(page))

    def test_nothing_is_public_before_approval(self):
        _form, testimonial = self._given()
        page = "/aftersales/testimonials"
        self.assertNotIn("Great people!", self.url_open(page).text)
        testimonial.with_user(self.manager).action_publish()
        self.assertEqual(testimonial.approved_by_id, self.manager)
        text = self.url_open(page).text
        self.assertIn("Great people!", text)
        self.assertNotIn(self.customer.email, text)
        testimonial.with_user(self.manager).action_reject()
        self.assertNotIn("Great people!", self.url_open(page).text)

    def test_customer_withdraws(self):
        form, testimonial = self._given()
        testimonial.action_publish()
        page = self._page(form, withdraw="1")
        self.assertIn("withdrawn", page)
        self.assertEqual(testimonial.state, "withdrawn")
        self.assertFalse(testimonial.text or testimonial.author)
        self.assertNotIn(
            "Great people!", self.url_open("/aftersales/testimonials").text
        )
        with self.assertRaises(UserError):
            testimonial.action_publish()
        self._page(form)
        self.assertEqual(self._testimonial(form), testimonial, "Not given again")

    @mute_logger("odoo.http")
    def test_withdrawing_needs_the_page(self):
        form, testimonial = self._given()
        self.url_open(
            f"/aftersales/testimonial/{form.access_token}",
            data={"withdraw": "1", "csrf_token": "wrong"},
        )
        self.assertEqual(testimonial.state, "to_approve")

    def test_many_testimonials_cost_no_more_queries(self):
        company = self.env.company
        values = {"text": "Fine", "author": "A", "company_id": company.id}
        values |= {"state": "published", "approved_date": "2026-03-01"}
        self.env["aftersales.testimonial"].create([values] * 45)
        page = self.url_open("/aftersales/testimonials").text
        self.assertEqual(page.count("<figure"), 20)
        page = self.url_open("/aftersales/testimonials/page/3").text
        self.assertEqual(page.count("<figure"), 5)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_staff_changes_no_words(self):
        _form, testimonial = self._given()
        self.assertEqual(testimonial.with_user(self.agent).text, "Great people!")
        for user in (self.agent, self.manager):
            for values in ({"text": "Better"}, {"state": "published"}):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    testimonial.with_user(user).write(values)
        with self.assertRaises(AccessError):
            testimonial.with_user(self.agent).action_publish()
        with self.assertRaises(AccessError):
            testimonial.with_user(self.manager).read(["user_input_id"])
