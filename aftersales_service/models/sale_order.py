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

    def _action_confirm(self):
        result = super()._action_confirm()
        # Whoever approves, e.g. the customer in the portal, has no rights on repairs.
        self.sudo().repair_order_ids._follow_quote_approved()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        # Whoever refuses, e.g. the customer in the portal, has no rights on repairs.
        self.sudo().repair_order_ids._follow_quote_refused()
        return result
