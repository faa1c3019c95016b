# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_portal import PIXEL, PortalCase

ABSENT = 999_999_999
READABLE_CLAIM = {
    "access_url",
    "cancel_reason",
    "close_date",
    "contact_phone",
    "description",
    "name",
    "product_names",
    "resolution",
    "stage_id",
    "subject",
}


@tagged("post_install", "-at_install", "security")
class TestPortalSecurity(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(cls.asset, subject="Subject-SECRET")
        cls.claim._portal_ensure_token()
        cls.message = cls.claim.message_post(
            body="Message-SECRET",
            subtype_xmlid="mail.mt_comment",
            attachments=[("photo.png", PIXEL)],
        )
        cls.note = cls.claim.message_post(
            body="Note-SECRET", attachments=[("note.txt", b"Note-SECRET")]
        )
        cls.document = cls.env["product.document"].create(
            {
                "name": "Manual-SECRET",
                "raw": b"SECRET",
                "res_model": "product.template",
                "res_id": cls.bike.product_tmpl_id.id,
                "is_for_owners": True,
            }
        )
        other_company = cls.env["res.company"].create({"name": "Other"})
        elsewhere = cls._create_portal_user(
            "elsewhere", cls.env["res.partner"].create({"name": "Else", "email": "e@e"})
        )
        elsewhere.write(
            {
                "company_ids": [Command.set(other_company.ids)],
                "company_id": other_company.id,
            }
        )
        cls._create_user("outsider", "base.group_user")
        cls.strangers = ("test_jordi", "test_outsider", "test_elsewhere", None)

    def _sign_in(self, login):
        self.authenticate(login, login)

    def _rpc(self, model, method, *args, **kwargs):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        ).json()

    # -- what isn't theirs

    @mute_logger("odoo.http")
    def test_the_same_answer_for_others_documents_and_for_nothing(self):
        pairs = [
            (f"/my/claims/{self.claim.id}", f"/my/claims/{ABSENT}"),
            (f"/my/assets/{self.asset.id}", f"/my/assets/{ABSENT}"),
            (
                f"/my/assets/{self.asset.id}/document/{self.document.id}",
                f"/my/assets/{ABSENT}/document/{ABSENT}",
            ),
            (
                f"/my/claims/new?asset_id={self.asset.id}",
                f"/my/claims/new?asset_id={ABSENT}",
            ),
        ]
        for login in self.strangers:
            self._sign_in(login)
            for theirs, absent in pairs:
                with self.subTest(login=login, path=theirs):
                    answers = [
                        self.url_open(path, allow_redirects=False)
                        for path in (theirs, absent)
                    ]
                    statuses = {answer.status_code for answer in answers}
                    self.assertEqual(len(statuses), 1)
                    self.assertLessEqual(statuses, {303, 404, 403})
                    self.assertNotIn("SECRET", answers[0].text)

    @mute_logger("odoo.http")
    def test_strangers_answer_and_send_nothing(self):
        self.claim._action_solve()
        for login in self.strangers:
            self._sign_in(login)
            csrf = self._get_csrf_token() if login else self._get_public_csrf()
            for claim_id in (self.claim.id, ABSENT):
                for token in ("", "wrong", "0" * 36):
                    with self.subTest(login=login, claim=claim_id, token=token):
                        answer = self.url_open(
                            f"/my/claims/{claim_id}/answer",
                            data={
                                "csrf_token": csrf,
                                "answer": "not_solved",
                                "reason": "Mine",
                                "access_token": token,
                            },
                            allow_redirects=False,
                        )
                        self.assertEqual(answer.status_code, 404)
            for asset_id in (self.asset.id, ABSENT):
                for path in ("/my/claims/new", "/my/claims/articles"):
                    answer = self.url_open(
                        path,
                        data={
                            "csrf_token": csrf,
                            "subject": "x",
                            "form_key": f"{login}-{asset_id}",
                            "asset_ids": str(asset_id),
                        },
                        allow_redirects=False,
                    )
                    self.assertIn(answer.status_code, (303, 403, 404))
        self.assertEqual(self.claim.stage_category, "solved")
        self.assertEqual(self._get_claims(), self.claim)

    def _get_public_csrf(self):
        page = self.url_open("/web/login").text
        return page.partition('csrf_token: "')[2].partition('"')[0]

    @mute_logger("odoo.http")
    def test_staff_do_not_speak_for_the_customer(self):
        self.claim._action_solve()
        self.authenticate("test_agent", "test_agent")
        answer = self.url_open(
            f"/my/claims/{self.claim.id}/answer",
            data={"csrf_token": self._get_csrf_token(), "answer": "solved"},
        )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.claim.confirm_date)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_messages_and_files_of_others(self):
        photo, secret = self.message.attachment_ids, self.note.attachment_ids
        for login in self.strangers:
            self._sign_in(login)
            for attachment in photo | secret:
                for query in ("", f"?access_token={self.claim.access_token}"):
                    with self.subTest(login=login, name=attachment.name, query=query):
                        answer = self.url_open(f"/web/content/{attachment.id}{query}")
                        self.assertNotIn(b"SECRET", answer.content)
                        self.assertNotEqual(answer.content, PIXEL)
            answer = self.url_open(
                "/mail/message/post",
                json={
                    "params": {
                        "thread_model": "aftersales.claim",
                        "thread_id": self.claim.id,
                        "post_data": {"body": "By a stranger"},
                    }
                },
            ).json()
            self.assertIn("error", answer)
        self.assertFalse(
            self.claim.message_ids.filtered(lambda m: "stranger" in (m.body or ""))
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_the_customer_sees_no_internal_note(self):
        self._sign_in("test_marta")
        answer = self.url_open(f"/web/content/{self.note.attachment_ids.id}")
        self.assertNotIn(b"SECRET", answer.content)
        answer = self._rpc(
            "mail.message",
            "search_read",
            [["model", "=", "aftersales.claim"], ["res_id", "=", self.claim.id]],
            ["body"],
        )
        self.assertIn("Message-SECRET", json.dumps(answer))
        self.assertNotIn("Note-SECRET", json.dumps(answer))
        answer = self.url_open(
            "/mail/chatter_fetch",
            json={
                "params": {
                    "thread_model": "aftersales.claim",
                    "thread_id": self.claim.id,
                }
            },
        )
        self.assertNotIn("Note-SECRET", answer.text)

    def test_the_customer_writes_with_files_that_stay_inert(self):
        """Nothing that a customer uploads runs in the browser of staff."""
        for name, content in (
            ("x.html", b"<html><script>alert(1)</script></html>"),
            ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ):
            self._sign_in("test_marta")
            answer = self.url_open(
                "/mail/attachment/upload",
                data={
                    "csrf_token": self._get_csrf_token(),
                    "thread_id": self.claim.id,
                    "thread_model": "aftersales.claim",
                    "is_pending": True,
                },
                files={"ufile": (name, content, "text/html")},
            ).json()
            data = answer["data"]
            attachment = self.env["ir.attachment"].browse(data["attachment_id"])
            token = data["store_data"]["ir.attachment"][0]["ownership_token"]
            with self.subTest(name=name):
                self.assertEqual(attachment.mimetype, "text/plain")
                self.url_open(
                    "/mail/message/post",
                    json={
                        "params": {
                            "thread_model": "aftersales.claim",
                            "thread_id": self.claim.id,
                            "post_data": {
                                "body": "<script>alert(1)</script>",
                                "attachment_ids": attachment.ids,
                                "attachment_tokens": [token],
                            },
                        }
                    },
                )
                self.assertEqual(attachment.res_id, self.claim.id)
                self._sign_in("test_agent")
                file = self.url_open(f"/web/content/{attachment.id}")
                self.assertEqual(file.status_code, 200)
                self.assertNotIn("html", file.headers["Content-Type"])
                self.assertNotIn("svg", file.headers["Content-Type"])
                self.assertIn("default-src", file.headers["Content-Security-Policy"])
        self.assertNotIn(
            "<script>", "".join(m.body or "" for m in self.claim.message_ids)
        )

    # -- colleagues

    def _make_colleagues(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).parent_id = firm

    @mute_logger("odoo.http")
    def test_colleagues_see_each_other_as_the_company_says(self):
        self._make_colleagues()
        pages = (f"/my/claims/{self.claim.id}", f"/my/assets/{self.asset.id}")
        for scope, status in (("own", 404), ("company", 200), ("own", 404)):
            self.company.aftersales_portal_scope = scope
            self._sign_in("test_jordi")
            for page in pages:
                with self.subTest(scope=scope, page=page):
                    self.assertEqual(self.url_open(page).status_code, status)
            lists = self.url_open("/my/claims").text + self.url_open("/my/assets").text
            for text in ("Subject-SECRET", "EB-1"):
                self.assertEqual(text in lists, status == 200)
            answer = self._rpc("aftersales.claim", "search_count", [])
            self.assertEqual(answer["result"], int(status == 200))

    def test_settings_decide_for_colleagues(self):
        settings = self.env["res.config.settings"].create(
            {"aftersales_portal_scope": "company"}
        )
        settings.execute()
        self.assertEqual(self.company.aftersales_portal_scope, "company")

    # -- another customer

    @mute_logger("odoo.http")
    def test_a_former_customer_loses_mails_link_and_page(self):
        for is_colleague in (False, True):
            if is_colleague:
                self._make_colleagues()
            claim = self._create_claim(subject="Moves on")
            token = claim._portal_ensure_token()
            self.assertIn(self.customer, claim.message_partner_ids)
            claim.with_user(self.manager).partner_id = self.stranger
            with self.subTest(is_colleague=is_colleague):
                self.assertEqual(
                    claim.message_partner_ids.filtered("partner_share"), self.stranger
                )
                self.assertNotEqual(claim._portal_ensure_token(), token)
                self._sign_in("test_marta")
                for query in ("", f"?access_token={token}"):
                    answer = self.url_open(f"/my/claims/{claim.id}{query}")
                    self.assertEqual(answer.status_code, 404)

    @mute_logger("odoo.http")
    def test_a_former_owner_loses_the_product(self):
        token = self.asset._portal_ensure_token()
        self.asset.message_subscribe(self.customer.ids)
        self.claim.line_ids.unlink()
        self.asset.with_user(self.manager).partner_id = self.stranger
        self.assertNotIn(self.customer, self.asset.message_partner_ids)
        self.assertNotEqual(self.asset._portal_ensure_token(), token)
        self._sign_in("test_marta")
        answer = self.url_open(f"/my/assets/{self.asset.id}")
        self.assertEqual(answer.status_code, 404)
        self._sign_in("test_jordi")
        answer = self.url_open(f"/my/assets/{self.asset.id}")
        self.assertEqual(answer.status_code, 200)

    # -- fields

    def test_the_customer_reads_a_short_list_of_fields(self):
        for record, readable in (
            (self.claim, READABLE_CLAIM),
            (self.asset, {"name", "quantity", "delivery_date", "state"}),
        ):
            mine = record.with_user(self.portal_user)
            allowed = mine._get_portal_readable_fields()
            self.assertLessEqual(readable, allowed)
            for name in record._fields:
                if name in allowed:
                    mine.search_read([("id", "=", record.id)], [name])
                    continue
                with self.subTest(model=record._name, field=name):
                    with self.assertRaises(AccessError):
                        mine.search_read([("id", "=", record.id)], [name])

    def test_hidden_fields_are_not_searched_nor_grouped_nor_sorted(self):
        claims = self.env["aftersales.claim"].with_user(self.portal_user)
        for name in ("access_token", "cost", "portal_key", "sla_deadline", "user_id"):
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    claims.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    claims.formatted_read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    claims.search([], order=name)

    def test_no_token_in_lists(self):
        self._sign_in("test_marta")
        token = self.claim.access_token
        self.asset._portal_ensure_token()
        for path in ("/my", "/my/claims", "/my/assets", "/my/claims/new"):
            with self.subTest(path=path):
                page = self.url_open(path).text
                self.assertNotIn(token, page)
                self.assertNotIn(self.asset.access_token, page)
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertNotIn(token, page)
