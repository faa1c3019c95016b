# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Domain


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "partner_ids"} & vals.keys():
            self.env["aftersales.sla.refresh"]._ask_for_policies(
                Domain.TRUE, "partner_category_ids"
            )
        return result
