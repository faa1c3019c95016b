# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

_logger = logging.getLogger(__name__)

#: How many owners are told in one transaction.
BATCH_SIZE = 100
#: Who was busy is tried again so soon.
RETRY_DELAY = timedelta(minutes=5)


class AftersalesBulletin(models.Model):
    """Approving and sending: each owner once, whatever happens in between.

    What was told is written together with the mail, owner by owner locked, a batch
    a transaction: after a crash it goes on with those who have not been told.
    """

    _inherit = "aftersales.bulletin"

    def action_approve(self):
        """Show how many are affected, to be approved before anything is sent.

        :raises UserError: when there is nobody to tell, or nothing to say
        """
        self.ensure_one()
        self._ensure_manager()
        self._ensure_ready()
        wizard = self.env["aftersales.bulletin.approve"].create(
            {"bulletin_id": self.id}
        )
        wizard._count()
        return wizard._reopen()

    def _ensure_ready(self):
        self.ensure_one()
        if is_html_empty(self.description):
            raise UserError(self.env._("Write what customers should read first."))
        if self.state == "closed" or not self.waiting_count:
            raise UserError(self.env._("There is nobody to tell: list them first."))

    def _approve(self):
        """Queue who is on the list; the scheduled action tells them."""
        self.ensure_one()
        count, owners, _checksum = self._get_fingerprint()
        self._execute(
            "UPDATE aftersales_bulletin_recipient AS recipient SET state = 'queued' "
            "FROM aftersales_bulletin_asset AS line "
            "WHERE line.recipient_id = recipient.id AND line.state = 'listed' "
            "AND line.bulletin_id = %(bulletin)s"
        )
        self._execute(
            "UPDATE aftersales_bulletin_asset SET state = 'queued' "
            "WHERE bulletin_id = %(bulletin)s AND state = 'listed'"
        )
        self.env.invalidate_all()
        self.write(
            {
                "state": "sending",
                "approved_by_id": self.env.uid,
                "approved_date": fields.Datetime.now(),
                "sent_date": self.sent_date or self.company_id._aftersales_today(),
            }
        )
        self._message_log(
            body=self.env._(
                "Approved for %(count)s products of %(owners)s owners.",
                count=count,
                owners=owners,
            )
        )
        self._get_send_cron()._trigger()

    def action_stop(self):
        """Stop sending: who has not been told waits for another approval."""
        self.ensure_one()
        self._ensure_manager()
        # Managers may stop what they approved.
        bulletin = self.sudo()
        bulletin.lock_for_update()
        bulletin._execute(
            "UPDATE aftersales_bulletin_recipient "
            "SET state = CASE WHEN sent_date IS NULL THEN 'listed' ELSE 'told' END "
            "WHERE bulletin_id = %(bulletin)s AND state = 'queued'"
        )
        bulletin._execute(
            "UPDATE aftersales_bulletin_asset SET state = 'listed' "
            "WHERE bulletin_id = %(bulletin)s AND state = 'queued'"
        )
        bulletin.env.invalidate_all()
        bulletin.filtered(lambda b: b.state == "sending").state = "open"
        return True

    def action_retry(self):
        """Send once more to whom it could not be sent, e.g. with a new address."""
        self.ensure_one()
        self._ensure_manager()
        # They were approved; only what prevented it has changed.
        bulletin = self.sudo()
        untold = bulletin.env["aftersales.bulletin.recipient"].search(
            [
                ("bulletin_id", "=", bulletin.id),
                ("state", "in", ("unreachable", "failed")),
                ("merged_into_id", "=", False),
                ("partner_id.active", "=", True),
                ("partner_id.email_normalized", "!=", False),
            ]
        )
        if not untold:
            raise UserError(
                self.env._("None of them has a working e-mail address by now.")
            )
        untold.lock_for_update()
        untold._queue_again()
        return True

    @api.model
    def _get_send_cron(self):
        # Whoever approves wakes the job up; the job itself is the system's.
        return self.env.ref("aftersales_service.ir_cron_send_bulletins").sudo()

    # -- scheduled actions

    @api.model
    def _cron_send(self, batch_size=BATCH_SIZE):
        """Tell the owners who wait, batch by batch; one that fails stops no other."""
        self.env["aftersales.bulletin.recipient"]._note_cut_off()
        self.env["ir.cron"]._commit_progress()
        is_over = self.env["aftersales.bulletin.recipient"]._run(
            Domain("state", "=", "queued"), "_tell", batch_size
        )
        self._wake_mail_queue()
        if is_over:
            self._end_sending()

    @api.model
    def _wake_mail_queue(self):
        """A warning does not wait for the hour at which mails go out."""
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        self.env["ir.cron"]._commit_progress()

    def _end_sending(self):
        sending = self.search([("state", "=", "sending")])
        waiting = self.env["aftersales.bulletin.recipient"]._read_group(
            [("bulletin_id", "in", sending.ids), ("state", "=", "queued")],
            ["bulletin_id"],
        )
        waiting = self.browse().union(*(bulletin for (bulletin,) in waiting))
        (sending - waiting).state = "open"
        if waiting:
            # Somebody held them for a moment.
            self._get_send_cron()._trigger(fields.Datetime.now() + RETRY_DELAY)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _cron_follow_up(self, batch_size=BATCH_SIZE):
        """Remind the silent ones, and list products that came to it meanwhile."""
        recipients = self.env["aftersales.bulletin.recipient"]
        recipients._run(recipients._get_reminder_domain(), "_remind", batch_size)
        self._wake_mail_queue()
        for bulletin in self.search([("state", "=", "open")]):
            try:
                with self.env.cr.savepoint():
                    bulletin._list_affected()
            except OperationalError:
                _logger.info("Notice %s is busy, its list waits", bulletin.id)
            except Exception:
                _logger.exception("The list of notice %s", bulletin.id)
            self.env["ir.cron"]._commit_progress()


class AftersalesBulletinRecipient(models.Model):
    _inherit = "aftersales.bulletin.recipient"

    @api.model
    def _get_reminder_domain(self):
        return Domain("bulletin_id.state", "in", ("sending", "open")) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("reminder_date", "<=", company._aftersales_today())
            for company in self.env["res.company"].search([])
        )

    @api.model
    def _run(self, domain, work, batch_size):
        """Do `work` (a method's name) for whom `domain` finds, a batch a transaction.

        :return: whether all of them were looked at in this run
        """
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=self.search_count(domain))
        last_id = 0
        while due := self.search(
            domain & Domain("id", ">", last_id), order="id", limit=batch_size
        ):
            last_id = due[-1:].id
            due._try(work, domain)
            if not progress._commit_progress(len(due)):
                rest = domain & Domain("id", ">", last_id)
                return not self.search_count(rest, limit=1)
        return True

    def _try(self, work, domain):
        """Do `work` for a batch, or one by one to tell apart which of them fails.

        Those whom somebody else holds, or who are due no more, are left out.
        """
        try:
            with self.env.cr.savepoint():
                due = self.try_lock_for_update().filtered_domain(domain)
                getattr(due, work)()
        except OperationalError:
            _logger.info("Owners of a notice are busy, they wait")
        except Exception as error:
            if len(self) > 1:
                for recipient in self:
                    recipient._try(work, domain)
                return
            _logger.exception("Owner %s of a notice could not be told", self.id)
            self._fail(str(error) or repr(error))
