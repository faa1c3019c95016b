# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_exchange_days = fields.Integer(
        string="Days to Send the Old Unit Back",
        default=14,
        help="For replacements that are sent in advance.",
    )
    aftersales_exchange_reminder = fields.Integer(
        string="Days of the Reminder",
        default=3,
        help="How many days before the old unit is due the customer is reminded.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_exchange_days = fields.Integer(
        related="company_id.aftersales_exchange_days", readonly=False
    )
    aftersales_exchange_reminder = fields.Integer(
        related="company_id.aftersales_exchange_reminder", readonly=False
    )
