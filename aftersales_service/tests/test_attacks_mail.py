# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged

from .gateway import KNOWN_MESSAGE, GatewayCase, write_mail


@tagged("post_install", "-at_install", "security")
class TestMailAttacks(GatewayCase):
    """Mails of people who want to be somebody else, or to read what isn't theirs."""

    def test_a_reply_that_quotes_the_link_keeps_it_from_the_others(self):
        link = self.claim._get_tracking_url()
        token = self.claim.sudo().tracking_token
        raw = write_mail(
            "Re: your request",
            f"It still stops.\r\n\r\n> Follow your request: {link}\r\n",
            References=KNOWN_MESSAGE,
        )
        entry = self.deliver(raw)
        self.assertEqual(entry.state, "reply")
        [message] = self.claim.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertIn("It still stops", message.body)
        self.assertNotIn(token, message.body)

    def test_a_forwarded_link_is_not_kept_in_the_new_claim(self):
        link = self.claim._get_tracking_url()
        token = self.claim.sudo().tracking_token
        entry = self.deliver(write_mail("Again", f"As before, see {link}"))
        self.assertEqual(entry.state, "claim")
        claim = entry.claim_id
        self.assertNotIn(token, claim.description)
        self.assertNotIn(token, "".join(claim.message_ids.mapped("body")))

    def test_a_second_author_is_not_vouched_for_with_the_first(self):
        """The server vouches for one address; the other one in From is staff's."""
        self.env["ir.config_parameter"].set_param(
            "aftersales_service.mail_authentication_server", "mx.shop.example"
        )
        for index, sender in enumerate(
            (
                "evil@evil.example, agent@staff.example",
                "evil@evil.example\r\nFrom: agent@staff.example",
            )
        ):
            with self.subTest(sender=sender):
                raw = write_mail(
                    f"Re: {index}",
                    "We pay you back all of it.",
                    sender=sender,
                    References=KNOWN_MESSAGE,
                    Authentication_Results="mx.shop.example; dmarc=pass "
                    "header.from=evil.example",
                )
                entry = self.deliver(raw)
                self.assertFalse(entry.is_verified)
                message = self.claim.message_ids.sorted("id")[-1]
                self.assertIn("We pay you back", message.body)
                self.assertNotEqual(message.author_id, self.agent.partner_id)
                self.assertTrue(message.is_internal)

    def test_former_customer_is_a_stranger_to_the_mailbox(self):
        """Even when who came after has no address."""
        heir = self.env["res.partner"].create({"name": "Heir without mail"})
        self.claim.partner_id = heir
        self.assertFalse(self.claim.email_from)
        entry = self.deliver(write_mail("Re: x", "Hello", References=KNOWN_MESSAGE))
        self.assertFalse(entry.is_verified)
