# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import aftersales_mail_intake_retention as retention
from .gateway import GatewayCase, read_corpus, write_mail


@tagged("post_install", "-at_install")
class TestMailRetention(GatewayCase):
    def _run(self, days):
        self.env.flush_all()
        later = fields.Datetime.now() + timedelta(days=days)
        with freeze_time(later), self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_forget_originals"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _break(self, raw):
        with (
            mute_logger("odoo.addons.aftersales_service.models.aftersales_mail_intake"),
            patch.object(
                type(self.env["aftersales.claim"]),
                "_fill_in_recognised",
                side_effect=ZeroDivisionError,
            ),
        ):
            entry = self.deliver(raw)
        self.assertEqual(entry.state, "quarantined")
        return entry

    def test_originals_go_after_their_time_and_the_ledger_stays(self):
        entry = self.deliver(raw := write_mail("It stops"))
        attachment = entry.attachment_id
        self._run(89)
        self.assertEqual(attachment.raw, raw)
        self._run(91)
        self.assertFalse(attachment.exists())
        self.assertFalse(entry.attachment_id)
        self.assertEqual(entry.state, "claim")
        self.assertTrue(entry.claim_id.message_ids)
        self.assertFalse(self.deliver(raw), "it came before")

    def test_what_nobody_decided_on_is_kept(self):
        entry = self._break(write_mail("Broken"))
        self._run(1000)
        self.assertTrue(entry.attachment_id)
        with freeze_time(fields.Datetime.now() + timedelta(days=1000)):
            entry.with_user(self.manager).action_retry()
            self.assertEqual(entry.state, "claim")
        self._run(1080)
        self.assertTrue(entry.attachment_id, "counted from the decision")
        self._run(1095)
        self.assertFalse(entry.attachment_id)

    def test_what_is_put_aside_ends_as_well_and_can_not_be_taken_up(self):
        discarded = self._break(write_mail("Advertising"))
        discarded.with_user(self.manager)._discard("Advertising")
        automatic = self.deliver(read_corpus("en_out_of_office"))
        self._run(91)
        for entry in discarded | automatic:
            self.assertFalse(entry.attachment_id)
            for method in ("action_retry", "action_link", "action_discard"):
                with self.assertRaisesRegex(UserError, "not kept"):
                    getattr(entry.with_user(self.manager), method)()

    def test_the_company_says_how_long(self):
        settings = self.env["res.config.settings"].create({"aftersales_mail_days": 0})
        settings.execute()
        entry = self.deliver(write_mail("For ever"))
        self._run(5000)
        self.assertTrue(entry.attachment_id)
        for days, kept in ((-5, True), (7, False)):
            self.company.aftersales_mail_days = days
            self._run(8)
            self.assertEqual(bool(entry.attachment_id), kept)

    def test_many_go_in_batches(self):
        entries = self.intake
        for number in range(5):
            entries |= self.deliver(write_mail(f"Number {number}"))
        with patch.object(retention, "BATCH", 2):
            self._run(91)
        self.assertFalse(entries.attachment_id)
