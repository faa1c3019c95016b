# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    aftersales_claim_count = fields.Integer(
        compute="_compute_aftersales_claim_count",
        groups="aftersales_service.group_technician",
    )

    def _compute_aftersales_claim_count(self):
        counts = dict(
            self.env["aftersales.claim.line"]._read_group(
                [("lot_id", "in", self.ids)],
                ["lot_id"],
                ["claim_id:count_distinct"],
            )
        )
        for lot in self:
            lot.aftersales_claim_count = counts.get(lot, 0)

    def action_view_aftersales_claims(self):
        """Open the claims about these serials."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claims"),
            "res_model": "aftersales.claim",
            "view_mode": "list,kanban,form",
            "domain": [("line_ids.lot_id", "in", self.ids)],
        }
