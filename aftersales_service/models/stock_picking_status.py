# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        # Whoever ships need not be allowed to see claims.
        done = self.sudo().filtered(lambda picking: picking.state == "done")
        for picking in done:
            claims = picking._get_shipped_claims()
            claims._notify_customer("shipped", picking.id, len(done) > 1)
        return result

    def _get_shipped_claims(self):
        """The claims whose customer gets something with this delivery."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state == "done"
            and move.location_dest_id.usage == "customer"
            and move.location_id.usage != "customer"
        )
        repaired = moves.aftersales_goods_repair_id.claim_id
        return repaired | moves.aftersales_claim_line_id.claim_id
