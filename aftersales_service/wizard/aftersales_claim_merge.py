# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Command


class AftersalesClaimMerge(models.TransientModel):
    _name = "aftersales.claim.merge"
    _description = "Merge Claims"

    claim_ids = fields.Many2many("aftersales.claim", string="Claims", required=True)
    survivor_id = fields.Many2one(
        "aftersales.claim",
        string="Keep",
        required=True,
        domain="[('id', 'in', claim_ids)]",
        help="Messages, files, followers and lines of the others move to this one.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "aftersales.claim":
            ids = sorted(self.env.context.get("active_ids", []))
            values.update(claim_ids=[Command.set(ids)], survivor_id=ids[:1] and ids[0])
        return values

    def action_confirm(self):
        """Merge the others into the claim that is kept, and open it.

        :raises UserError: when they can't be merged
        """
        self.ensure_one()
        others = self.claim_ids - self.survivor_id
        others._merge_into(self.survivor_id)
        return self.survivor_id._get_records_action()
