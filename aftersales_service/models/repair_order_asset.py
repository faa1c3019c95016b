# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RepairOrder(models.Model):
    """What is repaired and why: the claim's, or of a repair without one its own."""

    _inherit = "repair.order"

    asset_id = fields.Many2one(
        compute="_compute_asset_id",
        store=True,
        readonly=False,
        domain="[('partner_id', 'child_of', partner_id)]",
        help="The customer's unit; without a claim it is found by its serial.",
    )
    symptom_id = fields.Many2one(
        "aftersales.symptom",
        compute="_compute_symptom_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    cause_id = fields.Many2one(
        "aftersales.cause",
        compute="_compute_cause_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="What the diagnosis says; of a claim it is entered there.",
    )

    @api.depends("lot_id", "partner_id", "product_id")
    def _compute_asset_id(self):
        """What was chosen stays while it fits; else the unit is looked for."""
        alone = self.filtered(
            lambda r: not r.claim_line_id and r.state not in ("done", "cancel")
        )
        # Only looked for: whoever takes in a repair need not see all units.
        units = self.env["aftersales.asset"].sudo()
        by_serial = units
        if alone.lot_id:
            by_serial = units.search(
                [("lot_id", "in", alone.lot_id.ids), ("state", "=", "in_service")]
            )
        for repair in self:
            fits = repair in alone and repair.sudo()._fits_asset
            if not fits or repair.asset_id and fits(repair.sudo().asset_id):
                repair.asset_id = repair.asset_id
            else:
                repair.asset_id = by_serial.filtered(
                    lambda unit, fits=fits: unit.lot_id and fits(unit)
                )[:1].sudo(False)

    def _fits_asset(self, asset):
        """Whether `asset` may be what this repair is about: product, serial, owner."""
        self.ensure_one()
        return (
            asset.product_id == self.product_id
            and asset.lot_id in (asset.lot_id.browse(), self.lot_id)
            and asset.company_id == self.company_id
            and asset.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
        )

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        repairs._take_over_serial()
        return repairs

    def write(self, vals):
        result = super().write(vals)
        if "asset_id" in vals:
            self._take_over_serial()
        return result

    def _take_over_serial(self):
        """The serial is the unit's, also for whom the screen shows no serials."""
        # The unit was chosen by who may; its serial follows.
        for repair in self.sudo().filtered(lambda r: r.asset_id and not r.lot_id):
            asset = repair.asset_id
            if asset.lot_id and asset.product_id == repair.product_id:
                repair.lot_id = asset.lot_id

    @api.onchange("asset_id")
    def _onchange_asset_id(self):
        """The unit says whose it is and what."""
        # Whoever may choose the unit may know its owner and serial.
        asset = self.asset_id.sudo()
        if asset and not self.claim_line_id and not self._fits_asset(asset):
            self.partner_id = asset.partner_id.sudo(False)
            self.product_id = asset.product_id.sudo(False)
            self.lot_id = asset.lot_id.sudo(False)

    @api.depends("claim_line_id.symptom_id")
    def _compute_symptom_id(self):
        for repair in self:
            # Who repairs knows what is reported, whether they see the claim or not.
            line = repair.sudo().claim_line_id
            repair.symptom_id = line.symptom_id if line else repair.symptom_id

    @api.depends("claim_line_id.cause_id")
    def _compute_cause_id(self):
        for repair in self:
            # As above.
            line = repair.sudo().claim_line_id
            repair.cause_id = line.cause_id if line else repair.cause_id

    @api.constrains("cause_id", "symptom_id")
    def _check_diagnosis(self):
        for repair in self:
            # Only compared.
            line = repair.sudo().claim_line_id
            if line and (repair.symptom_id, repair.cause_id) != (
                line.symptom_id,
                line.cause_id,
            ):
                raise ValidationError(
                    self.env._("The diagnosis of a claim is entered on the claim.")
                )
