# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "aftersales.history.mixin"]

    _aftersales_paths = {
        "aftersales.asset": "product_id",
        "aftersales.claim": "line_ids.product_id",
        "repair.order": "product_id",
    }
