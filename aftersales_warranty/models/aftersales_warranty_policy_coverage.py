# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules.period import last_covered_day

UNITS = [("day", "Days"), ("month", "Months"), ("year", "Years")]


class AftersalesWarrantyPolicyCoverage(models.Model):
    _name = "aftersales.warranty.policy.coverage"
    _description = "Warranty Policy Coverage"
    _order = "sequence, id"

    policy_id = fields.Many2one(
        "aftersales.warranty.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    component = fields.Selection(
        [
            ("parts", "Parts"),
            ("labour", "Labour"),
            ("travel", "Travel"),
            ("transport", "Transport"),
        ],
        required=True,
        default="parts",
    )
    percent = fields.Float(
        string="Covered (%)",
        digits=(5, 2),
        default=100.0,
        required=True,
        help="The share of this component that the warranty pays.",
    )
    duration = fields.Integer(
        string="Own Duration",
        help="For a component that is covered for less time than the rest. "
        "Empty: as long as the policy.",
    )
    duration_unit = fields.Selection(UNITS, default="month", required=True)

    _component_uniq = models.Constraint(
        "unique(policy_id, component)",
        "A policy has one line for each component.",
    )
    _percent_range = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100)",
        "The covered share of a component lies between 0 and 100 %.",
    )
    _duration_positive = models.Constraint(
        "CHECK (duration >= 0)", "The duration of a component can't be negative."
    )

    @api.constrains("duration", "duration_unit", "policy_id")
    def _check_duration(self):
        # Which of two periods is the longer may depend on the day they start:
        # from the first of January months and days compare as people expect.
        start = fields.Date.to_date("2001-01-01")
        for line in self.filtered(lambda line: line.duration > 0):
            policy = line.policy_id
            whole = last_covered_day(start, policy.duration, policy.duration_unit)
            if last_covered_day(start, line.duration, line.duration_unit) > whole:
                raise ValidationError(
                    self.env._(
                        "A component can't be covered for longer than the warranty "
                        "%(policy)s itself.",
                        policy=policy.display_name,
                    )
                )

    def _prepare_terms_coverage(self):
        """What frozen terms keep of these lines (JSON)."""
        return [
            {
                "component": line.component,
                "percent": line.percent,
                "duration": line.duration or line.policy_id.duration,
                "duration_unit": (
                    line.duration_unit
                    if line.duration
                    else line.policy_id.duration_unit
                ),
                "has_own_duration": bool(line.duration),
            }
            for line in self
        ]
