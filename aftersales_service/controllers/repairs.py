# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .tracking import render_private


class AftersalesRepairPortal(CustomerPortal):
    @http.route(
        "/my/repairs/<int:repair_id>/report", type="http", auth="public", website=True
    )
    def portal_repair_report(self, repair_id, access_token=None, **kw):
        """The signed report of a done repair, for whoever may see its claim or asset.

        :param access_token: the claim's or the asset's, for those without a login
        """
        # Looked up only: what decides are the rights on its claim and asset.
        repair = request.env["repair.order"].sudo().browse(repair_id).exists()
        if repair.state != "done" or not self._may_see_repair(repair, access_token):
            raise request.not_found()
        return self._show_report(
            model=repair,
            report_type="pdf",
            report_ref="aftersales_service.action_report_aftersales_repair",
            download=True,
        )

    def _may_see_repair(self, repair, access_token):
        for document in (repair.claim_id, repair.asset_id):
            try:
                if document:
                    self._document_check_access(
                        document._name, document.id, access_token
                    )
                    return True
            except (AccessError, MissingError):
                continue
        return False

    @http.route(
        "/my/assets/<int:asset_id>/history", type="http", auth="user", website=True
    )
    def portal_asset_history(self, asset_id, **kw):
        """All that was done to the product, as a PDF for its owner."""
        try:
            asset = self._document_check_access("aftersales.asset", asset_id)
        except (AccessError, MissingError):
            raise request.not_found() from None
        return self._show_report(
            model=asset,
            report_type="pdf",
            report_ref="aftersales_service.action_report_asset_history",
            download=True,
        )

    @http.route(
        "/my/repairs/<int:repair_id>/steps",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_repair_steps(self, repair_id, **kw):
        """On to the question whether the steps worked, for who is signed in."""
        # Looked up only: the customer of the repair is who is asked.
        repair = request.env["repair.order"].sudo().browse(repair_id).exists()
        is_asked = repair.partner_id == request.env.user.partner_id
        if not repair.remote_sent_on or not is_asked:
            raise request.not_found()
        return request.redirect(repair._get_answer_path(), code=303)

    @http.route(
        "/aftersales/steps", type="http", auth="public", methods=["GET"], website=True
    )
    def remote_steps(self, answer=None, **kw):
        """Ask the customer whether the steps that were sent worked; only shows."""
        repair = request.env["repair.order"]._find_by_answer_token(answer)
        if not repair:
            raise request.not_found()
        return render_private(
            "aftersales_service.remote_steps", {"repair": repair, "token": answer}
        )

    @http.route(
        "/aftersales/steps/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def remote_steps_answer(self, answer=None, worked=None, **kw):
        """Note the customer's answer, once."""
        repair = request.env["repair.order"]._find_by_answer_token(answer)
        if not repair:
            raise request.not_found()
        repair._answer_steps(worked == "yes")
        return request.redirect(f"/aftersales/steps?answer={answer}")
