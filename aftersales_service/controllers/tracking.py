# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.aftersales_claim_portal import MAX_FILE_MIB, MAX_FILES

#: Pages behind a link must not get into search engines, caches or other sites' logs.
PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
MAX_UPLOAD = (MAX_FILES * MAX_FILE_MIB + 1) * 2**20
#: What one visitor may send in an hour.
MAX_PER_HOUR = 60


def render_private(template, values, status=200):
    """A page that nobody but the holder of its link should come across."""
    response = request.render(template, values, status=status)
    response.headers.update(PRIVATE_HEADERS)
    return response


def link_not_found():
    """The same answer for a link that was never made, has ended or was revoked."""
    return render_private("aftersales_service.guest_not_found", {}, status=404)


def get_files():
    """The files of the form, as (name, bytes)."""
    files = request.httprequest.files.getlist("files")
    for file in files:
        # A request that is run again has read them; the core rewinds only one.
        file.seek(0)
    return [(file.filename, file.read()) for file in files if file.filename]


class AftersalesTracking(http.Controller):
    @http.route(
        "/aftersales/claim/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_claim(self, token, done=None, **_kwargs):
        claim = request.env["aftersales.claim"]._find_by_tracking_token(token)
        return self._render(claim, token, {"done": done}) if claim else link_not_found()

    def _render(self, claim, token, values):
        values = {
            **claim._get_guest_values(),
            "token": token,
            "done": None,
            "error": None,
            "text": "",
            "max_files": MAX_FILES,
            "max_file_mib": MAX_FILE_MIB,
            **values,
        }
        return render_private("aftersales_service.guest_claim", values)

    @http.route(
        "/aftersales/claim/<string:token>/<any(message,solved,not_solved):step>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def answer(self, token, step, text=None, **_kwargs):
        """What the holder of the link says or sends."""
        claim = request.env["aftersales.claim"]._find_by_tracking_token(token)
        if not claim:
            return link_not_found()
        limits = request.env["aftersales.rate.limit"]
        if limits._is_request_exceeded("claim_answer", MAX_PER_HOUR, 60):
            error = request.env._("Too many messages. Try again in an hour, please.")
            return self._render(claim, token, {"error": error, "text": text})
        # Without the superuser: so files of strangers are stored inert.
        claim = claim.sudo(False)
        try:
            with request.env.cr.savepoint():
                if step == "message":
                    claim._post_guest_message(text, get_files())
                else:
                    # The link gives the right to say whether it is solved.
                    claim.sudo()._answer_from_portal(step, text)
        except UserError as error:
            return self._render(claim, token, {"error": str(error), "text": text})
        return request.redirect(f"/aftersales/claim/{token}?done={step}", code=303)

    @http.route(
        "/aftersales/claim/<string:token>/file/<int:attachment_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def download(self, token, attachment_id, **_kwargs):
        claim = request.env["aftersales.claim"]._find_by_tracking_token(token)
        attachment = claim and claim._find_guest_file(attachment_id)
        if not attachment:
            return link_not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        response = stream.get_response(as_attachment=True)
        response.headers.update(PRIVATE_HEADERS)
        return response
