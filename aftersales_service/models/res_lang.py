# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class ResLang(models.Model):
    _inherit = "res.lang"

    @api.model
    def _format_aftersales_number(self, number):
        """`number` without needless decimals, as the reader writes it, e.g. 1,5"""
        language = self._get_data(code=self.env.lang or "en_US")
        return f"{number:g}".replace(".", language.decimal_point or ".")
