# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    aftersales_partner_id = fields.Many2one(
        "res.partner",
        string="Carrier's Company",
        check_company=True,
        index="btree_not_null",
        help="Who is claimed from when a parcel was damaged, late or lost.",
    )
