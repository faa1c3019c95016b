# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.claim_id._update_sla_for_products()
        return lines

    def write(self, vals):
        if not {"claim_id", "asset_id", "product_id"} & vals.keys():
            return super().write(vals)
        before = self.claim_id
        result = super().write(vals)
        (before | self.claim_id)._update_sla_for_products()
        return result

    def unlink(self):
        claims = self.claim_id
        result = super().unlink()
        claims.exists()._update_sla_for_products()
        return result
