# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        sent = self.browse()
        # Who sends the quote by mail has told the customer already.
        if vals.get("state") == "sent" and not self.env.context.get("mark_so_as_sent"):
            sent = self.filtered(lambda order: order.state != "sent")
        result = super().write(vals)
        for order in sent:
            # Whoever sells need not be allowed to see repairs and claims.
            order.sudo().repair_order_ids.claim_id._notify_customer("quote", order.id)
        return result
