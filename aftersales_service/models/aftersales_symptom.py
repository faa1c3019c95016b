# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesSymptom(models.Model):
    _name = "aftersales.symptom"
    _inherit = "aftersales.text.mixin"
    _description = "Symptom"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="The symptom is proposed for these products. Empty means all.",
    )
