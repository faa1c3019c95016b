# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..models.stock_picking_transport import ensure_amounts


class AftersalesTransport(models.TransientModel):
    """Agents have no rights in stock: of a claim's parcels they enter the transport."""

    _name = "aftersales.transport"
    _description = "Transport of a Claim's Goods"

    claim_id = fields.Many2one("aftersales.claim", required=True, ondelete="cascade")
    line_ids = fields.One2many(
        "aftersales.transport.line", "transport_id", string="Parcels"
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        claim = self.env["aftersales.claim"].browse(values.get("claim_id")).exists()
        if claim and "line_ids" in fields:
            claim._ensure_is_agent()
            # Of a claim of theirs, agents are told what they may change below.
            parcels = claim.sudo().line_ids._get_parcels()
            values["line_ids"] = [
                Command.create(self._prepare_line_vals(parcel)) for parcel in parcels
            ]
        return values

    @api.model
    def _prepare_line_vals(self, parcel):
        shown = parcel._prepare_aftersales_transport()
        return {
            "picking_id": parcel.id,
            "name": f"{shown['way']} · {parcel.name}",
            "carrier_partner_id": parcel._get_aftersales_carrier().id,
            "tracking_ref": shown["tracking"],
            "promised_date": shown["promised"],
            "arrival_date": shown["arrived"],
            "cost": shown["cost"],
        }

    def action_apply(self):
        """Write what was entered to the parcels of the claim.

        :raises AccessError: for a parcel of another claim
        """
        self.ensure_one()
        self.claim_id._ensure_is_agent()
        # Agents have no rights in stock: only parcels of the claim are written below.
        parcels = self.claim_id.sudo().line_ids._get_parcels()
        for line in self.line_ids:
            parcel = parcels.filtered(lambda p, line=line: p.id == line.picking_id.id)
            if not parcel:
                raise AccessError(self.env._("This parcel belongs to another claim."))
            parcel.write(line._prepare_picking_vals(parcel))
        return {"type": "ir.actions.act_window_close"}


class AftersalesTransportLine(models.TransientModel):
    _name = "aftersales.transport.line"
    _description = "Transport of One Parcel"
    _inherit = "aftersales.text.mixin"

    transport_id = fields.Many2one(
        "aftersales.transport", required=True, ondelete="cascade"
    )
    picking_id = fields.Many2one("stock.picking", required=True, ondelete="cascade")
    name = fields.Char(string="Parcel", readonly=True)
    carrier_partner_id = fields.Many2one("res.partner", string="Carrier")
    tracking_ref = fields.Char(string="Parcel Number")
    promised_date = fields.Date(string="Promised for")
    arrival_date = fields.Date(string="Arrived on")
    cost = fields.Monetary(help="What the carrier charges, before tax.")
    currency_id = fields.Many2one(related="transport_id.claim_id.company_currency_id")

    _cost_not_negative = models.Constraint(
        "CHECK (cost >= 0)", "A parcel can't cost less than nothing."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            ensure_amounts(self.env, vals, ("cost",))
        return super().create(vals_list)

    def write(self, vals):
        ensure_amounts(self.env, vals, ("cost",))
        return super().write(vals)

    def _prepare_picking_vals(self, parcel):
        """What differs from what is known already, by field of the transfer."""
        self.ensure_one()
        known = {
            "aftersales_carrier_partner_id": parcel._get_aftersales_carrier().id,
            "aftersales_tracking_ref": parcel.aftersales_tracking_ref or False,
            "aftersales_promised_date": parcel._get_aftersales_promised(),
            "aftersales_arrival_date": parcel._get_aftersales_arrival(),
            "aftersales_transport_cost": parcel._get_aftersales_transport_cost(),
        }
        entered = {
            "aftersales_carrier_partner_id": self.carrier_partner_id.id,
            "aftersales_tracking_ref": (self.tracking_ref or "").strip() or False,
            "aftersales_promised_date": self.promised_date,
            "aftersales_arrival_date": self.arrival_date,
            "aftersales_transport_cost": self.cost,
        }
        return {k: v for k, v in entered.items() if v != known[k]}
