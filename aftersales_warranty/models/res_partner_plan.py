# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            # Care follows from who is a customer, whatever the rights of who says so.
            plans = self.env["aftersales.plan"].sudo()
            plans.search(
                [
                    ("asset_id.partner_id", "in", self.ids),
                    ("state", "in", ("draft", "running", "paused")),
                ]
            )._follow_asset()
        return result
