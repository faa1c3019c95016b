# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .gateway import KNOWN_MESSAGE, GatewayCase, read_corpus, write_mail

NORA = "nora@unknown.example"


@tagged("post_install", "-at_install", "security")
class TestMailLinks(GatewayCase, HttpCase):
    """The link in the mails of who wrote without being a contact, and who comes next"""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _deliver_unknown(self):
        claim = self.deliver(read_corpus("en_unknown_sender")).claim_id
        self.assertFalse(claim.partner_id)
        return claim

    def _get_link(self, mail):
        found = re.search(r'href="([^"]+/aftersales/claim/[\w-]{20,})"', mail.body_html)
        return urlsplit(found.group(1)).path

    def _open(self, path):
        return self.url_open(path)

    def _identify(self, claim, **values):
        partner = self.env["res.partner"].create({"name": "Nora", **values})
        claim.with_user(self.agent).partner_id = partner
        return partner

    def test_who_is_no_contact_yet_follows_the_claim_with_the_link(self):
        claim = self._deliver_unknown()
        mail = self.acknowledgements(claim).mail_ids
        self.assertEqual(mail.email_to, NORA)
        self.assertNotIn("/my/claims", mail.body_html)
        path = self._get_link(mail)
        page = self._open(path)
        self.assertEqual(page.status_code, 200)
        [sent] = claim.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertIn(re.sub("<[^>]+>", "", sent.body).strip()[:20], page.text)
        csrf = re.search(r'csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
        self.url_open(f"{path}/message", data={"csrf_token": csrf, "text": "Here I am"})
        self.assertIn("Here I am", self._open(path).text)
        self.assertNotIn(
            claim.sudo().tracking_token, "".join(claim.message_ids.mapped("body"))
        )

    @mute_logger("odoo.http")
    def test_the_link_stays_with_the_same_person_and_ends_for_any_other(self):
        for email, status in ((NORA.upper(), 200), ("other@example.com", 404)):
            with self.subTest(email=email):
                claim = self.deliver(
                    write_mail(f"Bell {status}", "It is broken", sender=NORA)
                ).claim_id
                path = self._get_link(self.acknowledgements(claim).mail_ids)
                self._identify(claim, email=email)
                self.assertEqual(self._open(path).status_code, status)

    @mute_logger("odoo.http")
    def test_what_a_stranger_writes_does_not_show_behind_the_link(self):
        claim = self._deliver_unknown()
        path = self._get_link(self.acknowledgements(claim).mail_ids)
        self.deliver(
            write_mail(f"Re: {claim.name}", "Stranger-SECRET", sender="x@evil.example")
        )
        self.assertNotIn("SECRET", self._open(path).text)

    # -- another customer

    def test_copies_end_with_a_customer_of_another_firm(self):
        claim = self.deliver(read_corpus("en_copy_to_partner")).claim_id
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id, "email": "c@m.example"}
        )
        claim.with_user(self.agent).partner_id = colleague
        self.assertIn("jordi@example.com", claim.email_cc)
        self.assertIn(self.stranger, claim.message_partner_ids)
        self.assertNotIn(self.customer, claim.message_partner_ids)
        heir = self.env["res.partner"].create(
            {"name": "Heir", "email": "h@heir.example"}
        )
        claim.with_user(self.agent).partner_id = heir
        self.assertFalse(claim.email_cc)
        self.assertEqual(claim.message_partner_ids.filtered("partner_share"), heir)
        reply = write_mail(f"Re: {claim.name}", "Still me", sender="jordi@example.com")
        self.assertFalse(self.deliver(reply).is_verified)

    def test_copies_stay_when_the_sender_becomes_a_contact(self):
        for email, stays in ((NORA, True), ("other@example.com", False)):
            with self.subTest(email=email):
                claim = self.deliver(
                    write_mail(f"Copy {stays}", sender=NORA, Cc="jordi@example.com")
                ).claim_id
                self._identify(claim, email=email)
                self.assertEqual(bool(claim.email_cc), stays)
                followers = claim.message_partner_ids
                self.assertEqual(self.stranger in followers, stays)

    def test_a_claim_without_customer_keeps_no_copies_of_the_former_one(self):
        claim = self.deliver(read_corpus("en_copy_to_partner")).claim_id
        claim.with_user(self.agent).partner_id = False
        self.assertFalse(claim.email_cc)
        self.assertFalse(claim.message_partner_ids.filtered("partner_share"))

    # -- merged claims

    def _merge(self, **values):
        merged = self._create_claim(subject="Twice", user_id=self.agent.id, **values)
        path = urlsplit(merged._get_tracking_url()).path
        merged.with_user(self.agent)._merge_into(self.claim.with_user(self.agent))
        return merged, path

    @mute_logger("odoo.http")
    def test_link_and_page_of_a_merged_claim_lead_on(self):
        merged, path = self._merge()
        page = self._open(path)
        self.assertIn(self.claim.name, page.text)
        self.assertIn("Does it still stop?", page.text)
        self.authenticate("test_marta", "test_marta")
        answer = self._open(f"/my/claims/{merged.id}")
        self.assertTrue(answer.url.endswith(f"/my/claims/{self.claim.id}"))
        self.authenticate("test_jordi", "test_jordi")
        for claim in (merged, self.claim):
            self.assertEqual(self._open(f"/my/claims/{claim.id}").status_code, 404)
        self.claim.partner_id = self.stranger
        self.authenticate("test_marta", "test_marta")
        page = self._open(f"/my/claims/{merged.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Does it still stop?", page.text + self._open(path).text)

    def test_a_shared_link_of_a_merged_claim_opens_no_other(self):
        merged, _path = self._merge()
        token = merged._portal_ensure_token()
        page = self._open(f"/my/claims/{merged.id}?access_token={token}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Does it still stop?", page.text)

    def test_a_colleague_s_merged_claim_opens_what_they_may_see(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).parent_id = firm
        self.company.aftersales_portal_scope = "company"
        merged, path = self._merge(partner_id=self.stranger.id)
        page = self._open(path)
        self.assertIn(merged.name, page.text)
        self.assertNotIn("Does it still stop?", page.text)
        self.authenticate("test_jordi", "test_jordi")
        page = self._open(f"/my/claims/{merged.id}")
        self.assertTrue(page.url.endswith(f"/my/claims/{self.claim.id}"))

    def test_an_answer_to_a_merged_claim_comes_to_the_other(self):
        merged, _path = self._merge()
        entry = self.deliver(write_mail(f"Re: {merged.name}", "By its old name"))
        self.assertEqual(entry.claim_id, self.claim)
        self.assertTrue(entry.is_verified)
        entry = self.deliver(
            write_mail(f"Re: {merged.name}", "Not mine", sender="jordi@example.com")
        )
        self.assertEqual(entry.claim_id, self.claim)
        self.assertFalse(entry.is_verified)

    # -- people who are archived

    @mute_logger("odoo.http")
    def test_an_archived_customer_is_still_served(self):
        path = urlsplit(self.claim._get_tracking_url()).path
        self.portal_user.active = False
        self.customer.active = False
        self.assertEqual(self._open(path).status_code, 200)
        for mail in (
            write_mail("Once more", "It stops again"),
            write_mail("Re: x", "An answer", References=KNOWN_MESSAGE),
        ):
            entry = self.deliver(mail)
            self.assertIn(entry.state, ("claim", "reply"), entry.error)
        self.assertTrue(entry.is_verified)
        self.claim.with_user(self.agent)._action_solve()
        self.assertEqual(self._open(path).status_code, 200)

    # -- what a quoted mail carries

    def test_no_link_of_any_addon_stays_in_a_quoted_mail(self):
        secret = "S3cr3t" * 6
        links = (
            f"/aftersales/survey/{secret}",
            f"/survey/{secret}/{secret}",
            f"/survey/start/{secret}?answer_token={secret}",
            f"/aftersales/warranty/c/{secret}",
            f"/aftersales/warranty/reminders/{secret}",
            f"/aftersales/testimonial/{secret}",
            f"/aftersales/steps?answer={secret}",
            f"/my/orders/7/returns?access_token={secret}",
            f"/my/claims/7?access_token={secret}&amp;hash={secret}",
            f"/safelinks?url=https%3A%2F%2Fshop%2Faftersales%2Fsurvey%2F{secret}",
        )
        text = " ".join(f"https://shop.example{link} " for link in links)
        for raw in (
            write_mail("Re: plain", text, References=KNOWN_MESSAGE),
            write_mail(
                "Re: page",
                "".join(f'<a href="https://shop.example{x}">x</a>' for x in links),
                References=KNOWN_MESSAGE,
                Content_Type="text/html; charset=utf-8",
            ),
        ):
            self.assertEqual(self.deliver(raw).state, "reply")
            [message, *_older] = self.claim.message_ids
            self.assertIn("***", message.body)
            self.assertNotIn(secret, message.body)
