# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..rules.plain_text import clean
from .portal import AftersalesPortal

#: What one visitor may send in an hour.
MAX_PER_HOUR = 60
MAX_FORM = 16 * 2**10
MAX_NUMBER = 30


class AftersalesReadings(AftersalesPortal):
    """Customers read the counters of their products."""

    @http.route()
    def portal_my_asset(self, asset_id, noted=None, **kw):
        response = super().portal_my_asset(asset_id, **kw)
        response.qcontext.update(
            counters=response.qcontext["asset"]._get_portal_counters(),
            reading_noted=noted,
        )
        return response

    @http.route(
        "/my/assets/<int:asset_id>/reading",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_FORM,
    )
    def portal_asset_reading(self, asset_id, counter_id=None, value=None, **_form):
        """Note what a counter of the customer's product shows."""
        self._get_own("aftersales.asset", asset_id)
        number = clean(value)[:MAX_NUMBER]
        counter_id = int(counter_id) if str(counter_id).isdecimal() else 0
        limits = request.env["aftersales.rate.limit"]
        if limits._is_request_exceeded("reading", MAX_PER_HOUR, 60):
            error = request.env._("Too many readings. Try again in an hour, please.")
            return self._render_asset_again(asset_id, counter_id, number, error)
        # As the customer: the record that was looked for is the superuser's.
        asset = request.env["aftersales.asset"].browse(asset_id)
        try:
            with request.env.cr.savepoint():
                reading = asset._add_portal_reading(counter_id, number)
        except UserError as error:
            return self._render_asset_again(asset_id, counter_id, number, str(error))
        url = f"/my/assets/{asset_id}?noted={reading.state}#aftersales_asset_counters"
        return request.redirect(url, code=303)

    def _render_asset_again(self, asset_id, counter_id, value, error):
        """The page of the product with what was entered, and what is wrong with it."""
        response = self.portal_my_asset(asset_id)
        response.qcontext.update(
            reading_error=error, reading_counter_id=counter_id, reading_value=value
        )
        return response
