# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import config, mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..controllers import intake
from .common import AftersalesCommon
from .test_portal import PIXEL

EVIL = "evil.example"
PAGE = b"<html><script>alert(1)</script></html>"
#: What no browser runs, as it is told not to guess.
INERT = ("text/plain", "image/png", "application/octet-stream")
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@tagged("post_install", "-at_install", "security")
class TestForgedRequests(AftersalesCommon, MailCase, HttpCase):
    """Requests whose headers and files say what is not true."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "care@shop.example"
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.agent.id)
        cls.path = urlsplit(cls.claim._get_tracking_url()).path

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _csrf(self, path):
        page = self.url_open(path).text
        return re.search(r'csrf_token"[^>]*value="([^"]+)"', page).group(1)

    def _get_form(self, path="/aftersales/claim/new", **values):
        page = self.url_open(path).text
        key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
        return {
            "csrf_token": self._csrf(path),
            "form_key": key.group(1) if key else "",
            "name": "Nora",
            "email": "nora@example.com",
            "subject": "The bell is broken",
            **values,
        }

    # -- who says under which name we are reached

    def _assert_own_links(self):
        """Whatever was sent leads to the company's address alone."""
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        self.assertTrue(self._mails)
        for mail in self._mails:
            self.assertNotIn(EVIL, str(mail))
            links = re.findall(r'(?:href|src)="(https?:[^"]+)"', mail["body"])
            ours = [link for link in links if "odoo.com" not in link]
            self.assertTrue(ours)
            for link in ours:
                self.assertTrue(link.startswith(base), link)

    def _post(self, url, data=None, proxied=False, **options):
        """Send a form in the name of another host, which a proxy may vouch for."""
        headers = {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https"}
        if not proxied:
            # With another host the client would leave its cookies at home.
            cookies = self.opener.cookies.get_dict().items()
            text = "; ".join(f"{name}={value}" for name, value in cookies)
            headers |= {"Host": EVIL, "Forwarded": f"host={EVIL}", "Cookie": text}
        with (
            patch.dict(config.options, {"proxy_mode": proxied}),
            patch.object(self, "http_request_allow_all", True),
            self.mock_mail_gateway(),
        ):
            answer = self.url_open(
                url, data=data, headers=headers, allow_redirects=False, **options
            )
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return answer

    def test_no_host_of_the_visitor_gets_into_a_mail(self):
        self.env["mail.mail"].search([]).unlink()
        for proxied in (False, True):
            with self.subTest(what="public form", proxied=proxied):
                form = self._get_form(subject=f"Bell {proxied}")
                answer = self._post("/aftersales/claim/new", form, proxied)
                self.assertEqual(answer.status_code, 303)
                self._assert_own_links()
            with self.subTest(what="confirmed", proxied=proxied):
                pending = self.env["aftersales.claim.pending"].search(
                    [("subject", "=", f"Bell {proxied}")]
                )
                path = urlsplit(pending._get_confirm_url()).path
                form = {"csrf_token": self._csrf(path)}
                self._post(path, form, proxied)
                self.assertTrue(pending.claim_id)
                self._assert_own_links()
            with self.subTest(what="answer", proxied=proxied):
                self.agent.notification_type = "email"
                self.claim.message_subscribe(self.agent.partner_id.ids)
                form = {"csrf_token": self._csrf(self.path), "text": f"Hi {proxied}"}
                self._post(f"{self.path}/message", form, proxied)
                self._assert_own_links()

    def test_no_host_of_the_visitor_gets_into_the_mail_of_a_portal_claim(self):
        self.authenticate("test_marta", "test_marta")
        form = self._get_form(
            "/my/claims/new", asset_ids=str(self._sell(self.helmet).id)
        )
        answer = self._post("/my/claims/new", form)
        self.assertEqual(answer.status_code, 303)
        self._assert_own_links()

    # -- who says where they come from

    def _count_accepted(self, get_headers, proxied=False):
        """How many of three forms are taken in, with one allowed for each visitor."""
        self.env["aftersales.rate.limit"].search([]).unlink()
        accepted = 0
        for number in range(3):
            form = self._get_form(email=f"a{number}@example.com")
            with (
                patch.dict(config.options, {"proxy_mode": proxied}),
                patch.object(intake, "MAX_PER_HOUR", 1),
            ):
                answer = self.url_open(
                    "/aftersales/claim/new",
                    data=form,
                    headers=get_headers(number),
                    allow_redirects=False,
                )
            accepted += answer.status_code == 303
        return accepted

    def test_without_a_proxy_nobody_chooses_their_address(self):
        def get_headers(number):
            address = f"198.51.100.{number}"
            return {
                "X-Forwarded-For": address,
                "X-Forwarded-Host": "shop.example",
                "X-Real-IP": address,
                "Forwarded": f"for={address}",
                "Client-IP": address,
            }

        self.assertEqual(self._count_accepted(get_headers), 1)

    def test_behind_a_proxy_visitors_are_told_apart_by_what_the_proxy_says(self):
        def by_proxy(number):
            return {
                "X-Forwarded-Host": "shop.example",
                "X-Forwarded-For": f"198.51.100.{number}",
            }

        def by_visitor(number):
            return {
                "X-Forwarded-Host": "shop.example",
                # What the visitor wrote, then what the proxy added.
                "X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7",
            }

        self.assertEqual(self._count_accepted(by_proxy, proxied=True), 3)
        self.assertEqual(self._count_accepted(by_visitor, proxied=True), 1)

    # -- files that say they are harmless

    def _upload(self, name, content, **values):
        return self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": self._csrf(self.path),
                "thread_id": self.claim.id,
                "thread_model": "aftersales.claim",
                **values,
            },
            files={"ufile": (name, content, "image/png")},
        )

    def test_who_has_a_shared_link_uploads_nothing_that_runs(self):
        """Through the core's own route of the conversation, without a login."""
        token = self.claim._portal_ensure_token()
        for name, content in (
            ("x.html", PAGE),
            ("x.png", PAGE),
            ("x.svg", DRAWING),
            ("x.xhtml", b'<?xml version="1.0"?>' + PAGE),
            ("x.xml", b'<?xml version="1.0"?><a/>'),
        ):
            with self.subTest(name=name):
                answer = self._upload(name, content, token=token).json()
                attachment = self.env["ir.attachment"].browse(
                    answer["data"]["attachment_id"]
                )
                self.assertIn(attachment.mimetype, INERT)
                self.assertEqual(attachment.res_id, self.claim.id)
                access = attachment.generate_access_token()[0]
                for path in ("content", "image"):
                    file = self.url_open(
                        f"/web/{path}/{attachment.id}?access_token={access}"
                    )
                    kind = file.headers["Content-Type"].partition(";")[0]
                    self.assertIn(kind, INERT)
                    self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
                    policy = file.headers["Content-Security-Policy"]
                    self.assertIn("default-src 'none'", policy)

    @mute_logger("odoo.http")
    def test_the_tracking_link_is_no_key_to_the_core_s_upload(self):
        token = self.claim.sudo().tracking_token
        self.claim._portal_ensure_token()
        before = self.env["ir.attachment"].search_count([])
        for values in ({}, {"token": token}, {"access_token": token}, {"hash": token}):
            with self.subTest(values=list(values)):
                answer = self._upload("photo.png", PIXEL, **values)
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_the_tracking_page_takes_photos_only_whatever_they_are_called(self):
        before = self.claim.message_ids
        for name, content in (("x.png", PAGE), ("x.jpg", DRAWING), ("x.pdf", PAGE)):
            with self.subTest(name=name):
                answer = self.url_open(
                    f"{self.path}/message",
                    data={"csrf_token": self._csrf(self.path)},
                    files=[("files", (name, content, "image/png"))],
                )
                self.assertIn("neither a photo", answer.text)
        self.assertEqual(self.claim.message_ids, before)
