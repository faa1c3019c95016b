# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_claim_count = fields.Integer(
        compute="_compute_aftersales_claim_count",
        groups="aftersales_service.group_technician",
    )

    def _compute_aftersales_claim_count(self):
        lines = self.env["aftersales.claim.line"].search(
            [("asset_id.sale_line_id.order_id", "in", self.ids)]
        )
        # Which order a claimed asset came from is no secret to whoever sees the claim.
        by_order = lines.sudo().grouped(
            lambda line: line.asset_id.sale_line_id.order_id
        )
        for order in self:
            found = by_order.get(order)
            order.aftersales_claim_count = len(found.claim_id) if found else 0

    def action_view_aftersales_claims(self):
        """Open the claims about goods of these orders."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claims"),
            "res_model": "aftersales.claim",
            "view_mode": "list,kanban,form",
            "domain": [("line_ids.asset_id.sale_line_id.order_id", "in", self.ids)],
            "context": {"default_partner_id": self[:1].partner_id.id},
        }
