# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.http import request

from .tracking import link_not_found, render_private


class AftersalesGreetings(http.Controller):
    """Asking for no more greetings: the link shows a button, the button writes."""

    @http.route(
        "/aftersales/greeting/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_stop(self, token, **_kwargs):
        greeting = request.env["aftersales.greeting"]._find_by_token(token)
        if not greeting:
            return link_not_found()
        values = {
            "token": token,
            "stopped": greeting.partner_id.aftersales_no_greetings,
        }
        return render_private("aftersales_service.greeting_stop", values)

    @http.route(
        "/aftersales/greeting/<string:token>/stop",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def stop(self, token, **_kwargs):
        greeting = request.env["aftersales.greeting"]._find_by_token(token)
        if not greeting:
            return link_not_found()
        greeting.partner_id.aftersales_no_greetings = True
        return request.redirect(f"/aftersales/greeting/{token}", code=303)
