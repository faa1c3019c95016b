# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    aftersales_compensation_id = fields.Many2one(
        "aftersales.compensation",
        string="Compensation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _once_per_compensation = models.UniqueIndex(
        "(aftersales_compensation_id) WHERE aftersales_compensation_id IS NOT NULL",
        "This compensation has its voucher already.",
    )

    def action_view_aftersales_claim(self):
        """Open the claim for which the voucher was given."""
        self.check_access("read")
        # Which claim it is, is the card's; opening the claim asks for rights on it.
        claim = self.sudo().aftersales_compensation_id.claim_id
        return claim.with_env(self.env)._get_records_action(name=self.env._("Claims"))
