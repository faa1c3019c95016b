# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        """What is sent for a claim goes as the order went, unless a rule says else."""
        values = super()._get_new_picking_values()
        # Whoever triggers the delivery need not see the order.
        lines = self.sudo().aftersales_claim_line_id
        if lines and not values.get("carrier_id"):
            carrier = lines.asset_id.sale_order_id.carrier_id.filtered("active")[:1]
            if self.location_dest_id.usage == "customer":
                values["carrier_id"] = carrier.id
        return values
