# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    visit_address = fields.Text(compute="_compute_visit")
    visit_phone = fields.Char(compute="_compute_visit")
    asset_repair_count = fields.Integer(compute="_compute_asset_repair_count")

    @api.depends("partner_id")
    def _compute_visit(self):
        for repair in self:
            # Who goes there needs the address and the telephone, no other right.
            partner = repair.partner_id.sudo()
            place = partner.browse(partner.address_get(["delivery"])["delivery"])
            address = place._display_address(without_company=True) if place else ""
            lines = address.splitlines()
            repair.visit_address = "\n".join(line for line in lines if line.strip())
            repair.visit_phone = place.phone or partner.phone

    @api.depends("asset_id")
    def _compute_asset_repair_count(self):
        counts = self._get_asset_repair_counts()
        for repair in self:
            repair.asset_repair_count = counts.get(repair.asset_id, 0)

    def _get_asset_repair_counts(self):
        # Whoever repairs the asset sees what was done to it before.
        groups = self.sudo()._read_group(
            [("asset_id", "in", self.asset_id.ids), ("state", "=", "done")],
            ["asset_id"],
            ["__count"],
        )
        return dict(groups)

    def action_view_asset_history(self):
        """Open the product's history: what was done, when and with which parts."""
        self.ensure_one()
        self.check_access("read")
        return self.asset_id._get_records_action()
