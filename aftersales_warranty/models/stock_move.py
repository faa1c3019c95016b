# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_aftersales_covered_percent(self):
        """A wear part is paid by the customer though the rest is covered."""
        line = self.repair_id.claim_line_id
        if not line:
            return super()._get_aftersales_covered_percent()
        return line._get_part_percent(self.product_id)
