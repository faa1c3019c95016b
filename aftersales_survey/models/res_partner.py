# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_survey_opt_out = fields.Boolean(
        string="No Surveys",
        help="The customer does not want to be asked how satisfied they are.",
        groups="aftersales_service.group_technician",
    )
