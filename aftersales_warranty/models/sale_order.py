# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_can_offer_warranty = fields.Boolean(
        compute="_compute_aftersales_can_offer_warranty"
    )

    def _compute_aftersales_can_offer_warranty(self):
        for order in self:
            order.aftersales_can_offer_warranty = order.state in (
                "draft",
                "sent",
                "sale",
            ) and bool(order._get_aftersales_offers())

    def _get_aftersales_offers(self):
        """List (line, service): more warranty that could be sold on this order."""
        self.ensure_one()
        return [
            (line, service)
            for line in self.order_line.filtered("product_id")
            for service in line.product_template_id._get_aftersales_extensions()
            if service not in line.linked_line_ids.product_template_id
        ]

    def action_offer_warranties(self):
        """Choose which extended warranties to put beside the products.

        :raises UserError: when there is none to sell
        """
        self.ensure_one()
        self.check_access("write")
        if not self._get_aftersales_offers():
            raise UserError(
                self.env._("No extended warranty is offered with these products.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extended Warranties"),
            "res_model": "aftersales.warranty.offer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _action_confirm(self):
        result = super()._action_confirm()
        self._sync_aftersales_warranties()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._sync_aftersales_warranties()
        return result

    def _sync_aftersales_warranties(self):
        extensions = self.order_line.filtered(
            lambda line: line._is_aftersales_extension()
        )
        extensions._sync_aftersales_warranties()
