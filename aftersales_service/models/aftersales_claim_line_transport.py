# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

TRANSPORT_TEMPLATE = "aftersales_service.transport_overview"


class AftersalesClaimLine(models.Model):
    """The parcels of a line, to us and to the customer."""

    _inherit = "aftersales.claim.line"

    transport_html = fields.Html(
        string="Transport",
        compute="_compute_transport_html",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends_context("lang")
    def _compute_transport_html(self):
        for line in self:
            line.transport_html = line._get_parcels()._render_aftersales_transport()

    def _get_transport_moves(self):
        """Moves that bring goods from the customer or to them, repairs' included."""
        moves = self.move_ids | self.repair_ids.goods_move_ids
        return moves.filtered(
            lambda m: m.state != "cancel"
            and "customer" in (m.location_id.usage, m.location_dest_id.usage)
        )

    def _get_parcels(self):
        """The transfers (stock.picking) by which goods come and go, in their order."""
        return self._get_transport_moves().picking_id.sorted("id")

    def _get_suspect_parcel(self):
        """The parcel in which the goods were damaged, were late or got lost.

        The last one that went to the customer before the claim; else the last of all.
        """
        self.ensure_one()
        delivered = self.asset_id.move_id or self._search_deliveries()[:1]
        return delivered.picking_id or self._get_parcels()[-1:]

    @api.depends(
        "move_ids.state",
        "move_ids.picking_id.aftersales_transport_cost",
        "repair_ids.goods_move_ids.state",
        "repair_ids.goods_move_ids.picking_id.aftersales_transport_cost",
    )
    def _compute_transport_cost(self):
        result = super()._compute_transport_cost()
        for line in self:
            line.transport_cost += line._get_parcels_cost()
        return result

    def _get_parcels_cost(self):
        """The line's share of what its parcels cost: a parcel's lines share alike."""
        self.ensure_one()
        total = 0.0
        for parcel in self._get_parcels().filtered(lambda p: p.state == "done"):
            cost = parcel._get_aftersales_transport_cost()
            if not cost:
                continue
            sharing = parcel._get_aftersales_lines().ids
            place, count = sharing.index(self.id), len(sharing)
            currency = self.company_currency_id
            # The cents that can't be shared go to some, and none are lost.
            total += currency.round(cost * (place + 1) / count)
            total -= currency.round(cost * place / count)
        return total


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    transport_html = fields.Html(
        string="Transport",
        compute="_compute_transport_html",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends_context("lang")
    def _compute_transport_html(self):
        for claim in self:
            # Nothing travels for lines in diagnosis, nor for advice.
            decided = claim.line_ids.filtered(
                lambda line: line.remedy and line.remedy != "assist"
            )
            parcels = decided._get_parcels()
            claim.transport_html = parcels._render_aftersales_transport()

    def action_edit_transport(self):
        """Enter who carries the claim's parcels, and when they come."""
        self.ensure_one()
        self._ensure_is_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transport"),
            "res_model": "aftersales.transport",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_aftersales_lines(self):
        """The claim lines whose goods the parcel holds, in their order."""
        moves = self.move_ids.filtered(lambda m: m.state != "cancel")
        repaired = moves.aftersales_goods_repair_id.claim_line_id
        return (moves.aftersales_claim_line_id | repaired).sorted("id")

    def _render_aftersales_transport(self):
        """The parcels as a table for people (Markup), or False without any."""
        if not self:
            return False
        parcels = [parcel._prepare_aftersales_transport() for parcel in self]
        return self.env["ir.qweb"]._render(TRANSPORT_TEMPLATE, {"parcels": parcels})

    def _prepare_aftersales_transport(self):
        """What the overview says of a parcel."""
        self.ensure_one()
        is_incoming = self._is_aftersales_incoming()
        way = self.env._("To us") if is_incoming else self.env._("To the customer")
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "name": self.name,
            "is_incoming": is_incoming,
            "way": way,
            "state": states[self.state],
            "carrier": self._get_aftersales_carrier_name(),
            "tracking": self.aftersales_tracking_ref or "",
            "url": self._get_aftersales_tracking_url(),
            "promised": self._get_aftersales_promised(),
            "arrived": self._get_aftersales_arrival(),
            "is_late": self._is_aftersales_late(),
            "cost": self._get_aftersales_transport_cost(),
            "currency": self.aftersales_currency_id,
        }
