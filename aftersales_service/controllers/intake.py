# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.aftersales_claim_portal import MAX_FILE_MIB, MAX_FILES
from ..rules.plain_text import clean
from .qr import MAX_SERIAL
from .tracking import MAX_UPLOAD, get_files, link_not_found, render_private

#: Texts only; photos follow when the sender has confirmed.
MAX_FORM = 256 * 2**10
#: Reports from one internet address in an hour: an office has many people.
MAX_PER_HOUR = 10


class AftersalesIntake(http.Controller):
    """Reporting a problem without a login."""

    @http.route(
        "/aftersales/claim/new",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_form(self, serial=None, **_kwargs):
        user = request.env.user
        form = {"reference": clean(serial)[:MAX_SERIAL]}
        if not user._is_public():
            form |= {"name": user.name, "email": user.email, "phone": user.phone}
        return self._render_form(form)

    def _render_form(self, form, error=None):
        values = {
            "form": form,
            "form_key": form.get("form_key") or str(uuid.uuid4()),
            "error": error,
            "is_signed_in": not request.env.user._is_public(),
        }
        return render_private("aftersales_service.intake_form", values)

    @http.route(
        "/aftersales/claim/new",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        captcha="aftersales_claim",
        max_content_length=MAX_FORM,
    )
    def send_form(self, **form):
        # A field that people don't see. Who fills it in gets the answer all get.
        if form.get("website"):
            return self._redirect_to_sent()
        limits = request.env["aftersales.rate.limit"]
        if limits._is_request_exceeded("claim_form", MAX_PER_HOUR, 60):
            error = request.env._("Too many reports. Try again in an hour, please.")
            return self._render_form(form, error)
        try:
            request.env["aftersales.claim.pending"]._submit(form)
        except UserError as error:
            return self._render_form(form, str(error))
        return self._redirect_to_sent()

    def _redirect_to_sent(self):
        return request.redirect("/aftersales/claim/sent", code=303)

    @http.route(
        "/aftersales/claim/sent",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_sent(self, **_kwargs):
        """The same for everybody: it tells nothing about who is known."""
        return render_private("aftersales_service.intake_sent", {})

    @http.route(
        "/aftersales/claim/confirm/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_confirmation(self, token, **_kwargs):
        """Programs that open links in mails come here too: nothing is done yet."""
        pending = request.env["aftersales.claim.pending"]._find_by_token(token)
        if not pending:
            return link_not_found()
        if pending.claim_id:
            return self._redirect_to_claim(pending.claim_id)
        return self._render_confirmation(pending, token)

    def _render_confirmation(self, pending, token, error=None):
        values = {
            "pending": pending,
            "token": token,
            "error": error,
            "max_files": MAX_FILES,
            "max_file_mib": MAX_FILE_MIB,
        }
        return render_private("aftersales_service.intake_confirm", values)

    @http.route(
        "/aftersales/claim/confirm/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def confirm(self, token, **_kwargs):
        pending = request.env["aftersales.claim.pending"]._find_by_token(token)
        if not pending:
            return link_not_found()
        try:
            with request.env.cr.savepoint():
                # Without the superuser: so files of strangers are stored inert.
                claim = pending.sudo(False)._confirm(get_files())
        except UserError as error:
            return self._render_confirmation(pending, token, str(error))
        return self._redirect_to_claim(claim, "?done=new")

    def _redirect_to_claim(self, claim, query=""):
        """On to the claim's own page, while its link is still good."""
        if not claim.tracking_token:
            return link_not_found()
        path = f"/aftersales/claim/{claim.tracking_token}{query}"
        return request.redirect(path, code=303)
