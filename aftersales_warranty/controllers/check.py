# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.http import request

from odoo.addons.aftersales_service.rules.plain_text import clean

#: Guesses that one address may make.
LIMIT, MINUTES = 10, 15


class WarrantyCheck(http.Controller):
    """Is it under warranty? For anybody who holds the product and its proof."""

    @http.route(
        "/aftersales/warranty",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=True,
        captcha="aftersales_warranty",
    )
    def check_warranty(self, serial=None, proof=None, **_kwargs):
        """The form, and its answer: the same one for every kind of wrong guess."""
        if request.httprequest.method == "GET":
            return self._render(serial=clean(serial)[:100])
        if self._is_exceeded():
            return self._render(serial=clean(serial)[:100], is_exceeded=True)
        asset = request.env["aftersales.asset"]._find_by_proof(
            clean(serial), clean(proof)
        )
        return self._render(
            serial=clean(serial)[:100],
            answer=asset and asset._get_warranty_answer(),
            is_asked=True,
        )

    @http.route(
        "/aftersales/warranty/c/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def check_certificate(self, token, **_kwargs):
        """Where the QR code of a certificate leads: it is its own proof.

        The code can't be guessed, so nobody is counted who scans it.
        """
        warranty = request.env["aftersales.warranty"]._find_by_check_token(token)
        answer = warranty and warranty.asset_id._get_warranty_answer()
        return self._render(answer=answer, is_asked=True)

    @http.route(
        "/aftersales/warranty/reminders/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def stop_reminders(self, token, **_kwargs):
        """Stop the reminders of who got this link. Looking stops nothing."""
        is_done = request.httprequest.method == "POST"
        if is_done:
            partner = request.env["res.partner"]._find_by_reminder_token(clean(token))
            partner.aftersales_no_warranty_reminder = True
        # The same page whether the link is right or wrong.
        return request.render(
            "aftersales_warranty.stop_reminders", {"is_done": is_done, "token": token}
        )

    def _is_exceeded(self):
        return request.env["aftersales.rate.limit"]._is_request_exceeded(
            "warranty_check", LIMIT, MINUTES
        )

    def _render(self, **values):
        values = {
            "serial": "",
            "answer": None,
            "is_asked": False,
            "is_exceeded": False,
            **values,
        }
        response = request.render("aftersales_warranty.check_warranty", values)
        response.headers["Cache-Control"] = "no-store"
        return response
