# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # One number for a parcel, whichever app it was entered in.
    aftersales_tracking_ref = fields.Char(
        related="carrier_tracking_ref", readonly=False
    )

    def _get_aftersales_carrier(self):
        entered = super()._get_aftersales_carrier()
        return entered or self.carrier_id.aftersales_partner_id

    def _get_aftersales_carrier_name(self):
        return super()._get_aftersales_carrier_name() or self.carrier_id.name or ""

    def _get_aftersales_tracking_url(self):
        several = self.carrier_id and self.get_multiple_carrier_tracking()
        # Of several parcels the first; the core lists [name, link] of each.
        url = several[0][1] if several else self.carrier_tracking_url
        return self._clean_aftersales_url(url) or super()._get_aftersales_tracking_url()

    def _get_aftersales_transport_cost(self):
        return super()._get_aftersales_transport_cost() or self.carrier_price

    # -- the way back

    def _get_aftersales_way_back(self):
        """The delivery method that fetches, or brings again, what a return moves."""
        self.ensure_one()
        if self._is_aftersales_incoming():
            carrier = self.return_id.carrier_id
            return carrier.filtered(lambda c: c.active and c.can_generate_return)
        # Refused goods. Their order is not to be charged for another delivery.
        carrier = self.return_id.return_id.carrier_id
        return carrier.filtered(lambda c: c.active and c.invoice_policy != "real")

    def _make_aftersales_return_label(self):
        """The label (ir.attachment) with which the customer sends the goods back.

        One that left with the delivery is used again. What the carrier objects to is
        noted and keeps nobody from sending the goods.
        """
        self.ensure_one()
        labels = self.return_label_ids or self.return_id.return_label_ids
        if labels or not self.carrier_id.can_generate_return:
            return labels
        try:
            with self.env.cr.savepoint():
                self.carrier_id.get_return_label(self)
        except UserError as error:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The carrier gave no return label"),
                note=error.args[0],
                user_id=self.user_id.id or self.env.uid,
            )
        self.invalidate_recordset(["return_label_ids"])
        return self.return_label_ids
