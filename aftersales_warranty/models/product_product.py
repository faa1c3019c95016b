# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.tools import SQL


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_aftersales_categories(self):
        """Return {product id: ids of its category and of those above it}."""
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id, category.parent_path
                  FROM product_product AS product
                  JOIN product_template AS template
                    ON template.id = product.product_tmpl_id
                  JOIN product_category AS category ON category.id = template.categ_id
                 WHERE product.id IN %s
                """,
                tuple(self.ids),
            )
        )
        return {
            product_id: frozenset(int(key) for key in path.split("/") if key)
            for product_id, path in rows
        }
