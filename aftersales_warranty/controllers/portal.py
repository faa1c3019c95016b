# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

REPORT = "aftersales_warranty.action_report_aftersales_warranty"


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
