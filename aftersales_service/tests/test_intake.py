# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import hash_sign, mute_logger

from ..models.aftersales_claim_pending import SCOPE
from .common import AftersalesCommon
from .test_portal import PIXEL


@tagged("post_install", "-at_install")
class TestIntake(AftersalesCommon, HttpCase):
    """The public form: nothing is made, and nothing told, before the mail's link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.first_claim = self.env["aftersales.claim"].search(
            [], limit=1, order="id desc"
        )

    def _get_field(self, page, name):
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page).group(1)

    def _open_form(self):
        page = self.url_open("/aftersales/claim/new").text
        return {
            name: self._get_field(page, name) for name in ("csrf_token", "form_key")
        }

    def _send(self, form=None, **values):
        data = {
            "name": "Núria Ferrer",
            "email": "nuria@example.com",
            "subject": "The bell is broken",
            "description": "It does not ring",
            **(form or self._open_form()),
            **values,
        }
        return self.url_open("/aftersales/claim/new", data=data, allow_redirects=False)

    def _get_pending(self):
        return self.env["aftersales.claim.pending"].search([], order="id")

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "aftersales.claim.pending")], order="id"
        )

    def _get_claims(self):
        return self.env["aftersales.claim"].search(
            [("id", ">", self.first_claim.id or 0)]
        )

    def _get_link(self):
        """The path of the link in the last mail that was sent."""
        body = self._get_mails()[-1].body_html
        return urlsplit(re.search(r'href="([^"]+/confirm/[^"]+)"', body).group(1)).path

    def _confirm(self, path, files=()):
        page = self.url_open(path).text
        return self.url_open(
            path,
            data={"csrf_token": self._get_field(page, "csrf_token")},
            files=[("files", file) for file in files],
            allow_redirects=False,
        )

    # -- a stranger

    def test_stranger_confirms_by_mail_and_follows_the_claim(self):
        partners = self.env["res.partner"].search_count([])
        answer = self._send(phone="600 100 200", reference="EB-1")
        self.assertTrue(answer.headers["Location"].endswith("/aftersales/claim/sent"))
        self.assertFalse(self._get_claims())
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        mail = self._get_mails()
        self.assertEqual(mail.email_to, "nuria@example.com")
        path = self._get_link()
        self.assertIn("The bell is broken", self.url_open(path).text)
        self.assertFalse(self._get_claims())
        answer = self._confirm(path, [("photo.png", PIXEL, "image/png")])
        claim = self._get_claims()
        self.assertEqual(claim.subject, "The bell is broken")
        self.assertEqual(claim.partner_id.email, "nuria@example.com")
        self.assertEqual(claim.partner_id.name, "Núria Ferrer")
        self.assertEqual(
            claim.channel_id, self.env.ref("aftersales_service.channel_web")
        )
        self.assertEqual(claim.message_ids.attachment_ids.raw, PIXEL)
        # A serial somebody writes proves nothing: the bike is Marta's.
        self.assertFalse(claim.line_ids)
        self.assertIn("EB-1", str(claim.message_ids.mapped("body")))
        self.assertIn("600 100 200", str(claim.message_ids.mapped("body")))
        thanks = claim.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertEqual(thanks.notified_partner_ids, claim.partner_id)
        page = self.url_open(answer.headers["Location"]).text
        self.assertIn(claim.name, page)
        self.assertNotIn("E-bike", page)

    def test_known_customer_confirms_as_well_and_names_their_product(self):
        self._send(email=" MARTA@example.com", name="Somebody", reference="EB-1")
        self.assertFalse(self._get_claims())
        self._confirm(self._get_link())
        claim = self._get_claims()
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(self.customer.name, "Marta Vidal")
        self.assertEqual(claim.line_ids.asset_id, self.asset)

    def test_product_claimed_already_makes_a_claim_without_it(self):
        self._create_claim(self.asset)
        self.first_claim = self.env["aftersales.claim"].search(
            [], limit=1, order="id desc"
        )
        self._send(email="marta@example.com", reference="EB-1")
        self._confirm(self._get_link())
        self.assertEqual(len(self._get_claims()), 1)
        self.assertFalse(self._get_claims().line_ids)

    def test_everybody_gets_the_same_answer(self):
        """Known or not, serial right or wrong, human or robot: nothing is told."""
        answers = set()
        for values in (
            {},
            {"email": "marta@example.com"},
            {"email": self.agent.email},
            {"reference": "EB-1"},
            {"reference": "EB-404"},
            {"website": "http://spam.example.com"},
        ):
            answer = self._send(**values)
            page = self.url_open(answer.headers["Location"]).text
            answers.add(
                (
                    answer.status_code,
                    answer.headers["Location"],
                    self._get_content(page),
                )
            )
        self.assertEqual(len(answers), 1)

    def test_serial_of_a_label_is_filled_in_whether_it_exists_or_not(self):
        for serial in ("EB-1", "EB-404"):
            page = self.url_open(f"/aftersales/claim/new?serial={serial}").text
            self.assertEqual(self._get_field(page, "reference"), serial)
            self.assertNotIn("E-bike", page)
        page = self.url_open('/aftersales/claim/new?serial="><script>alert(1)').text
        self.assertNotIn("<script>alert(1)", page)

    # -- robots and the impatient

    def test_robot_that_fills_in_everything_makes_nothing(self):
        self._send(website="http://spam.example.com")
        self.assertFalse(self._get_pending())
        self.assertFalse(self._get_mails())

    def test_sending_twice_makes_one_mail(self):
        form = self._open_form()
        for _time in range(3):
            self.assertEqual(self._send(form).status_code, 303)
        self.assertEqual(len(self._get_pending()), 1)
        self.assertEqual(len(self._get_mails()), 1)

    def test_confirming_twice_makes_one_claim(self):
        self._send()
        path = self._get_link()
        first = self._confirm(path)
        page = self.url_open("/aftersales/claim/new").text
        data = {"csrf_token": self._get_field(page, "csrf_token")}
        second = self.url_open(path, data=data, allow_redirects=False)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self._get_claims()), 1)
        shown = self.url_open(path, allow_redirects=False)
        self.assertEqual(shown.status_code, 303)
        self.assertEqual(len(self._get_claims()), 1)

    @mute_logger("odoo.http")
    def test_link_of_a_claim_whose_link_was_revoked_leads_nowhere(self):
        self._send()
        path = self._get_link()
        self._confirm(path)
        self._get_claims().sudo().tracking_token = False
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_one_address_gets_few_mails_whoever_asks(self):
        for number in range(7):
            answer = self._send(subject=f"Number {number}")
            self.assertTrue(answer.headers["Location"].endswith("/sent"))
        self.assertEqual(len(self._get_mails()), 5)
        self._send(email="somebody.else@example.com")
        self.assertEqual(len(self._get_mails()), 6)

    def test_one_visitor_sends_few_forms(self):
        for number in range(10):
            self._send(email=f"a{number}@example.com")
        answer = self._send(email="one.more@example.com")
        self.assertIn("Too many reports", answer.text)
        self.assertIn("one.more@example.com", answer.text)
        self.assertEqual(len(self._get_pending()), 10)

    # -- links

    @mute_logger("odoo.http")
    def test_expired_forged_and_unknown_links_say_the_same(self):
        self._send()
        path = self._get_link()
        pending = self._get_pending()
        forged = hash_sign(self.env, "another_scope", pending.id, expiration_hours=1)
        gone = hash_sign(self.env, SCOPE, 999999999, expiration_hours=1)
        paths = [
            *(
                f"/aftersales/claim/confirm/{token}"
                for token in (forged, gone, "x", "é")
            ),
            path + "x",
        ]
        answers = {self._get_not_found(other) for other in paths}
        with freeze_time(fields.Datetime.now() + timedelta(hours=49)):
            answers.add(self._get_not_found(path))
        self.assertEqual(len(answers), 1)
        self.assertFalse(self._get_claims())
        with freeze_time(fields.Datetime.now() + timedelta(hours=47)):
            self.assertEqual(self.url_open(path).status_code, 200)

    def _get_not_found(self, path):
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 404, path)
        return self._get_content(answer.text)

    def _get_content(self, page):
        """The page without header and footer, where each page has links of its own."""
        return re.search(r"<main.*</main>", page, re.DOTALL).group()

    def test_what_nobody_confirms_is_forgotten(self):
        self._send()
        pending = self._get_pending()
        pending._gc_pending()
        self.assertTrue(pending.exists())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_claim_pending SET create_date = create_date - %s",
            [timedelta(hours=49)],
        )
        pending._gc_pending()
        self.assertFalse(pending.exists())

    @mute_logger("odoo.http")
    def test_posting_needs_the_csrf_token(self):
        form = self._open_form()
        self.assertEqual(self._send({**form, "csrf_token": "wrong"}).status_code, 400)
        self._send()
        answer = self.url_open(self._get_link(), data={"csrf_token": "wrong"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._get_claims())

    # -- what people write

    def test_what_is_missing_is_told_and_what_was_written_stays(self):
        for values, message in (
            ({"name": " "}, "your name"),
            ({"email": "nonsense"}, "mail address"),
            ({"email": "a@b.example\nBcc: c@d.example"}, "mail address"),
            ({"subject": "\x00 "}, "in a few words"),
            ({"subject": "x" * 201}, "too long"),
            ({"description": "x" * 20001}, "too long"),
            ({"phone": "1" * 101}, "too long"),
            ({"form_key": ""}, "expired"),
        ):
            with self.subTest(message=message):
                self.env["aftersales.rate.limit"].search([]).unlink()
                answer = self._send(**values)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(message, answer.text)
                if "description" not in values:
                    self.assertIn("It does not ring", answer.text)
        self.assertFalse(self._get_pending())

    def test_hostile_texts_render_harmless_and_never_reach_others_by_mail(self):
        evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
        self._send(
            name=f"{evil}\r\nBcc: third@example.com", subject=evil, description=evil
        )
        mail = self._get_mails()
        self.assertNotIn("alert(1)", mail.body_html + mail.subject)
        self.assertEqual(mail.email_to, "nuria@example.com")
        path = self._get_link()
        page = self.url_open(path).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)
        answer = self._confirm(path)
        page = self.url_open(answer.headers["Location"]).text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)
        self.assertNotIn("\n", self._get_claims().partner_id.name)

    @mute_logger("odoo.http")
    def test_wrong_files_are_told_and_nothing_is_made(self):
        self._send()
        path = self._get_link()
        answer = self._confirm(path, [("x.html", b"<html><script>1</script></html>")])
        self.assertIn("neither a photo", answer.text)
        self.assertFalse(self._get_claims())
        self.assertFalse(
            self.env["res.partner"].search([("email", "=", "nuria@example.com")])
        )

    @mute_logger("odoo.http")
    def test_huge_forms_are_refused(self):
        answer = self._send(description="x" * (300 * 2**10))
        self.assertEqual(answer.status_code, 413)

    def test_signed_in_customer_finds_their_name_in_the_form(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open("/aftersales/claim/new").text
        self.assertEqual(self._get_field(page, "name"), "Marta Vidal")
        self.assertIn("/my/assets", page)

    def test_captcha_is_asked_where_one_is_installed(self):
        page = self.url_open("/aftersales/claim/new").text
        self.assertIn('data-captcha="aftersales_claim"', page)
        form = self._open_form()
        asked = []

        def refuse(_self, action):
            asked.append(action)
            raise UserError(action)

        ir_http = self.registry["ir.http"]
        self.patch(ir_http, "_verify_request_recaptcha_token", refuse)
        with mute_logger("odoo.http"):
            self._send(form)
        self.assertEqual(asked, ["aftersales_claim"])
        self.assertFalse(self._get_pending())
