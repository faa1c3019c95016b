# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Copied: what returns or splits such a move carries the same goods.
    aftersales_goods_repair_id = fields.Many2one(
        "repair.order",
        string="Goods of Repair",
        index="btree_not_null",
        readonly=True,
        check_company=True,
        help="The repair for which this brings or takes back the customer's goods.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._keep_repaired_goods_customers()
        return moves

    def _keep_repaired_goods_customers(self):
        """The core looks for the owner's goods where the parts are: name them here."""
        for move in self:
            repair = move.repair_id
            if repair and not move.repair_line_type and repair._has_goods():
                move.restrict_partner_id = repair.partner_id
                move.move_line_ids.owner_id = repair.partner_id

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves.filtered("aftersales_goods_repair_id")._follow_repaired_goods()
        return moves

    def _follow_repaired_goods(self):
        """Tell open repairs where the goods are now."""
        done = self.filtered(lambda m: m.state == "done")
        for place, moves in done.grouped("location_dest_id").items():
            # Whoever moves the goods need not have rights on repairs.
            repairs = moves.aftersales_goods_repair_id.sudo()
            repairs.filtered(lambda r: r.state != "done").write(
                {
                    "product_location_src_id": place.id,
                    "product_location_dest_id": place.id,
                }
            )

    def _is_aftersales_delivery(self):
        """What goes back to its owner after a repair is no new asset."""
        return not self.aftersales_goods_repair_id and super()._is_aftersales_delivery()
