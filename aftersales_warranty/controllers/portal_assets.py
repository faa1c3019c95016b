# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields
from odoo.http import request

from odoo.addons.aftersales_service.controllers.portal import AftersalesPortal


class WarrantyAssetPortal(AftersalesPortal):
    def _get_asset_sortings(self):
        return {
            **super()._get_asset_sortings(),
            "warranty": {
                "label": request.env._("Warranty ends first"),
                "order": "warranty_date_end, id",
            },
        }

    def _get_asset_filters(self):
        today = fields.Date.context_today(request.env["aftersales.asset"])
        domain = [("state", "=", "in_service"), ("warranty_date_end", ">=", today)]
        return {
            **super()._get_asset_filters(),
            "warranty": {"label": request.env._("Under warranty"), "domain": domain},
        }
