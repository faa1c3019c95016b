# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _is_aftersales_shipping(self):
        is_delivery = any(self.sale_line_ids.mapped("is_delivery"))
        return is_delivery or super()._is_aftersales_shipping()
