# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesType(models.Model):
    _name = "aftersales.type"
    _description = "Claim Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    team_id = fields.Many2one(
        "aftersales.team",
        string="Default Team",
        check_company=True,
        help="Claims of this type go to this team.",
    )
    is_portal = fields.Boolean(
        string="Offered to Customers",
        default=True,
        help="Customers can choose this type in the portal.",
    )
    procedure = fields.Html(
        translate=True,
        sanitize_style=True,
        help="What to do with a claim of this type, step by step.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Warranty Analytic Account",
        company_dependent=True,
        groups="account.group_account_readonly,aftersales_service.group_manager",
        help="Parts used under warranty for claims of this type are booked here. "
        "Empty means the company's after-sales analytic account.",
    )

    _check_company_auto = True
