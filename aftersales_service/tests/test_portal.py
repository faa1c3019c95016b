# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortal(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])

    def _open_form(self, asset=None):
        suffix = f"?asset_id={asset.id}" if asset else ""
        page = self.url_open(f"/my/claims/new{suffix}").text
        return {
            name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page).group(1)
            for name in ("csrf_token", "form_key")
        }

    def _send(self, form, files=(), **values):
        return self.url_open(
            "/my/claims/new",
            data={"subject": "It stops", **form, **values},
            files=[("files", file) for file in files],
            allow_redirects=False,
        )

    def _get_claims(self):
        return self.env["aftersales.claim"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_customer_reports_a_problem_with_a_photo(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open("/my/assets").text
        self.assertIn("E-bike Tramuntana", page)
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        self.assertIn("EB-1", page)
        form = self._open_form(self.asset)
        answer = self._send(
            form,
            [("photo.png", PIXEL, "image/png")],
            asset_id=str(self.asset.id),
            symptom_id=str(self.symptom.id),
            description="After ten minutes.\x00",
        )
        claim = self._get_claims()
        self.assertIn(f"/my/claims/{claim.id}", answer.headers["Location"])
        self.assertEqual(claim.line_ids.asset_id, self.asset)
        self.assertEqual(claim.line_ids.symptom_id, self.symptom)
        self.assertEqual(claim.description, "After ten minutes.")
        self.assertEqual(claim.channel_id.name, "Portal")
        photo = claim.message_ids.attachment_ids
        self.assertEqual(photo.raw, PIXEL)
        mail = claim.message_ids.filtered(lambda m: m.message_type == "auto_comment")
        self.assertIn(claim.name, mail.subject)
        self.assertIn(self.customer, mail.notified_partner_ids)
        page = self.url_open(f"/my/claims/{claim.id}?sent=1").text
        self.assertIn(claim.name, page)
        self.assertIn("It stops", self.url_open("/my/claims").text)

    def test_sending_twice_makes_one_claim(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        first, second = self._send(form), self._send(form)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self._get_claims()), 1)

    def test_form_decides_nothing_but_its_own_fields(self):
        self.authenticate("test_marta", "test_marta")
        self._send(
            self._open_form(),
            partner_id=str(self.stranger.id),
            priority="3",
            stage_id=str(self.env.ref("aftersales_service.stage_solved").id),
            user_id="1",
        )
        claim = self._get_claims()
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.priority, "1")
        self.assertEqual(claim.stage_category, "new")
        self.assertFalse(claim.user_id)

    def test_wrong_files_and_texts_are_told_and_nothing_is_made(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        for files, values, message in (
            ([("x.html", b"<html><script>1</script></html>")], {}, "neither a photo"),
            ([("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')], {}, "neither"),
            ([], {"subject": "  "}, "in a few words"),
            ([], {"subject": "x" * 201}, "200 characters"),
            ([], {"description": "x" * 20001}, "20000 characters"),
            ([], {"form_key": ""}, "expired"),
        ):
            with self.subTest(message=message):
                answer = self._send(form, files, **values)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(message, answer.text)
        self.assertFalse(self._get_claims())

    def test_hostile_text_is_shown_harmless(self):
        self.authenticate("test_marta", "test_marta")
        self._send(
            self._open_form(),
            subject="<script>alert(1)</script>",
            description="<img src=x onerror=alert(1)>",
        )
        claim = self._get_claims()
        page = self.url_open(f"/my/claims/{claim.id}").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)

    @mute_logger("odoo.http")
    def test_others_get_the_same_not_found_as_for_nothing(self):
        claim = self._create_claim(self.asset)
        self.authenticate("test_jordi", "test_jordi")
        for path in (
            f"/my/claims/{claim.id}",
            f"/my/assets/{self.asset.id}",
            f"/my/claims/new?asset_id={self.asset.id}",
            "/my/claims/999999999",
            "/my/assets/999999999",
            "/my/claims/new?asset_id=999999999",
            "/my/claims/new?asset_id=abc",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 404)
        form = self._open_form()
        answer = self._send(form, asset_id=str(self.asset.id))
        self.assertEqual(answer.status_code, 404)

    @mute_logger("odoo.http")
    def test_link_in_the_mail_works_without_login_and_only_with_its_token(self):
        claim = self._create_claim(self.asset)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(f"/my/claims/{claim.id}").status_code, 404)
        url = f"/my/claims/{claim.id}?access_token="
        self.assertEqual(self.url_open(url + "wrong").status_code, 404)
        page = self.url_open(url + claim._portal_ensure_token())
        self.assertIn(claim.subject, page.text)

    @mute_logger("odoo.http")
    def test_posting_needs_the_csrf_token(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        form["csrf_token"] = "wrong"
        self.assertEqual(self._send(form).status_code, 400)
        self.assertFalse(self._get_claims())

    def test_pages_cost_the_same_for_few_and_many(self):
        self.authenticate("test_marta", "test_marta")

        def queries(path):
            self.env.flush_all()
            self.env.invalidate_all()
            self.url_open(path)
            before = self.env.cr.sql_log_count
            self.url_open(path)
            return self.env.cr.sql_log_count - before

        self._create_claim(self.asset)
        few = [queries(path) for path in ("/my/claims", "/my/assets")]
        assets = self._sell(self.bike, serials=[f"N-{n}" for n in range(15)])
        for asset in assets:
            self._create_claim(asset)
        many = [queries(path) for path in ("/my/claims", "/my/assets")]
        for before, after in zip(few, many, strict=True):
            self.assertLessEqual(after, before + 3)

    @mute_logger("odoo.http")
    def test_nonsense_gets_an_answer_and_no_crash(self):
        self.authenticate("test_marta", "test_marta")
        huge = "9" * 30
        form = self._open_form()
        for field, value in (
            ("type_id", huge),
            ("symptom_id", huge),
            ("asset_id", huge),
            ("type_id", "-1"),
            ("type_id", "²"),
            ("subject", "\x00"),
            ("form_key", "a\x00b"),
            ("form_key", "".join(map(str, range(3000)))),
            ("form_key", ""),
        ):
            with self.subTest(field=field, value=value[:9]):
                answer = self._send({**form, field: value})
                self.assertLess(answer.status_code, 500)
        for path in (
            f"/my/claims/new?asset_id={huge}",
            f"/my/assets/{huge}",
            f"/my/claims/{huge}",
            "/my/assets?search=%00",
            "/my/claims?sortby=x&filterby=y",
            "/my/claims/page/999999",
            "/my/articles?search=%00",
            f"/my/articles/{huge}",
        ):
            with self.subTest(path=path[:30]):
                self.assertLess(self.url_open(path).status_code, 500)
