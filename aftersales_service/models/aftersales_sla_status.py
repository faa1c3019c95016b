# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .aftersales_claim import CLOSED_CATEGORIES

_logger = logging.getLogger(__name__)

#: How many due statuses one pass of the scheduled action takes.
BATCH_SIZE = 200
#: After this time a status that could not be processed is tried again.
RETRY_AFTER = timedelta(hours=6)
RUNNING = ("ongoing", "at_risk")


class AftersalesSlaStatus(models.Model):
    _name = "aftersales.sla.status"
    _description = "SLA Status of a Claim"
    _order = "deadline, id"

    claim_id = fields.Many2one(
        "aftersales.claim", required=True, index=True, ondelete="cascade"
    )
    sla_id = fields.Many2one(
        "aftersales.sla", string="SLA", required=True, index=True, ondelete="restrict"
    )
    target = fields.Selection(related="sla_id.target")
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True, index=True
    )
    deadline = fields.Datetime(
        help="Empty while the claim waits, is closed, or the calendar has too few "
        "working hours ahead."
    )
    warning_date = fields.Datetime(
        help="From then on the claim is at risk: the share of time set on the policy "
        "is left."
    )
    reached_date = fields.Datetime()
    warned_date = fields.Datetime(
        string="Warned on", readonly=True, help="Nobody is warned a second time."
    )
    escalated_date = fields.Datetime(
        string="Escalated on",
        readonly=True,
        help="The team's lead is told of a missed deadline only once.",
    )
    retry_date = fields.Datetime(
        readonly=True, help="The last attempt to warn failed; it is repeated then."
    )
    state = fields.Selection(
        [
            ("ongoing", "Ongoing"),
            ("at_risk", "At Risk"),
            ("reached", "Reached"),
            ("failed", "Missed"),
        ],
        required=True,
        default="ongoing",
    )

    _claim_sla_uniq = models.UniqueIndex(
        "(claim_id, sla_id)", "A policy counts once per claim."
    )
    _warning_idx = models.Index("(warning_date) WHERE state = 'ongoing'")
    _deadline_idx = models.Index("(deadline) WHERE state = 'at_risk'")
    _escalation_idx = models.Index(
        "(deadline) WHERE state = 'failed' AND escalated_date IS NULL "
        "AND reached_date IS NULL"
    )

    def _update_deadlines(self, now, cache):
        """Recompute the running deadlines; `cache` is shared by a batch.

        A deadline that has already passed is missed, even when nobody has noticed
        yet: it is not recomputed.
        """
        self._refresh_running(now)
        self._recompute_deadlines(now, cache)

    def _refresh_running(self, now):
        self.filtered(lambda s: s.state in RUNNING)._refresh_state(now)

    def _recompute_deadlines(self, now, cache):
        """Recompute the running deadlines from the calendar as it is now."""
        for status in self.filtered(lambda s: s.state in RUNNING):
            claim, sla = status.claim_id, status.sla_id
            status.write(
                claim._prepare_sla_deadlines(sla.hours, sla.warning_percent, now, cache)
            )
            status._refresh_state(now)

    def _refresh_state(self, now):
        """Move a running status to at risk or failed; failed stays failed."""
        for status in self.filtered("deadline"):
            if status.deadline < now:
                status.state = "failed"
            elif status.state == "ongoing" and status.warning_date <= now:
                status.state = "at_risk"

    def _run_again(self):
        """Take back what was reached: the claim was opened again."""
        self.filtered(lambda s: s.state == "reached").write(
            {
                "state": "ongoing",
                "reached_date": False,
                "deadline": False,
                "warning_date": False,
            }
        )

    # -- warning and escalating

    @api.model
    def _get_due_domain(self, now):
        """What is to be warned of or escalated at `now`; each part has its index."""
        due = (
            Domain("state", "=", "ongoing") & Domain("warning_date", "<=", now)
            | Domain("state", "=", "at_risk") & Domain("deadline", "<", now)
            | Domain("state", "=", "failed")
            & Domain("escalated_date", "=", False)
            & Domain("reached_date", "=", False)
        )
        return due & (
            Domain("retry_date", "=", False) | Domain("retry_date", "<=", now)
        )

    @api.model
    def _process_due(self, now):
        """Warn and escalate what is due, each on its own: one that can't be
        processed is put off and does not stop the others.
        """
        domain = self._get_due_domain(now)
        due = self.search(domain, order="deadline, id", limit=BATCH_SIZE)
        remaining = len(due) if len(due) < BATCH_SIZE else self.search_count(domain)
        cron, cache = self.env["ir.cron"], {}
        cron._commit_progress(remaining=remaining)
        for status in due:
            status = status.try_lock_for_update().filtered_domain(domain)
            try:
                with self.env.cr.savepoint():
                    # The calendar may have got a holiday since.
                    status._recompute_deadlines(now, cache)
                    status._escalate()
            except Exception:
                _logger.exception("SLA status %s could not be processed", status.id)
                status.retry_date = now + RETRY_AFTER
            if not cron._commit_progress(1):
                break

    def _escalate(self):
        """Tell whoever must act that a deadline is near or was missed; once each.

        The dates that say so are written in the same transaction as the messages.
        """
        now = fields.Datetime.now()
        for status in self:
            claim = status.claim_id
            lead, assignee = claim.team_id.user_id, claim.user_id
            if status.state == "failed" and not status.escalated_date:
                status.escalated_date = now
                if claim.stage_category in CLOSED_CATEGORIES:
                    # Too late to act.
                    continue
                user = status._get_first_reader(lead, assignee)
                status._schedule_activity(user, now)
                status._send_escalation(user)
            elif status.state == "at_risk" and not status.warned_date:
                status.warned_date = now
                user = status._get_first_reader(assignee, lead)
                status._schedule_activity(user, now)

    def _get_first_reader(self, *users):
        """The first of `users` who may see the claim: it can be confidential."""
        self.ensure_one()
        for user in users:
            if user and self.claim_id.with_user(user).has_access("read"):
                return user
        return self.env["res.users"]

    def _schedule_activity(self, user, now):
        self.ensure_one()
        if not user:
            return
        status = self.with_context(lang=user.lang)
        if status.state == "failed":
            summary = status.env._("Deadline missed: %s", status.sla_id.name)
        else:
            summary = status.env._("Deadline near: %s", status.sla_id.name)
        status.claim_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=status.company_id._aftersales_date(now),
            summary=summary,
            user_id=user.id,
        )

    def _send_escalation(self, user):
        self.ensure_one()
        template = self.env.ref(
            "aftersales_service.mail_template_sla_missed", raise_if_not_found=False
        )
        if template and user.email:
            template.with_context(lang=user.lang).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [fields.Command.set(user.partner_id.ids)]
                },
                email_layout_xmlid="mail.mail_notification_light",
            )

    def _get_escalation_user(self):
        """Whoever the mail about a missed deadline is for."""
        claim = self.claim_id
        return self._get_first_reader(claim.team_id.user_id, claim.user_id)

    def _format_deadline(self):
        """The deadline in the time zone and the language of whoever must act."""
        self.ensure_one()
        user = self._get_escalation_user()
        zone = user.tz or self.claim_id._get_calendar().tz
        return format_datetime(
            self.env, self.deadline, tz=zone, dt_format="medium", lang_code=user.lang
        )
