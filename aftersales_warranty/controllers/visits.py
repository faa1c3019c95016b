# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.aftersales_service.controllers.answers import (
    MAX_FORM,
    answer_from_form,
    refuse_too_many,
)
from odoo.addons.aftersales_service.controllers.portal import AftersalesPortal
from odoo.addons.aftersales_service.controllers.tracking import (
    PRIVATE_HEADERS,
    link_not_found,
    render_private,
)

from ..models.aftersales_plan_visit import OPEN_STATES, UNBEGUN_STATES


class PlannedVisits(AftersalesPortal):
    """Preventive visits of a customer. Pages only show; answers are posted."""

    # -- by the link in the mail

    @http.route(
        "/aftersales/visit/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_visit(self, token, done=None, **_kwargs):
        visits = request.env["aftersales.plan.visit"]._find_by_token(token)
        if not visits:
            return link_not_found()
        return self._render_guest_visit(visits, token, {"done": done})

    @http.route(
        "/aftersales/visit/<string:token>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=MAX_FORM,
    )
    def answer_visit(self, token, **form):
        visits = request.env["aftersales.plan.visit"]._find_by_token(token)
        if not visits:
            return link_not_found()
        error = refuse_too_many("visit_answer") or answer_from_form(visits, form)
        if error:
            values = {"error": error, "form": form}
            return self._render_guest_visit(visits, token, values)
        return request.redirect(f"/aftersales/visit/{token}?done=1", code=303)

    @http.route(
        "/aftersales/visit/<string:token>/calendar",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def download_visit(self, token, **_kwargs):
        visits = request.env["aftersales.plan.visit"]._find_by_token(token)
        if not visits:
            return link_not_found()
        return self._send_calendar(visits)

    def _render_guest_visit(self, visits, token, values):
        values = {
            **self._prepare_visit(visits),
            "action": f"/aftersales/visit/{token}/answer",
            "calendar_url": f"/aftersales/visit/{token}/calendar",
            **values,
        }
        return render_private("aftersales_warranty.guest_visit", values)

    # -- in the portal

    @http.route(
        "/my/visits/<int:visit_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_visit(self, visit_id, done=None, **_kwargs):
        return self._render_portal_visit(self._get_own_visits(visit_id), {"done": done})

    @http.route(
        "/my/visits/<int:visit_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_FORM,
    )
    def portal_answer_visit(self, visit_id, **form):
        visits = self._get_own_visits(visit_id)
        error = answer_from_form(visits, form)
        if error:
            return self._render_portal_visit(visits, {"error": error, "form": form})
        return request.redirect(f"/my/visits/{visit_id}?done=1", code=303)

    @http.route(
        "/my/visits/<int:visit_id>/calendar",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_download_visit(self, visit_id, **_kwargs):
        return self._send_calendar(self._get_own_visits(visit_id))

    def _get_own_visits(self, visit_id):
        """The visits of one matter to a product that the customer may see."""
        # Customers read no visits: the rules on the product decide.
        visit = request.env["aftersales.plan.visit"].sudo().browse(visit_id).exists()
        if not visit or visit.state not in OPEN_STATES or not visit.planned_date:
            raise request.not_found()
        self._get_own("aftersales.asset", visit.asset_id.id)
        return visit._get_together()

    def _render_portal_visit(self, visits, values):
        visit = visits[:1]
        values = {
            **self._prepare_portal_layout_values(),
            **self._prepare_visit(visits),
            "page_name": "aftersales_visit",
            "asset": visit.asset_id,
            "action": f"/my/visits/{visit.id}",
            "calendar_url": f"/my/visits/{visit.id}/calendar",
            **values,
        }
        return request.render("aftersales_warranty.portal_my_visit", values)

    # -- for both

    def _prepare_visit(self, visits):
        visit = visits[:1]
        return {
            "visit": visit,
            "facts": visit._get_visit_vals(),
            "can_answer": any(
                v.state in ("planned", "proposed")
                and v.repair_id.state in UNBEGUN_STATES
                for v in visits
            ),
            "tomorrow": visit._get_first_day(),
            "done": None,
            "error": None,
            "form": {},
        }

    def _send_calendar(self, visits):
        headers = {
            **PRIVATE_HEADERS,
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": content_disposition("visit.ics"),
            "X-Content-Type-Options": "nosniff",
        }
        return request.make_response(visits._get_calendar_file(), headers)
