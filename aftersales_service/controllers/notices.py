# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.http import request

from ..models.aftersales_bulletin_asset import ANSWERABLE_STATES
from .answers import MAX_FORM, answer_from_form, refuse_too_many
from .portal import AftersalesPortal
from .tracking import link_not_found, render_private


class AftersalesNotices(AftersalesPortal):
    """Notices about a customer's products. Pages only show; answers are posted."""

    # -- by the link in the mail

    @http.route(
        "/aftersales/notice/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_notice(self, token, done=None, **_kwargs):
        recipient = request.env["aftersales.bulletin.recipient"]._find_by_token(token)
        if not recipient:
            return link_not_found()
        return self._render_guest_notice(recipient, token, {"done": done})

    @http.route(
        "/aftersales/notice/<string:token>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=MAX_FORM,
    )
    def answer_notice(self, token, **form):
        recipient = request.env["aftersales.bulletin.recipient"]._find_by_token(token)
        if not recipient:
            return link_not_found()
        lines = recipient._get_page_lines()
        error = refuse_too_many("notice_answer") or self._answer(lines, form)
        if error:
            values = {"error": error, "form": form}
            return self._render_guest_notice(recipient, token, values)
        return request.redirect(f"/aftersales/notice/{token}?done=1", code=303)

    def _render_guest_notice(self, recipient, token, values):
        values = {
            **self._prepare_notice(recipient.bulletin_id, recipient._get_page_lines()),
            "action": f"/aftersales/notice/{token}/answer",
            **values,
        }
        return render_private("aftersales_service.guest_notice", values)

    # -- in the portal

    @http.route(
        "/my/notices/<int:line_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_notice(self, line_id, done=None, **_kwargs):
        return self._render_portal_notice(self._get_own_line(line_id), {"done": done})

    @http.route(
        "/my/notices/<int:line_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_FORM,
    )
    def portal_answer_notice(self, line_id, **form):
        line = self._get_own_line(line_id)
        error = self._answer(line, form)
        if error:
            return self._render_portal_notice(line, {"error": error, "form": form})
        return request.redirect(f"/my/notices/{line_id}?done=1", code=303)

    def _get_own_line(self, line_id):
        """The line of a product that the customer may see, else "not found"."""
        # Customers read no lines: the rules on the product decide.
        line = request.env["aftersales.bulletin.asset"].sudo().browse(line_id).exists()
        if not line:
            raise request.not_found()
        asset = self._get_own("aftersales.asset", line.asset_id.id)
        if line not in asset._get_portal_notices().get(asset, ()) and (
            line.state not in ("answered", "done")
            or line.partner_id != asset.partner_id
        ):
            raise request.not_found()
        return line

    def _render_portal_notice(self, line, values):
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_notice(line.bulletin_id, line),
            "page_name": "aftersales_notice",
            "asset": line.asset_id,
            "action": f"/my/notices/{line.id}",
            **values,
        }
        return request.render("aftersales_service.portal_my_notice", values)

    # -- for both

    def _prepare_notice(self, bulletin, lines):
        return {
            "bulletin": bulletin,
            "lines": lines,
            "to_answer": lines.filtered(lambda li: li.state in ANSWERABLE_STATES)
            if bulletin.state != "closed"
            else lines.browse(),
            "today": bulletin.company_id._aftersales_today(),
            "done": None,
            "error": None,
            "form": {},
        }

    def _answer(self, lines, form):
        """Note the answers; return what is wrong with them, if anything."""
        if lines.bulletin_id.state == "closed":
            return request.env._("This notice has ended. Write to us, please.")
        return answer_from_form(lines, form)
