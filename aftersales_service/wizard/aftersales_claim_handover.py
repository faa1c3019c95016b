# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from ..models.aftersales_type import DEPARTMENTS


class AftersalesClaimHandover(models.TransientModel):
    _name = "aftersales.claim.handover"
    _inherit = "aftersales.text.mixin"
    _description = "Hand a Claim over to Another Department"

    claim_id = fields.Many2one("aftersales.claim", required=True, readonly=True)
    department = fields.Selection(
        [pair for pair in DEPARTMENTS if pair[0] != "aftersales"],
        required=True,
        default="sales",
    )
    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
    )
    note = fields.Text()

    @api.depends("department", "claim_id")
    def _compute_user_id(self):
        for handover in self:
            claim = handover.claim_id
            handover.user_id = (
                claim and claim._get_handover_user(handover.department)
            ) or handover.user_id

    def action_confirm(self):
        """Leave the whole text with a colleague there and close the claim here."""
        self.ensure_one()
        self.claim_id._hand_over(self.department, self.user_id, self.note)
        return {"type": "ir.actions.act_window_close"}
