# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .gateway import GatewayCase, write_mail

ROUNDS = 30


@tagged("post_install", "-at_install")
class TestMailLoops(GatewayCase, MailCase):
    """Two machines that answer each other: who stops, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "care@shop.example"

    def _talk(self, answer):
        """Let a machine `answer` (mail of ours, number) -> raw, as long as we write.

        :return: (entries of the ledger, how many mails we sent)
        """
        entries, sent = self.intake, 0
        raw = answer(None, 0)
        for number in range(1, ROUNDS):
            with self.mock_mail_gateway():
                entries |= self.deliver(raw)
                self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            ours = [m for m in self._mails if "bot@bots.example" in str(m["email_to"])]
            sent += len(ours)
            if not ours:
                break
            raw = answer(ours[-1], number)
        return entries, sent

    def _write(self, number, mail=None, subject="Out of the house", **headers):
        return write_mail(
            subject,
            f"Thank you for writing to us, we come back to you. Ticket {number}.",
            sender="bot@bots.example",
            Message_ID=f"<{number}@bots.example>",
            **headers,
        )

    def test_a_machine_that_answers_what_we_write(self):
        def answer(mail, number):
            if not mail:
                return self._write(number)
            reference = mail["message_id"]
            return self._write(
                number, subject=f"Re: {mail['subject']}", References=reference
            )

        entries, sent = self._talk(answer)
        self.assertEqual(entries.sorted("id").mapped("state"), ["claim", "reply"])
        self.assertEqual(sent, 1)

    def test_a_machine_that_opens_a_ticket_for_each_mail(self):
        entries, sent = self._talk(lambda mail, number: self._write(number))
        self.assertEqual(len(entries), 4)
        self.assertEqual(sent, 3)

    def test_a_machine_that_repeats_our_subject(self):
        def answer(mail, number):
            subject = f"Re: {mail['subject']}" if mail else "Hello"
            return self._write(number, subject=subject)

        entries, sent = self._talk(answer)
        self.assertEqual(len(entries.claim_id), 1)
        self.assertEqual(sent, 1)

    def test_another_shop_like_ours(self):
        """What we send says of itself that no machine should answer it."""
        with self.mock_mail_gateway():
            self.deliver(write_mail("It stops", sender="bot@bots.example"))
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        [ours] = [m for m in self._mails if "bot@bots.example" in str(m["email_to"])]
        headers = {k.replace("-", "_"): v for k, v in ours["headers"].items()}
        self.assertEqual(headers["Auto_Submitted"], "auto-replied")
        entry = self.deliver(
            write_mail(
                "We have received your request",
                sender="other@other.example",
                Auto_Submitted=headers["Auto_Submitted"],
                X_Auto_Response_Suppress=headers["X_Auto_Response_Suppress"],
            )
        )
        self.assertEqual(entry.state, "automatic")
        self.assertFalse(entry.claim_id)

    def test_two_teams_of_ours_do_not_write_to_each_other(self):
        domain = self.team.alias_domain_id
        self.env["aftersales.team"].create(
            {
                "name": "Spare parts",
                "alias_name": "parts",
                "alias_domain_id": domain.id,
            }
        )
        entry = self.deliver(write_mail("Hello", sender="parts@shop.example"))
        self.assertEqual(entry.state, "loop")
        self.assertFalse(entry.claim_id)
