# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Command

from ..models.res_company_return import RETURN_DESTINATIONS


class AftersalesInspection(models.TransientModel):
    _name = "aftersales.inspection"
    _description = "Inspection of Returned Goods"

    line_ids = fields.One2many(
        "aftersales.inspection.line", "inspection_id", string="Goods"
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        line_ids = self.env.context.get("default_claim_line_ids") or ()
        lines = self.env["aftersales.claim.line"].browse(line_ids).exists()
        lines._ensure_may_inspect()
        if "line_ids" in fields:
            values["line_ids"] = [
                # What there is to inspect is shown to stock users without the claim.
                Command.create(line.sudo()._prepare_inspection_line())
                for line in lines
            ]
        return values

    def action_confirm(self):
        """Accept and refuse as entered; refunds and transfers follow.

        :raises UserError: for quantities that are not there
        """
        self.ensure_one()
        lines = self.line_ids.filtered("is_chosen")
        decisions = {
            line.claim_line_id: {
                "accepted": line.accepted_quantity,
                "refused": line.refused_quantity,
                "destination": line.destination,
                "note": line.note,
            }
            for line in lines
        }
        lines.claim_line_id._inspect(decisions)
        return {"type": "ir.actions.act_window_close"}


class AftersalesInspectionLine(models.TransientModel):
    _name = "aftersales.inspection.line"
    _description = "Inspection of One Product"
    _inherit = "aftersales.text.mixin"

    inspection_id = fields.Many2one(
        "aftersales.inspection", required=True, ondelete="cascade"
    )
    claim_line_id = fields.Many2one(
        "aftersales.claim.line", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="claim_line_id.product_id")
    lot_id = fields.Many2one(related="claim_line_id.lot_id", string="Serial/Lot")
    uom_id = fields.Many2one(related="product_id.uom_id")
    received_quantity = fields.Float(
        digits="Product Unit", string="Received", readonly=True
    )
    accepted_quantity = fields.Float(digits="Product Unit", string="Accepted")
    refused_quantity = fields.Float(
        digits="Product Unit",
        string="Refused",
        compute="_compute_refused_quantity",
        help="Goes back to the customer.",
    )
    destination = fields.Selection(
        RETURN_DESTINATIONS,
        required=True,
        default="stock",
        string="Accepted Goods Go to",
    )
    note = fields.Char(string="What Was Found")
    is_chosen = fields.Boolean(compute="_compute_refused_quantity")

    @api.depends("accepted_quantity", "received_quantity")
    def _compute_refused_quantity(self):
        for line in self:
            line.refused_quantity = line.received_quantity - line.accepted_quantity
            line.is_chosen = bool(line.received_quantity)
