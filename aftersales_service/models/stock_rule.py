# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "aftersales_claim_line_id"]

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        values = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        # Each step on the way to the customer belongs to the claim.
        line = move_to_copy.aftersales_claim_line_id
        if line and move_to_copy.location_final_id.usage == "customer":
            values["aftersales_claim_line_id"] = line.id
        return values
