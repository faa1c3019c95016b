# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    contact_by = fields.Selection(
        [("email", "By e-mail"), ("phone", "By phone")],
        string="Preferred Contact",
        help="How the customer wants to be reached about this claim.",
    )
    contact_phone = fields.Char(
        string="Phone for This Claim", help="The number the customer left with it."
    )
    contact_time = fields.Selection(
        [
            ("any", "At any time"),
            ("morning", "In the morning"),
            ("midday", "At midday"),
            ("afternoon", "In the afternoon"),
            ("evening", "In the evening"),
        ],
        string="Best Time to Call",
    )
