# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .stock_picking_transport import PLACEHOLDER


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_tracking_url = fields.Char(
        string="Parcel Tracking Link",
        help="Of a carrier: its page for a parcel, with <shipmenttrackingnumber> where "
        "the number of the parcel belongs.",
    )

    @api.constrains("aftersales_tracking_url")
    def _check_aftersales_tracking_url(self):
        for partner in self.filtered("aftersales_tracking_url"):
            url = partner.aftersales_tracking_url
            if not url.startswith(("https://", "http://")) or PLACEHOLDER not in url:
                raise ValidationError(
                    self.env._(
                        "A tracking link begins with https:// and contains "
                        "<shipmenttrackingnumber>."
                    )
                )
