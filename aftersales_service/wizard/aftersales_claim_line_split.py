# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaimLineSplit(models.TransientModel):
    _name = "aftersales.claim.line.split"
    _description = "Split a Claim Line"

    line_id = fields.Many2one("aftersales.claim.line", required=True, readonly=True)
    available = fields.Float(related="line_id.quantity", string="Quantity of the Line")
    uom_id = fields.Many2one(related="line_id.uom_id")
    quantity = fields.Float(
        string="Quantity to Split Off", digits="Product Unit", required=True
    )

    def action_confirm(self):
        """Give part of the quantity a line of its own, with its own outcome.

        :raises UserError: for a quantity that leaves nothing on one of the lines
        """
        self.ensure_one()
        self.line_id._split_quantity(self.quantity)
        return {"type": "ir.actions.act_window_close"}
