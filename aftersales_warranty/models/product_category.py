# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "aftersales.warranty.mixin"]

    def _get_aftersales_lineage(self):
        """Map each category to itself and its parents, the nearest first."""
        ids = {
            category: [
                int(key) for key in (category.parent_path or "").split("/") if key
            ]
            for category in self
        }
        # One prefetch for all of them, however many and however deep they are.
        everyone = self.browse({key for keys in ids.values() for key in keys})
        by_id = {category.id: category for category in everyone}
        return {
            category: [by_id[key] for key in reversed(keys)]
            for category, keys in ids.items()
        }
