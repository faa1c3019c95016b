# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        # The customer accepted, whoever confirms: the claims go on.
        lines = self.sudo().order_line.aftersales_claim_line_id
        lines._follow_confirmed_quotes()
        return result
