# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import namedtuple

from odoo import fields, models

#: Who buys, as far as policies ask: res.country, whether a business, date.
Buyer = namedtuple("Buyer", "country is_business delivery_date")


class AftersalesPolicyMixin(models.AbstractModel):
    """What warranty and return policies share: for whom they are, and their source."""

    _name = "aftersales.policy.mixin"
    _inherit = ["aftersales.text.mixin"]
    _description = "Policy for Customers"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the policy serves all companies."
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Only for customers who live there. Empty: for all.",
    )
    customer_kind = fields.Selection(
        [("all", "Everybody"), ("consumer", "Consumers"), ("business", "Businesses")],
        string="Customers",
        required=True,
        default="all",
        help="A business is a contact that is, or belongs to, a company.",
    )
    terms = fields.Html(
        translate=True,
        sanitize_style=True,
        help="What the customer should know, in plain words.",
    )
    source = fields.Text(
        string="Legal Reference",
        translate=True,
        help="The law or the document these terms come from, and its date.",
    )
    version = fields.Char(help="E.g. 2026-01. What was sold keeps the one it got.")
    date = fields.Date(string="Terms Dated")

    def _is_for(self, buyer):
        """Tell whether `buyer` (Buyer) is among those this policy is for."""
        self.ensure_one()
        if self.country_ids and buyer.country not in self.country_ids:
            return False
        return self.customer_kind == "all" or (
            (self.customer_kind == "business") == buyer.is_business
        )
