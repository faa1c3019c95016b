# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_compensation_id = fields.Many2one(
        compute="_compute_aftersales_compensation_id", store=True, compute_sudo=True
    )

    @api.depends("coupon_id.aftersales_compensation_id")
    def _compute_aftersales_compensation_id(self):
        for line in self:
            given = line.coupon_id.aftersales_compensation_id
            line.aftersales_compensation_id = given or line.aftersales_compensation_id

    def _get_aftersales_given_cost(self):
        if self.reward_id.reward_type == "product":
            product = self.product_id.with_company(self.company_id)
            quantity = self._to_product_uom(self.product_uom_qty)
            return self.company_id.currency_id.round(product.standard_price * quantity)
        return super()._get_aftersales_given_cost()
