# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.tools import format_date


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    @api.model
    def _prepare_intake_asset(self, asset):
        values = super()._prepare_intake_asset(asset)
        if asset.warranty_date_end:
            day = format_date(self.env, asset.warranty_date_end)
            until = self.env._("under warranty until %s", day)
            if asset.warranty_date_end < asset.company_id._aftersales_today():
                until = self.env._("out of warranty since %s", day)
            values["detail"] = " · ".join(filter(None, (values["detail"], until)))
        return values
