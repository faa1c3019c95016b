# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged
from odoo.tools import mute_logger

from .gateway import CORPUS, GatewayCase, read_corpus, read_expected

YES_NO = {True: "yes", False: "no"}


@tagged("post_install", "-at_install")
class TestMailCorpus(GatewayCase):
    """Ordinary and hostile mails through the real gateway, against a golden table."""

    def test_the_table_and_the_mails_are_the_same(self):
        files = {path.stem for path in CORPUS.glob("*.eml")}
        self.assertEqual(files, set(read_expected()))
        self.assertGreater(len(files), 60)
        for language in ("en", "es", "ca"):
            self.assertGreater(sum(f.startswith(f"{language}_") for f in files), 15)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_in_the_caller_s_transaction(self):
        self._check_corpus(self.deliver)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_in_transactions_of_their_own(self):
        self._check_corpus(self.deliver_apart)

    def _check_corpus(self, deliver):
        alias = self.team.alias_id
        for name, expected in read_expected().items():
            with self.subTest(mail=name):
                raw = read_corpus(name)
                entry = deliver(raw)
                self.assertEqual(len(entry), 1, "it is in the ledger once")
                self.assertEqual(entry.attachment_id.raw, raw, "whole")
                self.assertEqual(entry.state, expected["state"], entry.error)
                self._check_outcome(entry, expected)
                self.assertNotEqual(alias.alias_status, "invalid")
                self.assertFalse(deliver(raw), "the second time it is known")
        self.assertEqual(self.claim.stage_category, "new")
        self.assertEqual(self.closed.stage_category, "solved")

    def _check_outcome(self, entry, expected):
        known = {"known": self.claim, "closed": self.closed, "-": self.claim.browse()}
        claim = entry.claim_id
        if expected["claim"] != "new":
            self.assertEqual(claim, known[expected["claim"]])
        if expected["state"] == "reply":
            self.assertEqual(YES_NO[entry.is_verified], expected["verified"])
        if expected["state"] in ("claim", "reply"):
            message = self.env["mail.message"].search(
                [
                    ("model", "=", claim._name),
                    ("res_id", "=", claim.id),
                    ("message_id", "=", entry.message_id),
                ]
            )
            self.assertEqual(len(message), 1)
            self.assertEqual(len(message.attachment_ids), int(expected["files"]))
        if expected["state"] == "claim":
            self.assertNotIn(claim, self.claim | self.closed)
            self.assertTrue(claim.subject.startswith(expected["subject"]))
            self.assertRegex(claim.name, r"^AS/\d{4}/\d{5}$")
            self.assertEqual(claim.team_id, self.team)
            self.assertEqual(claim.stage_category, "new")
            self.assertEqual(YES_NO[entry.is_acknowledged], expected["acknowledged"])
            acknowledged = len(self.acknowledgements(claim))
            self.assertEqual(acknowledged, entry.is_acknowledged)
