# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "aftersales.history.mixin"]

    _aftersales_paths = {
        "aftersales.asset": "lot_id",
        "aftersales.claim": "line_ids.lot_id",
        "repair.order": "lot_id",
    }
