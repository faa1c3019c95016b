# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_greet_first_year = fields.Boolean(
        string="At the End of the First Year",
        help="Asks how it is going, with a link to report a problem.",
    )
    aftersales_greet_anniversary = fields.Boolean(
        string="On the Anniversary of the Purchase"
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_greet_first_year = fields.Boolean(
        related="company_id.aftersales_greet_first_year", readonly=False
    )
    aftersales_greet_anniversary = fields.Boolean(
        related="company_id.aftersales_greet_anniversary", readonly=False
    )
