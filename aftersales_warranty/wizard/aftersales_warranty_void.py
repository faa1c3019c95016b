# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesWarrantyVoid(models.TransientModel):
    _name = "aftersales.warranty.void"
    _inherit = ["aftersales.text.mixin"]
    _description = "Void Certificates"

    warranty_ids = fields.Many2many("aftersales.warranty", required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Void the certificates; they check who may."""
        self.ensure_one()
        self.warranty_ids.action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
