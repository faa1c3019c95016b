# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    open_notices = fields.Text(
        compute="_compute_open_notices",
        help="Notices about the claimed products that are not done yet.",
    )
    has_danger = fields.Boolean(compute="_compute_open_notices")

    @api.depends("line_ids.asset_id.open_notices")
    @api.depends_context("lang")
    def _compute_open_notices(self):
        for claim in self:
            # Whoever sees the claim may know what is wrong with its products.
            assets = claim.sudo().line_ids.asset_id
            told = assets.filtered("open_notices")
            claim.open_notices = "\n".join(
                f"{asset.name}: {line}"
                for asset in told
                for line in asset.open_notices.splitlines()
            )
            claim.has_danger = any(told.mapped("has_danger"))
