# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from ..rules.plain_text import clean

#: Longer ones are no serials of ours: they are not carried on.
MAX_SERIAL = 100


class AftersalesQr(http.Controller):
    @http.route(
        ["/aftersales/q", "/aftersales/q/<string:code>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def open_qr_code(self, code=None, s=None, **_kwargs):
        """Where the QR code of a product leads whoever scans it.

        Strangers get the same answer whether the product exists or not.
        """
        serial = clean(s)[:MAX_SERIAL]
        asset = self._find_own_asset(code, serial)
        if asset:
            return request.redirect(self._get_asset_url(asset), code=303)
        query = f"?{urlencode({'serial': serial})}" if serial else ""
        return request.redirect(f"/aftersales/claim/new{query}", code=303)

    def _find_own_asset(self, code, serial):
        """The asset that whoever is signed in may read, by its code or its serial."""
        assets = request.env["aftersales.asset"]
        if request.env.user._is_public() or not assets.has_access("read"):
            return assets
        # A label outlives its owner: the serial leads whoever has the product now.
        by_serial = assets
        if serial:
            # Serials are not for customers to read; which assets are theirs is
            # decided by their own rules.
            lots = request.env["stock.lot"].sudo().search([("name", "=", serial)])
            by_serial = assets.search([("lot_id", "in", lots.ids)], limit=1)
        if by_serial or not (code or "").isdecimal() or len(code) > 9:
            return by_serial
        return assets.search([("id", "=", int(code))])

    def _get_asset_url(self, asset):
        if request.env.user._is_internal():
            return f"/odoo/action-aftersales_service.aftersales_asset_action/{asset.id}"
        return f"/my/assets/{asset.id}"
