# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
from urllib.parse import urlencode

from odoo import models

from ..rules.qr import qr_svg


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    def _get_qr_url(self):
        """The address in the QR code on labels, certificates and repair tickets.

        It leads the owner to the product's page and anybody else to the public form
        with the serial filled in. It says no more than the label it is printed on.
        """
        self.ensure_one()
        url = f"{self.get_base_url()}/aftersales/q/{self.id}"
        # Whoever prints the label sees the serial on it already.
        serial = self.sudo().lot_id.name
        return f"{url}?{urlencode({'s': serial})}" if serial else url

    def _get_qr_image(self):
        """The QR code as a data URI, so that pages and PDFs hold it in themselves."""
        self.ensure_one()
        svg = qr_svg(self._get_qr_url()).encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
