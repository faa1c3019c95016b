# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaimCancel(models.TransientModel):
    _name = "aftersales.claim.cancel"
    _inherit = "aftersales.text.mixin"
    _description = "Cancel Claims with a Reason"

    claim_ids = fields.Many2many("aftersales.claim", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Cancel the claims for the reason given.

        :raises UserError: while a remedy of a claim is still open
        """
        self.ensure_one()
        claims = self.claim_ids
        claims._ensure_is_agent()
        claims._lock()
        claims._action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
