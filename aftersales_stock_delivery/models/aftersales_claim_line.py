# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    @api.depends(
        "move_ids.picking_id.carrier_price",
        "repair_ids.goods_move_ids.picking_id.carrier_price",
    )
    def _compute_transport_cost(self):
        return super()._compute_transport_cost()

    def _make_returns(self, plan):
        """The core takes the carrier off a return: who brought it fetches it."""
        pickings = super()._make_returns(plan)
        for picking in pickings:
            carrier = picking._get_aftersales_way_back()
            if carrier:
                picking.carrier_id = carrier
        return pickings

    def _get_return_labels(self, pickings):
        labels = super()._get_return_labels(pickings)
        for picking in pickings:
            labels |= picking._make_aftersales_return_label()
        return labels
