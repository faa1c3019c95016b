# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..rules.working_time import hours_between

#: A deadline is at risk when less than this share of its time is left.
AT_RISK_SHARE = 0.25
HORIZON_DAYS = 30


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
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    deadline = fields.Datetime(
        help="Empty while the calendar has too few working hours ahead."
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
    _due_idx = models.Index("(deadline) WHERE state IN ('ongoing', 'at_risk')")

    def _is_at_risk(self, now):
        """Whether less than a quarter of the time allowed is left."""
        self.ensure_one()
        claim = self.claim_id
        intervals = claim._get_working_intervals(
            claim.create_date, now, HORIZON_DAYS, {}
        )
        left = hours_between(now, self.deadline, intervals)
        return left < self.sla_id.hours * AT_RISK_SHARE

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
