# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "aftersales.history.mixin"]

    #: A company's history is that of all its contacts.
    _aftersales_operator = "child_of"
    _aftersales_paths = {
        "aftersales.asset": "partner_id",
        "aftersales.claim": "partner_id",
        "repair.order": "partner_id",
    }

    def write(self, vals):
        result = super().write(vals)
        if {"category_id", "parent_id"} & vals.keys():
            self.env["aftersales.sla.refresh"]._ask_for_policies(
                [("partner_id", "child_of", self.ids)], "partner_category_ids"
            )
        return result
