# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["aftersales.sla.refresh"]._ask_for_policies(
                [("line_ids.product_id.categ_id", "child_of", self.ids)],
                "product_category_ids",
            )
        return result
