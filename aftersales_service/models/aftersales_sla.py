# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesSla(models.Model):
    _name = "aftersales.sla"
    _description = "Service Level Agreement"
    _order = "sequence, hours, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    target = fields.Selection(
        [("first_response", "First Response"), ("solved", "Solved")],
        required=True,
        default="first_response",
    )
    hours = fields.Float(
        required=True,
        default=8.0,
        help="Working hours, counted in the team's calendar from the moment the "
        "claim is registered.",
    )
    team_ids = fields.Many2many("aftersales.team", help="Empty means every team.")
    type_ids = fields.Many2many("aftersales.type", help="Empty means every type.")
    minimum_priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        required=True,
        default="0",
        help="Applies to claims of this priority and above.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "The time allowed must be more than zero hours."
    )

    @api.model
    def _get_policies(self, companies):
        """Every policy that may apply to claims of `companies`."""
        return self.sudo().search([("company_id", "in", [*companies.ids, False])])

    def _applies_to(self, claim):
        """Whether this policy counts for `claim`; an empty criterion means any."""
        self.ensure_one()
        return (
            self.company_id in (claim.company_id, self.env["res.company"])
            and (not self.team_ids or claim.team_id in self.team_ids)
            and (not self.type_ids or claim.type_id in self.type_ids)
            and claim.priority >= self.minimum_priority
        )
