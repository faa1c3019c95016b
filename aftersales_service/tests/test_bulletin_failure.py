# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from contextlib import suppress
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import FOLLOW_UP, BulletinCommon

MAIL_LOGGER = "odoo.addons.mail.models.mail_mail"
REFUSED = "550 No such user here"
#: What a mail server writes when it finds out later that a mailbox is not there.
BOUNCE = """From: MAILER-DAEMON@mx.example
To: bounce@shop.example
Subject: Undelivered mail
Message-ID: <bounce-1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BB"

--BB
Content-Type: text/plain; charset=utf-8

Mailbox full

--BB
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {email}
Action: failed
Status: 5.2.2

--BB
Content-Type: message/rfc822

From: shop@shop.example
To: {email}
Subject: Recall
Message-ID: {message}

Text

--BB--
"""


@tagged("post_install", "-at_install")
class TestBulletinFailure(BulletinCommon, MailCase):
    """A mail that does not arrive has told nobody: it is seen, and sent again."""

    def _send_queued(self, mails, refused=None):
        """Send what is queued, as the mail queue does; `refused` is not accepted."""

        def answer(_servers, message, *_args, **_kwargs):
            if refused and refused.email in message["To"]:
                raise OSError(REFUSED)
            return message["Message-Id"]

        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.send_email_mocked.side_effect = answer
            mails.send()
        self.env.invalidate_all()

    @mute_logger(MAIL_LOGGER)
    def _send_and_refuse(self):
        mails = self._send(self.bulletin)
        self._send_queued(mails, refused=self.stranger)
        return mails.filtered(lambda m: m.recipient_ids == self.stranger)

    def test_who_was_refused_is_not_told(self):
        self._send_and_refuse()
        line = self._lines(self.jordi_bike)
        self.assertEqual((line.state, line.told_date), ("failed", False))
        self.assertIn(REFUSED, line.with_user(self.manager).error)
        self.assertEqual(set(self._lines(self.marta_bikes).mapped("state")), {"told"})
        self.assertEqual(self.bulletin.untold_count, 1)
        self.assertEqual(self.bulletin.told_percent, 75)
        self.assertFalse(line.recipient_id.reminder_date)
        with self.assertRaises(AccessError):
            line.with_user(self.agent).read(["error"])

    def test_that_one_is_sent_again_and_no_other(self):
        first = self._send_and_refuse()
        line = self._lines(self.jordi_bike)
        with self.mock_mail_gateway():
            line.with_user(self.manager).action_send_again()
            self._run()
        [mail] = self._new_mails
        self.assertEqual(mail.recipient_ids, self.stranger)
        self.assertEqual(line.state, "told")
        self.assertFalse(line.with_user(self.manager).error)
        # Whoever tries the first one in the mail queue does not send it twice.
        self.assertEqual(first.state, "cancel")
        with self.assertRaisesRegex(UserError, "told already"):
            line.with_user(self.manager).action_send_again()

    def test_who_may_send_again(self):
        self._send_and_refuse()
        line = self._lines(self.jordi_bike)
        for user in (self.agent, self.technician, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).action_send_again()
        self.stranger.email = "nobody"
        with self.assertRaisesRegex(UserError, "no working e-mail address"):
            line.with_user(self.manager).action_send_again()
        self.assertEqual(line.state, "failed")
        self.bulletin.action_close()
        with self.assertRaisesRegex(UserError, "has ended"):
            line.with_user(self.manager).action_send_again()

    def test_what_the_mail_queue_sends_later_has_told_them(self):
        mail = self._send_and_refuse()
        mail.mark_outgoing()
        self._send_queued(mail)
        line = self._lines(self.jordi_bike)
        self.assertEqual(line.state, "told")
        self.assertTrue(line.told_date)
        self.assertTrue(line.recipient_id.reminder_date)

    @mute_logger(MAIL_LOGGER)
    def test_who_has_answered_meanwhile_keeps_the_answer(self):
        mails = self._send(self.bulletin)
        self._lines(self.jordi_bike).with_user(self.agent).action_answer_done()
        self._send_queued(mails, refused=self.stranger)
        self.assertEqual(self._lines(self.jordi_bike).state, "done")

    @mute_logger(MAIL_LOGGER)
    def test_a_reminder_that_fails_leaves_it_told(self):
        with freeze_time("2026-03-01 09:00:00"):
            self._send_queued(self._send(self.bulletin))
        with freeze_time("2026-03-15 09:00:00"):
            with self.mock_mail_gateway():
                self._run(FOLLOW_UP)
            self._send_queued(self._new_mails, refused=self.stranger)
        line = self._lines(self.jordi_bike)
        self.assertEqual(line.state, "told")
        self.assertIn(REFUSED, line.with_user(self.manager).error)

    def test_a_mail_that_comes_back_has_told_nobody(self):
        mails = self._send(self.bulletin)
        self._send_queued(mails)
        mail = mails.filtered(lambda m: m.recipient_ids == self.stranger)
        report = BOUNCE.format(email=self.stranger.email, message=mail.message_id)
        self.env["mail.thread"].message_process(None, report.encode())
        self.env.invalidate_all()
        line = self._lines(self.jordi_bike)
        self.assertEqual(line.state, "failed")
        self.assertIn("Mailbox full", line.with_user(self.manager).error)
        self.assertEqual(set(self._lines(self.marta_bikes).mapped("state")), {"told"})

    def test_a_report_that_tells_of_no_failure_changes_nothing(self):
        mails = self._send(self.bulletin)
        self._send_queued(mails)
        mail = mails.filtered(lambda m: m.recipient_ids == self.stranger)
        report = BOUNCE.format(email=self.stranger.email, message=mail.message_id)
        line = self._lines(self.jordi_bike)
        for number, (old, new) in enumerate(
            [
                ("Action: failed", "Action: delayed"),
                ("Action: failed", "Action: delivered"),
                ("report-type=delivery-status", "report-type=disposition-notification"),
            ]
        ):
            with self.subTest(new=new):
                text = report.replace(old, new).replace("bounce-1", f"late-{number}")
                self.env["mail.thread"].message_process(None, text.encode())
                self.env.invalidate_all()
                self.assertEqual(line.state, "told")
                self.assertFalse(line.with_user(self.manager).error)

    def test_what_is_sent_again_does_not_fail_by_the_mail_before(self):
        first = self._send_and_refuse()
        line = self._lines(self.jordi_bike)
        line.with_user(self.manager).action_send_again()
        self.env["aftersales.bulletin.recipient"]._note_mail_result(first, "Late")
        self.assertEqual((line.state, line.recipient_id.state), ("queued", "queued"))
        with self.mock_mail_gateway():
            self._run()
        self.assertEqual(line.state, "told")

    def test_a_mail_that_waits_to_be_tried_again_is_not_sent_as_well(self):
        first = self._send_and_refuse()
        first.mark_outgoing()
        self._lines(self.jordi_bike).with_user(self.manager).action_send_again()
        self.assertEqual(first.state, "cancel")

    def test_what_was_cut_off_is_not_sent_twice_but_seen(self):
        """The server dies after a mail has gone out, before it could note that."""
        moment = datetime(2026, 3, 1, 9)
        with freeze_time(moment):
            mails = self._send(self.bulletin)
        mail = mails.filtered(lambda m: m.recipient_ids == self.stranger)
        sent = []

        def die(_servers, message, *_args, **_kwargs):
            sent.append(message["To"])
            raise SystemExit

        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            for side_effect in (die, AssertionError("sent twice")):
                self.send_email_mocked.side_effect = side_effect
                with suppress(SystemExit), self.registry.cursor() as cr:
                    own = mail.with_env(self.env(cr=cr))
                    own._send(auto_commit=True)
        self.env.invalidate_all()
        self.assertEqual(len(sent), 1)
        self.assertEqual(mail.state, "exception")
        line = self._lines(self.jordi_bike)
        mail.flush_recordset()
        for minutes, state in ((5, "told"), (31, "failed")):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                self.env["aftersales.bulletin.recipient"]._note_cut_off()
            self.assertEqual(line.state, state)
        self.assertIn("may have arrived", line.with_user(self.manager).error)

    def test_notices_say_that_nobody_has_written_them(self):
        mail = self._send(self.bulletin)[0]
        [email] = mail._prepare_outgoing_list()
        self.assertEqual(email["headers"]["Auto-Submitted"], "auto-generated")

    def test_other_mails_say_nothing_about_notices(self):
        self._send(self.bulletin)
        mail = self.env["mail.mail"].create({"email_to": "x@x.com", "body_html": "x"})
        with mute_logger(MAIL_LOGGER):
            mail._postprocess_sent_message([], [], "No", "mail_smtp")
        self.assertEqual(set(self._lines().mapped("state")), {"told"})
