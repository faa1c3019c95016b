# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .aftersales_carrier_claim import KINDS
from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.update({"carrier_claim_id"})


class AftersalesCause(models.Model):
    _inherit = "aftersales.cause"

    carrier_kind = fields.Selection(
        KINDS,
        string="Claimed from the Carrier as",
        help="How a failure with this cause is claimed from the carrier.",
    )


class AftersalesClaimLine(models.Model):
    """Lines for which a carrier is liable find their carrier claim by themselves."""

    _inherit = "aftersales.claim.line"

    carrier_claim_id = fields.Many2one(
        "aftersales.carrier.claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._gather_for_carriers()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"liability", "cause_id", "asset_id"} & vals.keys():
            self._gather_for_carriers()
        return result

    def _gather_for_carriers(self):
        """Put what carriers are liable for into their claims, take out what isn't."""
        # Failures gather by themselves, whoever diagnoses them.
        lines = self.sudo()
        held = lines.carrier_claim_id and lines.filtered(
            lambda line: line.carrier_claim_id.state == "draft"
        )
        if held:
            held._release_from_carriers()
        liable = lines.filtered(
            lambda line: line.liability == "carrier"
            and not line.carrier_claim_id
            and line.state != "cancelled"
        )
        if liable:
            liable._add_to_carrier_claims()

    def _release_from_carriers(self):
        """Leave draft claims that the lines no longer belong to."""
        wrong = self.filtered(
            lambda line: line.liability != "carrier"
            or line._get_carrier_kind() != line.carrier_claim_id.kind
            and line.cause_id.carrier_kind
        )
        claims = wrong.carrier_claim_id
        wrong.carrier_claim_id = False
        claims.filtered(
            lambda claim: not claim.claim_line_ids and not claim.extra_amount
        ).unlink()

    def _add_to_carrier_claims(self):
        by_parcel = {}
        for line in self:
            parcel = line._get_suspect_parcel()
            # Without a parcel nothing tells which claims belong together.
            key = (parcel, line._get_carrier_kind(), not parcel and line)
            by_parcel.setdefault(key, self.browse())
            by_parcel[key] |= line
        claims = self.env["aftersales.carrier.claim"].search(
            [
                ("state", "=", "draft"),
                ("picking_id", "in", [key[0].id for key in by_parcel if key[0]]),
            ]
        )
        known = {(claim.picking_id, claim.kind): claim for claim in claims}
        for (parcel, kind, _line), lines in by_parcel.items():
            claim = known.get((parcel, kind)) if parcel else None
            lines.carrier_claim_id = claim or lines._create_carrier_claim(parcel, kind)

    def _create_carrier_claim(self, parcel, kind):
        claim = self.env["aftersales.carrier.claim"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": parcel._get_aftersales_carrier().id if parcel else False,
                "picking_id": parcel.id,
                "kind": kind,
            }
        )
        user = self.claim_id.user_id[:1]
        if user:
            claim.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=claim.deadline or fields.Date.today(),
                summary=self.env._("Tell the carrier in writing"),
                user_id=user.id,
            )
        return claim

    def _get_carrier_kind(self):
        self.ensure_one()
        return self.cause_id.carrier_kind or "damage"

    def _get_carrier_damage(self, kind):
        """What the line costs the company, or is going to: the value of the goods.

        :param kind: kind of the carrier claim; a delay takes nothing off the value
        :return: amount in the company's currency
        """
        self.ensure_one()
        if self.cost > 0 or kind == "delay":
            return max(self.cost, 0.0)
        product = self.product_id.with_company(self.company_id)
        return product.standard_price * self._get_product_quantity()

    def action_view_carrier_claim(self):
        """Open what is claimed from the carrier for these lines."""
        self.check_access("read")
        return self.carrier_claim_id._get_records_action(
            name=self.env._("Carrier Claims")
        )


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    carrier_claim_count = fields.Integer(compute="_compute_carrier_claim_count")

    @api.depends("line_ids.carrier_claim_id")
    def _compute_carrier_claim_count(self):
        for claim in self:
            claim.carrier_claim_count = len(claim.line_ids.carrier_claim_id)

    def action_view_carrier_claims(self):
        """Open what is claimed from carriers."""
        self.check_access("read")
        return self.line_ids.action_view_carrier_claim()
