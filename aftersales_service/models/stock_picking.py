# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    aftersales_claim_id = fields.Many2one(
        related="move_ids.aftersales_claim_line_id.claim_id", string="Claim"
    )
    aftersales_to_inspect = fields.Boolean(compute="_compute_aftersales_to_inspect")

    @api.depends("move_ids.aftersales_claim_line_id.return_state", "state")
    def _compute_aftersales_to_inspect(self):
        for picking in self:
            # Stock users see no claims: whether there is something to do is no secret.
            lines = picking.sudo().move_ids.aftersales_claim_line_id
            picking.aftersales_to_inspect = picking.state == "done" and bool(
                lines._get_inspectable()
            )

    def action_aftersales_inspect(self):
        """Ask what of the returned goods is accepted."""
        self.check_access("write")
        return self.move_ids.aftersales_claim_line_id.action_inspect()

    def action_view_aftersales_claim(self):
        """Open the claim the goods belong to."""
        self.check_access("read")
        return self.aftersales_claim_id._get_records_action()
