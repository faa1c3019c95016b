# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
import re

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import aftersales_claim_portal
from .common import AftersalesCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
PHOTO = ("photo.png", PIXEL, "image/png")


class PortalCase(AftersalesCommon, HttpCase):
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

    def _send(self, form, files=(), receipts=(), headers=None, **values):
        return self.url_open(
            "/my/claims/new",
            data={"subject": "It stops", **form, **values},
            files=[("files", file) for file in files]
            + [("receipts", file) for file in receipts],
            headers=headers,
            allow_redirects=False,
        )

    def _get_claims(self):
        return self.env["aftersales.claim"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def _get_csrf_token(self):
        page = self.url_open("/my/security").text
        return re.search(r'csrf_token: "([^"]+)"', page).group(1)


@tagged("post_install", "-at_install")
class TestPortalForm(PortalCase):
    def test_customer_reports_a_problem_with_a_photo(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open("/my/assets").text
        self.assertIn("E-bike Tramuntana", page)
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        self.assertIn("EB-1", page)
        form = self._open_form(self.asset)
        answer = self._send(
            form,
            [PHOTO],
            asset_ids=str(self.asset.id),
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

    def test_several_products_with_their_quantities(self):
        helmets = self._sell(self.helmet, quantity=3)
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        ids = [self.asset.id, helmets.id]
        for wrong in ("4", "0", "-1", "nan", "x"):
            with self.subTest(quantity=wrong):
                answer = self._send(
                    form, asset_ids=ids, **{f"quantity_{helmets.id}": wrong}
                )
                self.assertIn("How many of", answer.text)
        self._send(form, asset_ids=ids, **{f"quantity_{helmets.id}": "2"})
        lines = self._get_claims().line_ids
        self.assertEqual(lines.asset_id, self.asset | helmets)
        self.assertEqual(
            lines.filtered(lambda ln: ln.asset_id == helmets).quantity, 2.0
        )

    def test_another_product_with_its_receipt(self):
        self.authenticate("test_marta", "test_marta")
        self._send(
            self._open_form(),
            receipts=[PHOTO],
            other="1",
            serial="OLD-77",
            order="T-2024-1",
            description="Bought in the shop.",
        )
        claim = self._get_claims()
        self.assertFalse(claim.line_ids)
        self.assertIn("OLD-77", claim.description)
        self.assertIn("T-2024-1", claim.description)
        self.assertEqual(claim.message_ids.attachment_ids.name, "photo.png")

    def test_the_type_asks_for_what_it_needs_or_lets_it_come_later(self):
        needy = self.env["aftersales.type"].create(
            {
                "name": "Needy",
                "require_photo": True,
                "require_serial": True,
                "require_proof": True,
            }
        )
        self.authenticate("test_marta", "test_marta")
        form = {**self._open_form(), "type_id": str(needy.id)}
        for files, receipts, values, message in (
            ([], [], {}, "serial number"),
            ([], [], {"serial": "OLD-77"}, "We need a photo for"),
            ([PHOTO], [], {"serial": "OLD-77"}, "photo of the receipt"),
            ([], [], {"asset_ids": str(self.asset.id)}, "We need a photo for"),
        ):
            with self.subTest(message=message, values=values):
                answer = self._send(form, files, receipts, **values)
                self.assertIn(message, answer.text)
        self.assertFalse(self._get_claims())
        self._send(form, [PHOTO], asset_ids=str(self.asset.id))
        self.assertEqual(len(self._get_claims()), 1)
        self._send({**self._open_form(), "type_id": str(needy.id)}, later="1")
        self.assertEqual(len(self._get_claims()), 2)

    def test_how_to_reach_the_customer(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        answer = self._send(form, contact_by="phone", contact_phone=" ")
        self.assertIn("Which number", answer.text)
        self._send(
            form,
            contact_by="phone",
            contact_phone="600 111 222",
            contact_time="morning",
        )
        claim = self._get_claims()
        self.assertEqual(claim.contact_by, "phone")
        self.assertEqual(claim.contact_phone, "600 111 222")
        self.assertEqual(claim.contact_time, "morning")
        self._send(self._open_form(), contact_by="pigeon", contact_time="never")
        claim = self._get_claims() - claim
        self.assertFalse(claim.contact_by or claim.contact_time)

    def test_what_was_typed_is_kept_when_something_is_wrong(self):
        self.authenticate("test_marta", "test_marta")
        answer = self._send(
            {**self._open_form(), "subject": "", "type_id": ""},
            description="Typed with one thumb",
            serial="OLD-77",
            contact_phone="600 111 222",
            asset_ids=str(self.asset.id),
        )
        for kept in ("Typed with one thumb", "OLD-77", "600 111 222"):
            self.assertIn(kept, answer.text)
        box = re.search(rf'<input[^>]*id="asset_{self.asset.id}"[^>]*>', answer.text)
        self.assertIn("checked", box.group())

    def test_the_browser_s_script_gets_words_and_the_field(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        json = {"Accept": "application/json"}
        answer = self._send({**form, "subject": ""}, headers=json).json()
        self.assertEqual(answer["field"], "subject")
        self.assertTrue(answer["error"])
        answer = self._send(form, headers=json).json()
        self.assertEqual(answer, {"url": f"/my/claims/{self._get_claims().id}?sent=1"})

    def test_sending_twice_makes_one_claim(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        first, second = self._send(form), self._send(form)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self._get_claims()), 1)

    def test_the_key_of_another_customer_shows_nothing(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        self._send(form)
        self.authenticate("test_jordi", "test_jordi")
        answer = self._send(
            {**self._open_form(), "form_key": form["form_key"]}, subject="Mine"
        )
        own = self.env["aftersales.claim"].search(
            [("partner_id", "=", self.stranger.id)]
        )
        self.assertEqual(answer.headers["Location"], f"/my/claims/{own.id}?sent=1")
        self.assertEqual(self._get_claims().subject, "It stops")

    def test_form_decides_nothing_but_its_own_fields(self):
        self.authenticate("test_marta", "test_marta")
        self._send(
            self._open_form(),
            partner_id=str(self.stranger.id),
            priority="3",
            stage_id=str(self.env.ref("aftersales_service.stage_solved").id),
            user_id="1",
            company_id="1",
            confirm_date="2026-01-01",
            is_confidential="1",
        )
        claim = self._get_claims()
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.priority, "1")
        self.assertEqual(claim.stage_category, "new")
        self.assertFalse(claim.user_id or claim.confirm_date or claim.is_confidential)

    def test_an_open_request_is_not_made_twice(self):
        claim = self._create_claim(self.asset)
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        self.assertIn(claim.name, self.url_open("/my/claims/new").text)
        answer = self._send(form, asset_ids=str(self.asset.id))
        self.assertIn("already an open request", answer.text)
        self.assertIn(claim.name, answer.text)
        self.assertEqual(self._get_claims(), claim)

    def test_wrong_files_and_texts_are_told_and_nothing_is_made(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        for files, values, message in (
            ([("x.html", b"<html><script>1</script></html>")], {}, "neither a photo"),
            ([("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')], {}, "neither"),
            ([("x.png", b"<html><script>1</script></html>")], {}, "neither a photo"),
            ([PHOTO] * 9, {}, "Send 8 files at most"),
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

    def test_sizes_are_said_before_and_checked(self):
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        page = self.url_open("/my/claims/new").text
        self.assertIn('data-max-file-mib="25"', page)
        big = PIXEL + b"\0" * (2**20)
        for limit, message in (
            ("MAX_FILE_MIB", "is too big"),
            ("MAX_TOTAL_MIB", "together"),
        ):
            with self.subTest(limit=limit):
                self.patch(aftersales_claim_portal, limit, 1)
                answer = self._send(form, [("big.png", big, "image/png")])
                self.assertIn(message, answer.text)
                self.patch(aftersales_claim_portal, limit, 100)
        self.assertFalse(self._get_claims())

    def test_films_and_photos_of_phones_are_taken(self):
        self.authenticate("test_marta", "test_marta")
        files = [
            ("a.mov", b"\0\0\0\x14ftypqt  " + bytes(64), "video/quicktime"),
            ("a.heic", b"\0\0\0\x18ftypheic" + bytes(64), "image/heic"),
            ("a.webm", b"\x1aE\xdf\xa3" + bytes(64), "video/webm"),
        ]
        self._send(self._open_form(), files)
        attachments = self._get_claims().message_ids.attachment_ids
        self.assertEqual(
            sorted(attachments.mapped("name")), ["a.heic", "a.mov", "a.webm"]
        )

    def test_hostile_texts_and_names_are_shown_harmless(self):
        self.authenticate("test_marta", "test_marta")
        evil = "<script>alert(1)</script>"
        self._send(
            self._open_form(),
            [(f"{evil}.png", PIXEL, "image/png")],
            subject=evil,
            description="<img src=x onerror=alert(1)>",
            serial=evil,
            contact_phone="<b onclick=alert(1)>1</b>",
        )
        claim = self._get_claims()
        for path in (f"/my/claims/{claim.id}", "/my/claims", "/my/claims/new"):
            page = self.url_open(path).text
            self.assertNotIn("<script>alert(1)", page)
            self.assertNotIn("<img src=x", page)
            self.assertNotIn("<b onclick", page)
        product = self._create_product("<script>alert(1)</script>", "none", 1.0, 2.0)
        self._stock(product, 1)
        self._sell(product)
        for path in ("/my/assets", "/my/claims/new"):
            self.assertNotIn("<script>alert(1)", self.url_open(path).text)

    @mute_logger("odoo.http")
    def test_posting_needs_the_csrf_token(self):
        claim = self._create_claim(self.asset)
        claim._action_solve()
        article = self._create_article()
        self.authenticate("test_marta", "test_marta")
        for path in (
            "/my/claims/new",
            "/my/claims/articles",
            f"/my/claims/{claim.id}/answer",
            f"/my/articles/{article.id}/helped",
        ):
            with self.subTest(path=path):
                data = {"csrf_token": "wrong", "form_key": "k", "answer": "not_solved"}
                answer = self.url_open(path, data={**data, "reason": "x"})
                self.assertEqual(answer.status_code, 400)
        self.assertEqual(self._get_claims(), claim)
        self.assertEqual(claim.stage_category, "solved")
        self.assertFalse(article.deflection_count)

    def _create_article(self, **values):
        return self.env["aftersales.article"].create(
            {
                "name": "Charge the battery",
                "kind": "faq",
                "body": "<p>Overnight.</p>",
                "is_published": True,
                **values,
            }
        )

    def test_articles_that_may_help_come_before_sending(self):
        article = self._create_article(product_ids=[Command.link(self.bike.id)])
        self._create_article(name="Charge the battery: staff", is_published=False)
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        page = self.url_open(
            "/my/claims/articles",
            data={**form, "subject": "battery", "asset_ids": str(self.asset.id)},
        ).text
        self.assertIn("Charge the battery", page)
        self.assertNotIn("staff", page)
        empty = self.url_open("/my/claims/articles", data=form).text
        self.assertNotIn("Charge", empty)
        helped = f"/my/articles/{article.id}/helped"
        for _twice in range(2):
            answer = self.url_open(helped, data=form)
            self.assertIn("glad", answer.text)
        self.assertEqual(article.deflection_count, 1)
        self.url_open(helped, data={**form, "form_key": "another"})
        self.assertEqual(article.deflection_count, 2)
        self.url_open(helped, data={**form, "form_key": "x" * 65})
        self.assertEqual(article.deflection_count, 2)
        self.assertFalse(self._get_claims())

    @mute_logger("odoo.http")
    def test_an_article_that_is_not_published_is_not_found(self):
        article = self._create_article(is_published=False)
        self.authenticate("test_marta", "test_marta")
        form = self._open_form()
        answer = self.url_open(f"/my/articles/{article.id}/helped", data=form)
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(article.deflection_count)

    @mute_logger("odoo.http")
    def test_nonsense_gets_an_answer_and_no_crash(self):
        self.authenticate("test_marta", "test_marta")
        huge = "9" * 30
        form = self._open_form()
        for field, value in (
            ("type_id", huge),
            ("symptom_id", huge),
            ("asset_ids", huge),
            ("asset_ids", "²"),
            ("type_id", "-1"),
            ("type_id", "²"),
            ("subject", "\x00"),
            ("contact_phone", "\x00" + "9" * 999),
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
            f"/my/assets/{self.asset.id}/document/{huge}",
            f"/my/claims/{huge}",
            "/my/assets?search=%00",
            "/my/assets?sortby=partner_id&filterby=x",
            "/my/claims?search=%00%25_",
            "/my/claims?sortby=x&filterby=y",
            "/my/claims/page/999999",
            "/my/articles?search=%00",
            f"/my/articles/{huge}",
        ):
            with self.subTest(path=path[:30]):
                self.assertLess(self.url_open(path).status_code, 500)
