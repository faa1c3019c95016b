# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq

#: Longer ones are no serials and no proofs: nobody looks for them.
MAX_LENGTH = 100


class AftersalesAsset(models.Model):
    """Is it under warranty? For strangers with a proof, and for staff."""

    _inherit = "aftersales.asset"

    coverage_today = fields.Char(
        string="Covers Today", compute="_compute_coverage_today"
    )

    @api.depends("warranty_ids.is_valid", "is_purchase_proven")
    @api.depends_context("lang")
    def _compute_coverage_today(self):
        # The search box of staff shows them before anything is saved.
        decisions = self._origin._decide_today()
        for asset in self:
            percents = decisions.get(asset._origin, {}).get("percents", {})
            asset.coverage_today = self.env["aftersales.coverage"]._format_components(
                percents
            )

    def _decide_today(self):
        """Return {asset: the decision of today, the cause of the defect unknown}."""
        nothing = self.env["aftersales.cause"]
        today = {c: c._aftersales_today() for c in self.company_id}
        decisions = self.env["aftersales.coverage"]._decide(
            [(asset, today[asset.company_id], nothing) for asset in self]
        )
        return dict(zip(self, decisions, strict=True))

    @api.model
    def _find_by_proof(self, serial, proof):
        """The asset of that serial or certificate, for who proves to know its sale.

        :param serial: text that a stranger has typed
        :param proof: number of the order, or e-mail address of the owner
        """
        serial, proof = (serial or "").strip(), (proof or "").strip()
        if not serial or not proof or max(len(serial), len(proof)) > MAX_LENGTH:
            return self.browse()
        # A stranger has no rights: only what fits both texts is told apart.
        found = self.sudo().search(
            Domain("lot_id.name", "=", serial)
            | Domain("warranty_ids.name", "=", serial.upper()),
            order="state, id desc",
            limit=20,
        )
        proven = found.filtered(lambda asset: asset._is_proven_by(proof.lower()))
        return proven[:1]

    def _is_proven_by(self, proof):
        self.ensure_one()
        owner = self.partner_id
        known = [
            self.sale_order_id.name,
            self.sale_order_id.client_order_ref,
            owner.email_normalized,
            owner.commercial_partner_id.email_normalized,
        ]
        return any(
            consteq(text.lower().encode(), proof.encode()) for text in known if text
        )

    def _get_warranty_answer(self):
        """What the public page says: nothing about the owner.

        :return: dict (product, serial, is_covered, until, covers, reasons)
        """
        self.ensure_one()
        # Whoever got here has proven to know the product.
        asset = self.sudo()
        decision = asset._decide_today()[asset]
        paying = asset.warranty_ids.filtered(
            lambda warranty: warranty.name in decision["rules"].values()
        )
        ended = asset.warranty_date_end
        return {
            "product": asset.product_id.with_context(
                display_default_code=False
            ).display_name,
            "serial": asset.lot_id.name,
            "is_covered": decision["coverage"] in ("covered", "partial"),
            "is_unknown": decision["coverage"] == "unknown",
            "until": max(paying.mapped("date_end"), default=False),
            "covers": asset.coverage_today,
            "ended": ended and ended < asset.company_id._aftersales_today() and ended,
        }
