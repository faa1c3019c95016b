# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        string="Claim Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def _prepare_move_values(self):
        values = super()._prepare_move_values()
        values["aftersales_claim_line_id"] = self.aftersales_claim_line_id.id
        return values
