# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaimSplit(models.TransientModel):
    _name = "aftersales.claim.split"
    _inherit = "aftersales.text.mixin"
    _description = "Split a Claim"

    claim_id = fields.Many2one("aftersales.claim", required=True, readonly=True)
    line_ids = fields.Many2many(
        "aftersales.claim.line",
        string="Lines to Move",
        required=True,
        domain="[('claim_id', '=', claim_id)]",
    )
    subject = fields.Char(required=True)

    def action_confirm(self):
        """Move the lines to a new claim and open it.

        :raises UserError: when no line or every line is chosen
        """
        self.ensure_one()
        return self.claim_id._split(self.line_ids, self.subject)._get_records_action()
