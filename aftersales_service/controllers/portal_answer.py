# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal

from .portal import AftersalesPortal


class AftersalesAnswerPortal(AftersalesPortal):
    @http.route(
        "/my/claims/<int:claim_id>/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_answer_claim(
        self, claim_id, access_token=None, answer=None, reason=None, **kw
    ):
        """Whether it is solved: said by the customer, or by who has their link."""
        claim = self._get_own("aftersales.claim", claim_id, access_token)
        if request.env.user._is_internal() and not self._is_customer(claim):
            # Staff who may look at the page do not speak for the customer.
            raise request.not_found()
        # Checked above; as the visitor, who is the author of what is said.
        own = request.env["aftersales.claim"].sudo().browse(claim.id)
        try:
            with request.env.cr.savepoint():
                own._answer_from_portal(answer, reason)
        except UserError as error:
            return self._render_claim(
                claim, access_token, error=str(error), reason=reason
            )
        query = f"?access_token={access_token}" if access_token else ""
        return request.redirect(f"/my/claims/{claim.id}{query}")

    def _is_customer(self, claim):
        return claim.partner_id == request.env.user.partner_id


class AftersalesQuotePortal(SalePortal):
    """Quotes of repairs are answered on the page of their claim."""

    def _get_quoted_claim(self, order_id, access_token):
        """The claim whose repair the order quotes, for who may see the order."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.env["aftersales.claim"]
        return order.repair_order_ids.claim_id[:1]

    @http.route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        result = super().portal_quote_accept(order_id, access_token, name, signature)
        token = access_token or request.httprequest.args.get("access_token")
        claim = self._get_quoted_claim(order_id, token)
        # Allowed by the core just before; one of the claim's own facts.
        order = request.env["sale.order"].sudo().browse(order_id)
        if claim and result.get("redirect_url") and not order._has_to_be_paid():
            claim._note_quote_answer(order, is_accepted=True)
            result["redirect_url"] = (
                self._get_claim_url(claim) or result["redirect_url"]
            )
        return result

    @http.route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        claim = self._get_quoted_claim(order_id, access_token)
        # Only looked at: the core decides below whether it may be declined.
        order = request.env["sale.order"].sudo().browse(order_id)
        was_open = claim and order.state != "cancel"
        response = super().portal_quote_decline(
            order_id, access_token, decline_message, **kwargs
        )
        if was_open and order.state == "cancel":
            claim._note_quote_answer(order, is_accepted=False)
            url = self._get_claim_url(claim)
            return request.redirect(url) if url else response
        return response

    def _get_claim_url(self, claim):
        """The page of `claim`, for who may see it without the quote's link."""
        is_visible = claim.sudo(False).with_user(request.env.user).has_access("read")
        return f"/my/claims/{claim.id}" if is_visible else ""
