# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


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
        help="Empty while the calendar has too few working hours ahead."
    )
    warning_date = fields.Datetime(
        help="From then on the claim is at risk: a quarter of the time is left."
    )
    reached_date = fields.Datetime()
    state = fields.Selection(
        [
            ("ongoing", "Ongoing"),
            ("at_risk", "At Risk"),
            ("reached", "Reached"),
            ("failed", "Failed"),
        ],
        required=True,
        default="ongoing",
    )

    _claim_sla_uniq = models.UniqueIndex(
        "(claim_id, sla_id)", "A policy counts once per claim."
    )
    _warning_idx = models.Index("(warning_date) WHERE state = 'ongoing'")
    _deadline_idx = models.Index("(deadline) WHERE state = 'at_risk'")

    def _update_deadlines(self, now, cache):
        """Recompute the running deadlines; `cache` is shared by a batch."""
        for status in self.filtered(lambda s: s.state in ("ongoing", "at_risk")):
            claim = status.claim_id
            status.write(claim._prepare_sla_deadlines(status.sla_id.hours, now, cache))
            status._refresh_state(now)

    def _refresh_state(self, now):
        """Move a running status to at risk or failed; failed stays failed."""
        for status in self.filtered("deadline"):
            if status.deadline < now:
                status.state = "failed"
            elif status.state == "ongoing" and status.warning_date <= now:
                status.state = "at_risk"

    def _escalate(self, before):
        """Tell whoever must act that a deadline is near or was missed; once each."""
        for status in self:
            claim = status.claim_id
            if status.state == before or status.state not in ("at_risk", "failed"):
                continue
            if status.state == "failed":
                user = claim.team_id.user_id or claim.user_id
                summary = self.env._("Deadline missed: %s", status.sla_id.name)
            else:
                user = claim.user_id or claim.team_id.user_id
                summary = self.env._("Deadline near: %s", status.sla_id.name)
            if user:
                claim.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, user_id=user.id
                )
