# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from random import randint

from odoo import fields, models


class AftersalesTag(models.Model):
    _name = "aftersales.tag"
    _inherit = "aftersales.text.mixin"
    _description = "Claim Tag"
    _order = "name"

    def _default_color(self):
        return randint(1, 11)

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: self._default_color())

    _name_uniq = models.Constraint("unique (name)", "This tag exists already.")
