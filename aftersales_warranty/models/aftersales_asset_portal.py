# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    def _get_portal_readable_fields(self):
        readable = super()._get_portal_readable_fields()
        return readable | {"is_under_warranty", "warranty_date_end"}
