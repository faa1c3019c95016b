# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

REPORT = "aftersales_warranty.action_report_aftersales_warranty"

RETURNS = "aftersales_warranty.action_report_return_policy"


class WarrantyPortal(CustomerPortal):
    @route(
        ["/my/warranties/<int:warranty_id>/pdf"],
        type="http",
        auth="public",
        website=True,
    )
    def portal_my_warranty_pdf(self, warranty_id, access_token=None, **_kwargs):
        """The certificate, for its owner or for who has its link."""
        try:
            warranty = self._document_check_access(
                "aftersales.warranty", warranty_id, access_token
            )
        except (AccessError, MissingError):
            # The same answer for what isn't there and for what isn't theirs.
            return request.not_found()
        if warranty.state == "draft":
            return request.not_found()
        return self._show_report(warranty, "pdf", REPORT, download=True)

    @route(
        "/my/orders/<int:order_id>/returns",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_order_returns(self, order_id, access_token=None, **_kwargs):
        """The return policy of an order, for its customer or for who has its link."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            # The same answer for what isn't there and for what isn't theirs.
            return request.not_found()
        if not order._get_aftersales_return_sentences():
            return request.not_found()
        return self._show_report(order, "pdf", RETURNS, download=True)

    def _get_own_asset(self, asset_id):
        """The asset of whoever is signed in, or "not found"."""
        try:
            return self._document_check_access("aftersales.asset", asset_id)
        except (AccessError, MissingError):
            raise request.not_found() from None

    @route(
        "/my/assets/<int:asset_id>/register",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_register_warranty(self, asset_id, warranty_id=None, **_kwargs):
        """Start the warranty that waits for its customer."""
        asset = self._get_own_asset(asset_id)
        warranty = asset.warranty_ids.filtered(lambda w: str(w.id) == warranty_id)
        if not warranty:
            return request.not_found()
        try:
            warranty._action_register()
        except UserError as error:
            return self._show_asset(asset, warranty_error=str(error))
        return self._show_asset(asset, warranty_done="registered")

    @route(
        "/my/assets/<int:asset_id>/extend",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_extend_warranty(self, asset_id, product_id=None, **_kwargs):
        """Quote more warranty for the customer's product; they accept and pay there."""
        asset = self._get_own_asset(asset_id)
        offers = {
            str(offer["product"].id): offer for offer in asset._get_extension_offers()
        }
        offer = offers.get(product_id)
        try:
            order = asset._action_extend(
                offer["product"] if offer else request.env["product.product"]
            )
        except UserError as error:
            return self._show_asset(asset, warranty_error=str(error))
        return request.redirect(order.get_portal_url(), code=303)

    def _show_asset(self, asset, **message):
        request.session["aftersales_warranty_message"] = message
        return request.redirect(f"/my/assets/{asset.id}#warranty", code=303)
