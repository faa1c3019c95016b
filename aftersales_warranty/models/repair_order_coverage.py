# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    """A repair without a claim: what the warranties say is told on the repair."""

    _inherit = "repair.order"

    warranty_note = fields.Text(
        string="Under Warranty?",
        compute="_compute_warranty_note",
        help="What the warranties of this unit say of the day the repair was entered.",
    )

    @api.depends("asset_id", "claim_line_id", "lot_id", "partner_id", "service_kind")
    @api.depends_context("lang")
    def _compute_warranty_note(self):
        decisions = self._decide_warranty()
        for repair in self:
            repair.warranty_note = decisions.get(repair, {}).get("note", False)

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        unsaid = self.browse(
            repair.id
            for repair, vals in zip(repairs, vals_list, strict=True)
            if "under_warranty" not in vals
        )
        for repair, decision in unsaid._decide_warranty().items():
            if decision["percents"]["parts"] >= 100:
                # Follows from the certificates, whoever enters the repair; staff may
                # change it before the quotation.
                repair.sudo().under_warranty = True
        return repairs

    def _decide_warranty(self):
        """Return {repair: decision} of those without a claim, whose unit is known."""
        assets = self._get_warranty_assets()
        nothing = self.env["aftersales.cause"]
        decisions = self.env["aftersales.coverage"]._decide(
            [
                (
                    asset,
                    repair.company_id._aftersales_date(
                        repair.create_date or fields.Datetime.now()
                    ),
                    nothing,
                )
                for repair, asset in assets.items()
            ]
        )
        return dict(zip(assets, decisions, strict=True))

    def _get_warranty_assets(self):
        """Return {repair: the customer's unit}, found by its serial where need be."""
        alone = self.filtered(
            lambda repair: repair.service_kind == "corrective"
            and not repair.claim_line_id
        )
        # Looked for, and told to whoever may see the repair.
        units = self.env["aftersales.asset"].sudo()
        by_lot = units.search(
            [("lot_id", "in", alone.lot_id.ids), ("state", "=", "in_service")]
        ).grouped(lambda asset: (asset.lot_id, asset.partner_id.commercial_partner_id))
        result = {}
        for repair in alone:
            key = repair.lot_id, repair.partner_id.commercial_partner_id
            asset = repair.asset_id or by_lot.get(key, units)[:1]
            if asset:
                result[repair] = asset
        return result
