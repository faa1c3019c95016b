# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "aftersales.history.mixin"]

    _aftersales_paths = {
        "aftersales.asset": "sale_line_id.order_id",
        "aftersales.claim": "line_ids.asset_id.sale_line_id.order_id",
        "repair.order": "asset_id.sale_line_id.order_id",
    }
