# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _has_part(self, product):
        """A kit is there as its components: their moves know its bill of materials."""
        if super()._has_part(product):
            return True
        present = self.move_ids.filtered(lambda m: m.state != "cancel").bom_line_id
        if not present:
            return False
        kit = self.env["mrp.bom"]._bom_find(
            product, company_id=self.company_id.id, bom_type="phantom"
        )[product]
        return bool(kit) and any(
            line in present for line in kit._get_aftersales_shares(product)
        )
