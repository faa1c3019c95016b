# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
import random
import time
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
)

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..rules.mail_envelope import Envelope
from ..rules.plain_text import clean

_logger = logging.getLogger(__name__)

#: Errors after which the same work may succeed.
TRY_AGAIN = (DeadlockDetected, LockNotAvailable, SerializationFailure)
MAX_TRIES = 8
#: After so many runs that ended without a result a mail waits for a person.
MAX_RUNS = 5
#: A mail still "received" after this time was left behind by a crash.
LEFT_BEHIND = timedelta(minutes=10)
MAX_ERROR = 2_000
MAX_HEADER = 500
#: What a manager may still turn into a claim or an answer.
UNDECIDED = ("received", "quarantined", "automatic", "loop", "discarded")


class AftersalesMailIntake(models.Model):
    """The ledger of incoming mails: each is kept first, whole, and then ends as
    exactly one thing. What can't be processed waits here for a person."""

    _name = "aftersales.mail.intake"
    _description = "Incoming Mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    message_id = fields.Char(
        string="Message-ID",
        required=True,
        readonly=True,
        help="What identifies the mail; made from its content when it has none.",
    )
    address = fields.Char(
        string="Received at",
        required=True,
        readonly=True,
        default="",
        help="The mail address of the team it was sent to.",
    )
    alias_id = fields.Many2one("mail.alias", readonly=True, index="btree_not_null")
    team_id = fields.Many2one("aftersales.team", readonly=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("claim", "New Claim"),
            ("reply", "Message on a Claim"),
            ("bounce", "Bounce Noted"),
            ("automatic", "Automatic Reply"),
            ("loop", "Loop Stopped"),
            ("quarantined", "Quarantined"),
            ("discarded", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="received",
        index=True,
    )
    error = fields.Text(string="Reason", readonly=True)
    discard_reason = fields.Char(readonly=True)
    claim_id = fields.Many2one(
        "aftersales.claim",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    email_from = fields.Char(string="From", readonly=True)
    email_normalized = fields.Char(string="Sender's Address", readonly=True)
    subject = fields.Char(readonly=True)
    date = fields.Datetime(
        string="Received on", required=True, readonly=True, default=fields.Datetime.now
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="Original Mail", readonly=True, index="btree_not_null"
    )
    fingerprint = fields.Char(readonly=True)
    same_digest = fields.Char(readonly=True, help="Of what the mail says.")
    alike_digest = fields.Char(readonly=True, help="The same without numbers.")
    is_verified = fields.Boolean(
        string="Known Sender",
        readonly=True,
        help="The sender is one of those who take part in the claim.",
    )
    is_acknowledged = fields.Boolean(string="Acknowledged", readonly=True)
    attempts = fields.Integer(readonly=True, default=1)

    _message_uniq = models.UniqueIndex(
        "(message_id, address)", "This mail was received already."
    )
    _sender_idx = models.Index("(email_normalized, date)")
    _waiting_idx = models.Index(
        "(state, date) WHERE state IN ('received', 'quarantined')"
    )

    # -- keeping

    @api.model
    def _receive(self, raw, goal, **options):
        """Keep the mail `raw`, then make of it what it is.

        It is kept in a transaction of its own: whatever happens afterwards, it is
        there. Who has written already in their own transaction (a script, a test)
        expects the mail to see that, and answers for that transaction.

        :param raw: bytes
        :param goal: as of ``_find_goal``
        :param options: as of ``message_process``
        :return: id of the claim, or False
        """
        options["custom_values"] = self._get_allowed_values(options["custom_values"])
        # The gateway writes for people without any right; it decides what.
        intake = self.with_env(self.env(context={})).sudo()
        if intake._has_caller_written():
            entry = intake._keep(raw, goal)
            return entry._work_off(**options) if entry else False
        entry_id = intake._try_apart(lambda own: own._keep(raw, goal).id)
        return intake._work_off_apart(entry_id, **options) if entry_id else False

    @api.model
    def _receive_with_others(self, core, raw, goal, **options):
        """As ``_receive``, for a mail that is also for other documents of the core.

        Its own transaction goes first, as it must not wait for what the core locks; in
        one transaction the core does, as it leaves out a Message-ID it knows.

        :param core: function that lets the core process the rest
        """
        if not self._has_caller_written():
            claim_id = self._receive(raw, goal, **options)
            core()
            return claim_id
        try:
            with self.env.cr.savepoint():
                core()
        finally:
            claim_id = self._receive(raw, goal, **options)
        return claim_id

    @api.model
    def _get_allowed_values(self, values):
        """Values for a new claim that a caller of the gateway may decide themselves."""
        claims = self.env["aftersales.claim"]
        if not isinstance(values, dict) or not claims.has_access("create"):
            return {}
        return {
            name: value
            for name, value in values.items()
            if name in claims._fields
            and claims._has_field_access(claims._fields[name], "write")
        }

    @api.model
    def _has_caller_written(self):
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT pg_current_xact_id_if_assigned() IS NOT NULL"))
        return self.env.cr.fetchone()[0]

    @contextmanager
    def _own_transaction(self):
        """This model in a new transaction, committed at the end."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(api.Environment(cr, SUPERUSER_ID, {}))

    @api.model
    def _keep(self, raw, goal):
        """Enter the mail, unless it is there; the unique index is the judge of that.

        Of two processes with the same mail the second waits for the first, collides
        with it and finds its entry on the next try.

        :return: the new entry, or none
        """
        envelope = Envelope(raw)
        values = self._prepare_entry_vals(envelope, goal)
        entry = self._insert(values)
        if not entry and self._is_other_mail(values):
            values["message_id"] += f" {values['fingerprint'][:16]}"
            values["state"] = "quarantined"
            values["error"] = self.env._(
                "Another mail with the same Message-ID came before, with another text."
            )
            entry = self._insert(values)
        if entry:
            entry.attachment_id = entry._store(raw)
        else:
            _logger.info("Mail %s came before", values["message_id"])
        return entry

    @api.model
    def _prepare_entry_vals(self, envelope, goal):
        return {
            "message_id": envelope.message_id,
            "address": goal.address,
            "alias_id": goal.alias_id or None,
            "team_id": goal.team_id or None,
            "company_id": goal.company_id or None,
            "state": "received",
            "email_from": envelope.email_from[:MAX_HEADER],
            "email_normalized": envelope.sender[:MAX_HEADER],
            "subject": envelope.subject[:MAX_HEADER],
            "date": fields.Datetime.now(),
            "fingerprint": envelope.fingerprint,
            "attempts": 1,
            "error": None,
        }

    @api.model
    def _insert(self, values):
        now = fields.Datetime.now()
        row = {
            **values,
            "create_uid": SUPERUSER_ID,
            "write_uid": SUPERUSER_ID,
            "create_date": now,
            "write_date": now,
        }
        self.env.cr.execute(
            SQL(
                "INSERT INTO aftersales_mail_intake (%s) VALUES (%s) "
                "ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(SQL.identifier(name) for name in row),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
            )
        )
        found = self.env.cr.fetchone()
        return self.browse(found[0] if found else None)

    @api.model
    def _is_other_mail(self, values):
        """Whether the mail under the same Message-ID says something else."""
        known = self.search_fetch(
            [
                ("message_id", "=", values["message_id"]),
                ("address", "=", values["address"]),
            ],
            ["fingerprint"],
            limit=1,
        )
        # One that this transaction can't see is being processed at this moment.
        return bool(known) and known.fingerprint != values["fingerprint"]

    def _store(self, raw):
        """The whole mail as a file that no browser shows as a page."""
        values = {
            "name": "mail.eml",
            "mimetype": "text/plain",
            "res_model": self._name,
            "res_id": self.id,
        }
        attachments = self.env["ir.attachment"]
        try:
            return attachments.create({**values, "raw": raw})
        except OSError:
            # No room left on the disk of the files: the database has to keep it.
            attachment = attachments.create({**values, "raw": b""})
            attachment.write({"store_fname": False, "db_datas": raw})
            attachment.file_size = len(raw)
            return attachment

    # -- working off

    @api.model
    def _work_off_apart(self, entry_id, **options):
        """``_work_off`` in a transaction of its own; it never raises."""
        try:
            return self._try_apart(
                lambda own: own.browse(entry_id)._work_off(**options)
            )
        except TRY_AGAIN:
            # It stays in the ledger as received: the cron takes it up.
            _logger.warning("Mail %s is left for later", entry_id)
        except Exception as error:
            _logger.warning("Mail %s: no result", entry_id, exc_info=True)
            reason = error
            self._try_apart(lambda own: own.browse(entry_id)._quarantine(reason))
        return False

    @api.model
    def _try_apart(self, work):
        """Do `work` in a transaction of its own, again when it collides with others.

        :param work: function of this model in the new transaction
        :return: what `work` returns
        """
        for attempt in range(MAX_TRIES):
            try:
                with self._own_transaction() as own:
                    return work(own)
            except TRY_AGAIN:
                if attempt == MAX_TRIES - 1:
                    raise
                time.sleep(random.uniform(0.05, 0.1 * 2**attempt))
        return None

    def _work_off(self, states=("received",), **options):
        """Make of the mail what it is: the one transition of an entry.

        The row is the lock: a second process waits here, and then starts again with
        what the first one has made of the mail.

        :param states: the mail is only touched in one of these
        :param options: ``claim`` it belongs to, ``is_forced`` by a person, and those
            of ``message_process``
        :return: id of the claim, or False
        """
        self.ensure_one()
        if not self._lock(states):
            return False
        try:
            with self.env.cr.savepoint():
                values = self._route(**options)
                self.write(
                    {"error": False, "end_date": fields.Datetime.now(), **values}
                )
        except TRY_AGAIN:
            raise
        except UserError as error:
            _logger.info("Mail %s is quarantined: %s", self.message_id, error)
            self._quarantine(error)
        except Exception as error:
            _logger.warning("Mail %s is quarantined", self.message_id, exc_info=True)
            self._quarantine(error)
        return self.claim_id.id if self.state in ("claim", "reply") else False

    def _lock(self, states):
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT state FROM %s WHERE id = %s FOR UPDATE",
                SQL.identifier(self._table),
                self.id,
            ),
            log_exceptions=False,
        )
        found = self.env.cr.fetchone()
        self.invalidate_recordset()
        return bool(found) and found[0] in states

    def _quarantine(self, error):
        """Keep what could not be processed for a person, with the `error`."""
        if not self.exists() or self.state not in UNDECIDED:
            return
        text = str(error) if isinstance(error, UserError) else repr(error)
        self.write(
            {
                "state": "quarantined",
                "error": clean(text)[:MAX_ERROR],
                "end_date": False,
            }
        )

    @api.model
    def _cron_work_off(self):
        """Take up mails that a crash left behind; set apart what crashes again."""
        waiting = self.search(
            [
                ("state", "=", "received"),
                ("date", "<", fields.Datetime.now() - LEFT_BEHIND),
            ],
            order="id",
        )
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(waiting))
        for entry in waiting:
            if entry.attempts >= MAX_RUNS:
                entry._quarantine(
                    UserError(self.env._("It ended without a result several times."))
                )
            else:
                entry.attempts += 1
                # Counted before it is tried: the try may take the process with it.
                progress._commit_progress()
                self._work_off_apart(entry.id)
            if not progress._commit_progress(1):
                break

    # -- what a manager does

    def _ensure_is_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(self.env._("Only after-sales managers can do this."))

    def action_retry(self):
        """Try again to make a claim or an answer of the mails.

        What a person takes up is processed, automatic or not.

        :raises UserError: for a mail that is a claim or an answer already
        """
        self._ensure_is_manager()
        self._ensure_undecided()
        for entry in self:
            # Managers decide on the ledger; only its steps write on it.
            entry.sudo()._work_off(UNDECIDED, is_forced=True)
        return self._show_claim()

    def action_link(self):
        """Ask to which claim the mail belongs."""
        self._ensure_is_manager()
        return self._open_decision("link", self.env._("Put on a Claim"))

    def action_discard(self):
        """Ask why the mails are not needed."""
        self._ensure_is_manager()
        return self._open_decision("discard", self.env._("Discard"))

    def action_view_claim(self):
        """Open the claim the mail ended in."""
        self.check_access("read")
        return self.claim_id._get_records_action(name=self.env._("Claim"))

    def action_download(self):
        """The original mail as a file.

        :return: action that downloads it; the browser shows none of it
        """
        self._ensure_is_manager()
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def _open_decision(self, kind, title):
        self._ensure_undecided()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": f"aftersales.mail.intake.{kind}",
            "view_mode": "form",
            "target": "new",
            "context": {"default_intake_ids": self.ids},
        }

    def _ensure_undecided(self):
        done = self.filtered(lambda e: e.state not in UNDECIDED)
        if done:
            raise UserError(
                self.env._(
                    "This mail is on a claim already: %s",
                    ", ".join(entry.subject or entry.message_id for entry in done),
                )
            )

    def _show_claim(self):
        if len(self) == 1 and self.state in ("claim", "reply"):
            return self.action_view_claim()
        return True

    def _link(self, claim):
        """Post the mails on `claim`, by the same rules as if they had found it."""
        self._ensure_is_manager()
        self._ensure_undecided()
        claim.check_access("write")
        for entry in self:
            # As in action_retry.
            entry.sudo()._work_off(UNDECIDED, is_forced=True, claim=claim.sudo())
        return self._show_claim()

    def _discard(self, reason):
        self._ensure_is_manager()
        self._ensure_undecided()
        # As in action_retry: who decides does not edit the ledger by hand.
        self.sudo().write(
            {
                "state": "discarded",
                "discard_reason": reason,
                "end_date": fields.Datetime.now(),
            }
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        if self.filtered(lambda e: e.state in ("received", "quarantined")):
            raise UserError(
                self.env._("Nobody has decided on this mail yet: it can't be deleted.")
            )
