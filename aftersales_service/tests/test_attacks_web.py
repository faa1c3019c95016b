# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
import re
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..controllers import tracking
from .common import AftersalesCommon
from .test_portal import PIXEL

HUGE = "9" * 40


@tagged("post_install", "-at_install", "security")
class TestWebAttacks(AftersalesCommon, HttpCase):
    """What the pages are sent by those who do not use their forms and links."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.agent.id)

    def _get_csrf(self, path):
        page = self.url_open(path).text
        return re.search(r'csrf_token"[^>]*value="([^"]+)"', page).group(1)

    # -- input no browser sends

    def test_no_address_breaks_a_page(self):
        self.authenticate("test_marta", "test_marta")
        token = self.claim._get_tracking_url().rpartition("/")[2]
        for path in (
            f"/my/claims/{HUGE}",
            f"/my/assets/{HUGE}",
            f"/my/assets/{self.asset.id}/document/{HUGE}",
            f"/my/articles/{HUGE}",
            f"/my/repairs/{HUGE}/report",
            f"/my/claims/new?asset_id={HUGE}",
            f"/aftersales/claim/{token}/file/{HUGE}",
            "/aftersales/claim/confirm/AAAA",
            "/aftersales/claim/confirm/%C3%A9%C3%A9",
            "/aftersales/steps?answer=AQAA",
            "/aftersales/steps?answer=%C3%A9%00",
            "/my/claims/1?access_token=%00",
        ):
            with self.subTest(path=path):
                answer = self.url_open(path, allow_redirects=False)
                self.assertEqual(answer.status_code, 404)

    def test_no_search_breaks_a_list(self):
        self.authenticate("test_marta", "test_marta")
        for path in ("/my/claims", "/my/assets", "/my/articles"):
            for search in ("%00", "%25_%5C", "x" * 5000, "%ED%A0%80"):
                with self.subTest(path=path, search=search[:10]):
                    answer = self.url_open(f"{path}?search={search}")
                    self.assertEqual(answer.status_code, 200)

    def test_a_search_finds_nothing_of_others(self):
        self.authenticate("test_jordi", "test_jordi")
        for path in ("/my/claims", "/my/assets"):
            for search in ("EB-1", "Tramuntana"):
                with self.subTest(path=path, search=search):
                    page = self.url_open(f"{path}?search={search}").text
                    self.assertNotIn(self.claim.name, page)
                    self.assertNotIn("E-bike", page)

    def test_no_form_breaks_the_portal(self):
        self.authenticate("test_marta", "test_marta")
        form = {
            "csrf_token": self._get_csrf("/my/claims/new"),
            "subject": "",
            "form_key": "key",
        }
        for change in (
            {"type_id": HUGE},
            {"symptom_id": HUGE},
            {"asset_ids": HUGE},
            {"form_key": "\x00"},
            {"subject": "\x00"},
            {"asset_ids": self.asset.id, f"quantity_{self.asset.id}": "nan"},
            {"asset_ids": self.asset.id, f"quantity_{self.asset.id}": "1e-9"},
        ):
            with self.subTest(change=change):
                answer = self.url_open("/my/claims/new", data={**form, **change})
                self.assertIn(answer.status_code, (200, 404))
        for name in ("subject", "form_key", "type_id", "contact_phone", "serial"):
            with self.subTest(file=name):
                values = {key: text for key, text in form.items() if key != name}
                answer = self.url_open(
                    "/my/claims/new",
                    data=values,
                    files=[(name, ("a.txt", b"text", "text/plain"))],
                )
                self.assertEqual(answer.status_code, 200)
        latest = self.env["aftersales.claim"].search([], order="id desc", limit=1)
        self.assertEqual(latest, self.claim)

    # -- more rights than given

    def test_customer_does_not_speak_as_staff(self):
        with self.assertRaises(AccessError):
            self.claim.with_user(self.portal_user).message_post(
                body="We pay it back",
                author_id=self.agent.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def test_no_default_of_the_caller_sets_what_follows_from_steps(self):
        claims = self.env["aftersales.claim"].with_user(self.agent)
        for name, value in {
            "tracking_token": "t" * 30,
            "access_token": "t" * 30,
            "portal_key": "key",
            "close_date": "2020-01-01",
            "confirm_date": "2020-01-01",
            "first_response_date": "2020-01-01",
            "reopen_count": 5,
            "response_count": 5,
            "has_unverified_mail": True,
        }.items():
            with self.subTest(name=name):
                try:
                    claim = claims.with_context(**{f"default_{name}": value}).create(
                        {"subject": "Mine", "partner_id": self.customer.id}
                    )
                except AccessError:
                    continue
                self.assertFalse(claim.sudo()[name])

    def _quote(self):
        self.claim.line_ids.action_create_repair()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "require_signature": True,
                "require_payment": False,
                "order_line": [
                    Command.create({"product_id": self.battery.id, "price_unit": 420})
                ],
            }
        )
        order.action_quotation_sent()
        order._portal_ensure_token()
        self.claim.repair_ids.sale_order_id = order
        return order

    def test_the_link_of_a_quote_opens_no_claim(self):
        """Whom the customer passes a quote on to reads none of the conversation."""
        self.authenticate(None, None)
        order = self._quote()
        self.claim._portal_ensure_token()
        answer = self.url_open(
            f"/my/orders/{order.id}/accept",
            json={
                "params": {
                    "access_token": order.access_token,
                    "name": "Marta",
                    "signature": base64.b64encode(PIXEL).decode(),
                }
            },
        ).json()["result"]
        self.assertEqual(order.state, "sale")
        self.assertNotIn(self.claim.access_token, answer["redirect_url"])
        self.assertNotIn("/my/claims", answer["redirect_url"])

    def test_the_link_of_a_refused_quote_opens_no_claim(self):
        self.authenticate(None, None)
        order = self._quote()
        self.claim._portal_ensure_token()
        answer = self.url_open(
            f"/my/orders/{order.id}/decline?access_token={order.access_token}",
            data={
                "csrf_token": self._get_csrf("/aftersales/claim/new"),
                "decline_message": "Too expensive",
            },
            allow_redirects=False,
        )
        self.assertEqual(order.state, "cancel")
        self.assertNotIn(self.claim.access_token, answer.headers["Location"])

    # -- links that have ended

    def _confirm_pending(self):
        pending = self.env["aftersales.claim.pending"].create(
            {
                "form_key": "key",
                "name": "Marta",
                "email": "marta@example.com",
                "subject": "The bell is broken",
                "company_id": self.company.id,
                "claim_id": self.claim.id,
            }
        )
        url = pending._get_confirm_url()
        return url[url.index("/aftersales/claim") :]

    def test_confirmation_link_does_not_lead_to_the_next_customer(self):
        self.authenticate(None, None)
        path = self._confirm_pending()
        self.claim._get_tracking_url()
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.claim.with_user(self.agent).partner_id = self.stranger
        self.claim._get_tracking_url()
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 404)

    def test_confirmation_link_ends_with_the_revoked_one(self):
        self.authenticate(None, None)
        path = self._confirm_pending()
        self.claim.with_user(self.agent).action_revoke_tracking_link()
        self.claim._get_tracking_url()
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 404)

    def test_a_request_that_is_run_again_has_all_its_files(self):
        self.authenticate(None, None)
        path = self.claim._get_tracking_url()
        path = path[path.index("/aftersales/claim") :]
        read = tracking.get_files

        def read_twice():
            read()
            return read()

        with patch.object(tracking, "get_files", read_twice):
            self.url_open(
                f"{path}/message",
                data={"csrf_token": self._get_csrf(path), "text": "Two photos"},
                files=[("files", ("1.png", PIXEL)), ("files", ("2.png", PIXEL))],
            )
        files = self.claim.message_ids.attachment_ids
        self.assertEqual(files.mapped("file_size"), [len(PIXEL)] * 2)
