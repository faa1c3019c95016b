# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    aftersales_claim_line_id = fields.Many2one("aftersales.claim.line")

    @api.depends("aftersales_claim_line_id")
    def _compute_uom_id(self):
        result = super()._compute_uom_id()
        # One unit of a dozen has no exact quantity in dozens.
        for line in self.filtered("aftersales_claim_line_id"):
            line.uom_id = line.product_id.uom_id
        return result

    def _prepare_move_default_values(self, new_picking):
        values = super()._prepare_move_default_values(new_picking)
        line = self.aftersales_claim_line_id
        if line:
            values.update(
                aftersales_claim_line_id=line.id,
                aftersales_is_exchange=line.remedy == "replace",
            )
        return values


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        # What customers send back is inspected before anybody else gets it.
        claimed = self.product_return_moves.aftersales_claim_line_id
        if claimed and picking.location_dest_id.usage == "customer":
            warehouse = picking.picking_type_id.warehouse_id
            if warehouse:
                place = warehouse._get_aftersales_return_location()
                values["location_dest_id"] = place.id
        return values
