# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

LIABILITIES = [
    ("company", "Company"),
    ("supplier", "Supplier"),
    ("carrier", "Carrier"),
    ("customer", "Customer"),
    ("none", "Nobody"),
]


class AftersalesCause(models.Model):
    _name = "aftersales.cause"
    _inherit = "aftersales.text.mixin"
    _description = "Cause of Failure"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    liability = fields.Selection(
        LIABILITIES,
        required=True,
        default="company",
        help="Who answers for a failure with this cause.",
    )
