# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    rework_of_id = fields.Many2one(
        "repair.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The repair of the same product that was done a short time before.",
    )
    rework_ids = fields.One2many("repair.order", "rework_of_id", string="Reworks")

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        repairs._find_rework()
        return repairs

    def write(self, vals):
        before = {repair: repair.asset_id for repair in self}
        result = super().write(vals)
        if {"asset_id", "lot_id", "partner_id", "product_id"} & vals.keys():
            # The unit may be told after the repair was taken in.
            other = self.filtered(lambda r: r.asset_id != before[r])
            other.filtered(lambda r: r.state not in ("done", "cancel"))._find_rework()
        return result

    def _find_rework(self):
        """Link repairs to the one of the same asset that was done not long ago."""
        repairs = self.filtered(lambda r: r.asset_id and r.service_kind == "corrective")
        # Repairs of others count as well, whether the user sees them or not.
        for company, same in repairs.sudo().grouped("company_id").items():
            window = timedelta(days=company.aftersales_rework_days)
            earlier = same.search(
                [
                    ("asset_id", "in", same.asset_id.ids),
                    ("state", "=", "done"),
                    ("service_kind", "=", "corrective"),
                    ("done_date", ">=", fields.Datetime.now() - window),
                ],
                order="done_date",
            )
            last = {repair.asset_id: repair for repair in earlier}
            for repair in same:
                repair.rework_of_id = last.get(repair.asset_id)
