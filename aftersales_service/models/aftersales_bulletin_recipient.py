# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .aftersales_bulletin import SENT_STATES
from .aftersales_bulletin_asset import ANSWERABLE_STATES, OPEN_STATES
from .mail_mail_once import ONCE_HEADERS

TOKEN_BYTES = 24
MERGE_ORDER = ("queued", "failed", "unreachable", "listed", "told")
TEMPLATE = "aftersales_service.mail_template_bulletin"


class AftersalesBulletinRecipient(models.Model):
    """An owner of affected assets: gets one mail about all of them, with one link.

    Its token is in no page, list or message that anybody else reads.
    """

    _name = "aftersales.bulletin.recipient"
    _description = "Owner Told of a Notice"
    _order = "id"
    _rec_name = "partner_id"
    _check_company_auto = True

    bulletin_id = fields.Many2one(
        "aftersales.bulletin",
        string="Notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, readonly=True, index=True
    )
    line_ids = fields.One2many("aftersales.bulletin.asset", "recipient_id")
    state = fields.Selection(
        [
            ("listed", "Not Yet Told"),
            ("queued", "To Send"),
            ("told", "Told"),
            ("unreachable", "No Address"),
            ("failed", "Not Sent: Error"),
        ],
        required=True,
        readonly=True,
        default="listed",
    )
    error = fields.Text(readonly=True, groups="aftersales_service.group_manager")
    sent_date = fields.Datetime(string="Last Sent On", readonly=True)
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    reminder_date = fields.Date(string="Next Reminder", readonly=True)
    token = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    merged_into_id = fields.Many2one(
        "aftersales.bulletin.recipient",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Two contacts told of it became one: this one's link leads there.",
    )

    _once = models.UniqueIndex("(bulletin_id, partner_id) WHERE merged_into_id IS NULL")
    _queued_idx = models.Index("(id) WHERE state = 'queued'")
    _reminder_idx = models.Index("(reminder_date) WHERE reminder_date IS NOT NULL")
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    @api.model
    def _get_or_create(self, pairs):
        """{(bulletin, partner): recipient} for a set of such pairs."""
        known = self.search(
            [
                ("bulletin_id", "in", [bulletin.id for bulletin, _partner in pairs]),
                ("partner_id", "in", [partner.id for _bulletin, partner in pairs]),
                ("merged_into_id", "=", False),
            ]
        )
        found = {(r.bulletin_id, r.partner_id): r for r in known}
        missing = [pair for pair in pairs if pair not in found]
        created = self.create(
            [
                {
                    "bulletin_id": bulletin.id,
                    "company_id": bulletin.company_id.id,
                    "partner_id": partner.id,
                }
                for bulletin, partner in missing
            ]
        )
        return {**found, **dict(zip(missing, created, strict=True))}

    @api.model
    def _merge_owners(self, sources, target):
        """Two contacts become one, who has one answer to give; both links go on."""
        known = self.search(
            [
                ("partner_id", "in", (sources | target).ids),
                ("merged_into_id", "=", False),
            ]
        )
        for of_bulletin in known.grouped("bulletin_id").values():
            main = of_bulletin.filtered(lambda r: r.partner_id == target)[:1]
            main = main or of_bulletin[0]
            (of_bulletin - main)._merge_into(main)
        self.env.flush_all()

    def _merge_into(self, main):
        if not self:
            return
        both = main | self
        dates = [day for day in both.mapped("reminder_date") if day]
        main.write(
            {
                # Who still has to be told decides.
                "state": min(both.mapped("state"), key=MERGE_ORDER.index),
                "error": next(filter(None, both.mapped("error")), False),
                "reminder_date": min(dates, default=False),
            }
        )
        self.line_ids.recipient_id = main
        (self | self.search([("merged_into_id", "in", self.ids)])).write(
            {"merged_into_id": main.id, "state": "told", "reminder_date": False}
        )

    # -- telling

    def _tell(self):
        """Write the mail of each owner and what it tells, together."""
        today = {c: c._aftersales_today() for c in self.company_id}
        lines = self.line_ids.filtered(lambda line: line.state == "queued")
        reached = self.filtered(lambda r: r._is_reachable() and r.line_ids & lines)
        for company, told in (lines & reached.line_ids).grouped("company_id").items():
            told.filtered("told_date").state = "told"
            told.filtered(lambda line: not line.told_date).write(
                {"state": "told", "told_date": today[company]}
            )
        (lines - reached.line_ids).state = "unreachable"
        unreachable = (lines - reached.line_ids).recipient_id
        unreachable.write({"state": "unreachable", "error": False})
        # What they would have been told of has left them meanwhile.
        (self - reached - unreachable).state = "told"
        reached.write(
            {"state": "told", "sent_date": fields.Datetime.now(), "error": False}
        )
        for recipient in reached:
            recipient.reminder_count = 0
            recipient._plan_reminder(today[recipient.company_id])
        reached._send_mails()

    def _is_reachable(self):
        self.ensure_one()
        return bool(self.partner_id.active and self.partner_id.email_normalized)

    def _plan_reminder(self, today):
        self.ensure_one()
        bulletin = self.bulletin_id
        self.reminder_date = self.reminder_count < bulletin.reminder_max and (
            today + timedelta(days=bulletin.reminder_days)
        )

    def _remind(self):
        """Tell those once more who have not answered."""
        silent = self.filtered(lambda r: r._get_silent_lines() and r._is_reachable())
        (self - silent).reminder_date = False
        for recipient in silent:
            recipient.reminder_count += 1
            recipient._plan_reminder(recipient.company_id._aftersales_today())
        silent.sent_date = fields.Datetime.now()
        silent._send_mails()

    def _get_silent_lines(self):
        return self.line_ids.filtered(lambda line: line.state == "told")

    def _end_idle_reminders(self):
        """Leave those in peace who have answered for all of their assets."""
        self.filtered(lambda r: not r._get_silent_lines()).reminder_date = False

    def _resume_reminders(self):
        """Somebody has to answer again who had done so."""
        for recipient in self.filtered(lambda r: r._get_silent_lines()):
            if not recipient.reminder_date:
                today = recipient.company_id._aftersales_today()
                recipient._plan_reminder(today)

    def _send_mails(self):
        if not self:
            return
        for recipient in self.filtered(lambda r: not r.token):
            recipient.token = secrets.token_urlsafe(TOKEN_BYTES)
        # On no document: the link is the owner's alone.
        mails = self.env.ref(TEMPLATE).send_mail_batch(
            self.ids,
            email_values={
                "model": False,
                "res_id": False,
                "headers": repr(ONCE_HEADERS),
            },
            email_layout_xmlid="aftersales_service.mail_layout_customer",
        )
        for recipient, mail in zip(self, mails, strict=True):
            recipient.mail_id = mail
        self.flush_recordset()

    def _fail(self, error):
        """Keep why the mail could not be written; the others go on."""
        self.write({"state": "failed", "error": error, "reminder_date": False})
        self.line_ids.filtered(lambda line: line.state == "queued").state = "failed"

    # -- what the mail and the page show

    def _get_mail_subject(self):
        self.ensure_one()
        bulletin = self.bulletin_id
        subject = f"{bulletin._get_kind_label()}: {bulletin.name}"
        if self.reminder_count:
            return self.env._("Reminder: %(subject)s", subject=subject)
        return subject

    def _get_url(self):
        """The owner's link, in their language; a preview carries no token."""
        self.ensure_one()
        language = self.env["res.lang"]._get_data(code=self.partner_id.lang)
        prefix = f"/{language.url_code}" if language else ""
        token = self.token if self.env.su else "preview"
        return f"{self.get_base_url()}{prefix}/aftersales/notice/{token}"

    def _get_lines(self):
        """The assets that the mail asks about, not those that were answered for."""
        self.ensure_one()
        return self.line_ids.filtered(lambda line: line.state in ANSWERABLE_STATES)

    def _get_page_lines(self):
        """The owner's assets that the notice is still about, done ones last."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.state in (*OPEN_STATES, "done")
        ).sorted(lambda line: (line.state == "done", line.id))

    @api.model
    def _find_by_token(self, token):
        """The owner whom the link with `token` was sent to (superuser), or none."""
        # The token is what proves the right to see and answer the notice.
        recipients = self.sudo()
        if not token or not re.fullmatch(r"[\w-]{20,64}", token, re.ASCII):
            return recipients.browse()
        found = recipients.search(
            Domain("token", "=", token) & Domain("bulletin_id.state", "in", SENT_STATES)
        )
        found = found.merged_into_id or found
        return found.filtered(lambda recipient: recipient._get_page_lines())
