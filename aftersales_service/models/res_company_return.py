# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

RETURN_DESTINATIONS = [
    ("stock", "Stock"),
    ("repair", "Repair"),
    ("refurbish", "Refurbishing"),
    ("scrap", "Scrap"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_return_destination = fields.Selection(
        RETURN_DESTINATIONS,
        string="Accepted Returns Go to",
        required=True,
        default="stock",
        help="Proposed at the inspection of returned goods.",
    )
    aftersales_repair_location_id = fields.Many2one(
        "stock.location",
        string="Repair Location of Returns",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
    )
    aftersales_refurbish_location_id = fields.Many2one(
        "stock.location",
        string="Refurbishing Location",
        check_company=True,
        domain="[('usage', '=', 'internal')]",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_return_destination = fields.Selection(
        related="company_id.aftersales_return_destination", readonly=False
    )
    aftersales_repair_location_id = fields.Many2one(
        related="company_id.aftersales_repair_location_id", readonly=False
    )
    aftersales_refurbish_location_id = fields.Many2one(
        related="company_id.aftersales_refurbish_location_id", readonly=False
    )
