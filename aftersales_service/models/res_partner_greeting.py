# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_no_greetings = fields.Boolean(
        string="No Greetings",
        help="The customer wants no mails on the anniversary of a purchase.",
        groups="aftersales_service.group_technician",
    )
