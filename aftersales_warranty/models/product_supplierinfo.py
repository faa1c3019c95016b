# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ProductSupplierinfo(models.Model):
    """What a vendor answers for: the warranty behind ours."""

    _inherit = "product.supplierinfo"

    aftersales_warranty_months = fields.Integer(
        string="Vendor's Warranty (Months)",
        help="Zero: the vendor answers for nothing.",
    )
    aftersales_warranty_start = fields.Selection(
        [("delivery", "Our delivery"), ("receipt", "Our receipt")],
        string="Counted From",
        default="delivery",
        required=True,
        help="Our delivery to the customer, or the day we got the serial number.",
    )
    aftersales_claim_days = fields.Integer(
        string="Claim Within (Days)",
        help="From the day the customer told us. Zero: at any time.",
    )
    aftersales_return_handler = fields.Selection(
        [
            ("company", "We send it back"),
            ("customer", "The customer sends it"),
            ("none", "Nothing is sent"),
        ],
        string="Return",
        default="company",
        required=True,
    )
    aftersales_return_partner_id = fields.Many2one(
        "res.partner", string="Return Address", help="Empty: the vendor's own."
    )
    aftersales_claim_instructions = fields.Text(string="How to Claim from Them")

    _aftersales_not_negative = models.Constraint(
        "CHECK (aftersales_warranty_months >= 0 AND aftersales_claim_days >= 0)",
        "The months and days of a vendor's warranty can't be negative.",
    )
