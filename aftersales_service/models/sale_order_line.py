# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_labour_ids = fields.One2many(
        "aftersales.repair.labour", "sale_line_id", string="Repair Labour"
    )

    @api.depends(
        "move_ids.repair_id.claim_line_id.parts_percent",
        "aftersales_labour_ids.repair_id.claim_line_id.labour_percent",
    )
    def _compute_discount(self):
        result = super()._compute_discount()
        for line in self:
            # Salespeople read no claims: only the share is taken.
            percent = line.sudo()._get_aftersales_covered_percent()
            if percent:
                line.discount = percent
        return result

    def _get_aftersales_covered_percent(self):
        """Share of the line (0 to 100) that the warranty takes off the price."""
        self.ensure_one()
        claim_line = self.aftersales_labour_ids.repair_id.claim_line_id[:1]
        if claim_line:
            return claim_line._get_covered_percent("labour")
        part = self.move_ids.filtered(lambda m: m.repair_line_type == "add")[:1]
        return part._get_aftersales_covered_percent() if part else 0.0
