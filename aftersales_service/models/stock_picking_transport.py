# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from math import isfinite
from urllib.parse import quote

from odoo import fields, models
from odoo.exceptions import ValidationError

#: What stands for the parcel's number in a tracking link, as in the core's carriers.
PLACEHOLDER = "<shipmenttrackingnumber>"


def ensure_amounts(env, vals, names):
    """Raise ValidationError for an amount among `names` that is no number (NaN)."""
    for name in names:
        value = vals.get(name)
        if isinstance(value, float) and not isfinite(value):
            raise ValidationError(env._("An amount must be a number."))


class StockPicking(models.Model):
    """Who carries a parcel, where it is, and when it was to arrive.

    The carriers of the app Delivery are joined by a small addon; this works without.
    """

    _inherit = "stock.picking"

    aftersales_carrier_partner_id = fields.Many2one(
        "res.partner",
        string="Carried by",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The company that carries the parcel.",
    )
    aftersales_tracking_ref = fields.Char(string="Parcel Number", copy=False)
    aftersales_promised_date = fields.Date(
        string="Promised for", copy=False, help="The day on which it was to arrive."
    )
    aftersales_arrival_date = fields.Date(string="Arrived on", copy=False)
    aftersales_currency_id = fields.Many2one(related="company_id.currency_id")
    aftersales_transport_cost = fields.Monetary(
        string="Cost of the Parcel",
        currency_field="aftersales_currency_id",
        copy=False,
        help="What the carrier charges the company, before tax.",
    )

    def _get_aftersales_carrier(self):
        """The partner that carries the parcel, or none. To be extended."""
        self.ensure_one()
        return self.aftersales_carrier_partner_id

    def _get_aftersales_carrier_name(self):
        """How the carrier is called to people; "" when it is not known."""
        self.ensure_one()
        return self._get_aftersales_carrier().name or ""

    def _get_aftersales_tracking_url(self):
        """Where the parcel is followed, an http(s) address or "". To be extended."""
        self.ensure_one()
        template = self._get_aftersales_carrier().aftersales_tracking_url or ""
        if not self.aftersales_tracking_ref or PLACEHOLDER not in template:
            return ""
        return self._clean_aftersales_url(
            template.replace(PLACEHOLDER, quote(self.aftersales_tracking_ref, safe=""))
        )

    def _clean_aftersales_url(self, url):
        return url if url and url.startswith(("https://", "http://")) else ""

    def _get_aftersales_transport_cost(self):
        """What the parcel costs the company, in its currency. To be extended."""
        self.ensure_one()
        return self.aftersales_transport_cost

    def _is_aftersales_incoming(self):
        """Whether the parcel comes from the customer."""
        self.ensure_one()
        return self.location_id.usage == "customer"

    def _get_aftersales_promised(self):
        """The Date promised for the arrival: entered, else the order's, or False."""
        self.ensure_one()
        deadline = self.date_deadline and not self._is_aftersales_incoming()
        return self.aftersales_promised_date or (
            deadline and self.company_id._aftersales_date(self.date_deadline)
        )

    def _get_aftersales_arrival(self):
        """The Date of the arrival, or False; what we receive is there when done."""
        self.ensure_one()
        arrived = self.state == "done" and self._is_aftersales_incoming()
        return self.aftersales_arrival_date or (
            arrived and self.company_id._aftersales_date(self.date_done)
        )

    def _get_aftersales_shipped(self):
        """The Date on which the carrier took the parcel over, or False."""
        self.ensure_one()
        left = self.state == "done" and not self._is_aftersales_incoming()
        return left and self.company_id._aftersales_date(self.date_done)

    def _is_aftersales_late(self):
        """Whether the parcel arrived, or is to arrive, after the promised day."""
        self.ensure_one()
        promised = self._get_aftersales_promised()
        arrived = self._get_aftersales_arrival()
        # What left long ago and was never said to be there is not late by that alone.
        if not arrived and self.state == "done":
            return False
        today = self.company_id._aftersales_today()
        return bool(promised) and (arrived or today) > promised
