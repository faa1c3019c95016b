# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _sum_aftersales_goods(self, moves):
        kit = moves._get_aftersales_kit(self.product_id)
        if kit:
            return moves._sum_aftersales_kits(self.product_id, kit)
        return super()._sum_aftersales_goods(moves)
