# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: What a mail server says about a failure can be long.
MAX_REASON = 1000
#: A mail that is on its way for longer was cut off.
CUT_OFF = timedelta(minutes=30)


class AftersalesBulletinRecipient(models.Model):
    """Mails that did not arrive: why, and sending them once more."""

    _inherit = "aftersales.bulletin.recipient"

    mail_id = fields.Many2one(
        "mail.mail",
        string="Last Mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    @api.model
    def _note_mail_result(self, mails, reason=None):
        """Note whether `mails`, among which may be some of notices, have gone out.

        :param reason: what the mail server said; none when it took them
        """
        # Whoever's mails these are: what they tell is noted in any case.
        recipients = self.sudo().search([("mail_id", "in", mails.ids)])
        if reason is None:
            recipients = recipients.filtered("error")
        if not recipients:
            return
        try:
            with self.env.cr.savepoint():
                for recipient in recipients:
                    main = recipient.merged_into_id or recipient
                    if reason is None:
                        main._note_arrival()
                    else:
                        main._note_failure(reason[:MAX_REASON], recipient.sent_date)
        except OperationalError:
            # A mail that is on its way must not be sent again because of this.
            _logger.info("Owners of a notice are busy: %s", recipients.ids)

    @api.model
    def _note_cut_off(self):
        """Mails whose sending was cut off: nobody knows whether they have arrived."""
        cut_off = self.search(
            [
                ("error", "=", False),
                ("mail_id.state", "=", "exception"),
                ("mail_id.write_date", "<", fields.Datetime.now() - CUT_OFF),
            ]
        )
        self._note_mail_result(
            cut_off.mail_id,
            self.env._(
                "The server stopped while it sent this mail: it may have arrived or "
                "not. If there is no answer, call or send it again."
            ),
        )

    def _note_failure(self, reason, sent_date):
        """Nobody was told by the mail, unless it was only a reminder."""
        self.ensure_one()
        if self.state == "queued":
            # It is sent again already.
            return
        self.error = reason
        if self.reminder_count:
            return
        day = self.company_id._aftersales_date(sent_date)
        self._get_silent_lines().filtered(lambda line: line.told_date == day).write(
            {"state": "failed", "told_date": False}
        )
        self.write({"state": "failed", "reminder_date": False})

    def _note_arrival(self):
        """What had failed was sent again by hand."""
        self.ensure_one()
        self.error = False
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        if self.state != "failed" or not failed:
            return
        today = self.company_id._aftersales_today()
        failed.write({"state": "told", "told_date": today})
        self.state = "told"
        self._plan_reminder(today)

    def _ensure_can_be_sent_again(self):
        self.ensure_one()
        name = self.partner_id.display_name
        if self.bulletin_id.state not in ("sending", "open"):
            raise UserError(self.env._("This notice has ended."))
        if self.state not in ("unreachable", "failed"):
            raise UserError(self.env._("%s has been told already.", name))
        if not self._is_reachable():
            raise UserError(
                self.env._(
                    "%s has no working e-mail address: enter one first, or call.", name
                )
            )

    def _queue_again(self):
        """Send it once more to those it could not be sent to; it was approved."""
        # The first mail must not go out as well.
        self.mail_id.filtered(
            lambda mail: mail.state in ("exception", "outgoing")
        ).cancel()
        self.write({"state": "queued", "error": False})
        self.line_ids.filtered(
            lambda line: line.state in ("unreachable", "failed")
        ).state = "queued"
        bulletins = self.bulletin_id
        bulletins.filtered(lambda b: b.state == "open").state = "sending"
        bulletins._get_send_cron()._trigger()


class AftersalesBulletinAsset(models.Model):
    _inherit = "aftersales.bulletin.asset"

    def action_send_again(self):
        """Send the notice once more to these owners, who were not reached.

        :raises AccessError: for those who are no managers
        :raises UserError: when an owner has no working address, or has been told
        """
        self.check_access("read")
        self.bulletin_id._ensure_manager()
        # Managers have approved it; only what prevented it has changed.
        recipients = self.sudo().recipient_id
        recipients.lock_for_update()
        recipients.invalidate_recordset(["state"])
        for recipient in recipients:
            recipient._ensure_can_be_sent_again()
        recipients._queue_again()
        return True
