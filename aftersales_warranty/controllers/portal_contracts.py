# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.aftersales_service.controllers.portal import AftersalesPortal

REPORT = "aftersales_warranty.action_report_aftersales_contract"


class ContractPortal(AftersalesPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "aftersales_contract_count" in counters:
            contracts = request.env["aftersales.contract"]
            can_read = contracts.has_access("read")
            values["aftersales_contract_count"] = (
                contracts.search_count([]) if can_read else 0
            )
        return values

    def _get_contract_sortings(self):
        return {
            "end": {
                "label": request.env._("Ends last"),
                "order": "date_end desc, id desc",
            },
            "start": {
                "label": request.env._("Oldest first"),
                "order": "date_start, id",
            },
        }

    def _get_contract_filters(self):
        return {
            "running": {
                "label": request.env._("Running"),
                "domain": [("state", "=", "active")],
            },
            "all": {"label": request.env._("All"), "domain": []},
        }

    @route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_contracts(self, page=1, **kw):
        """The customer's maintenance contracts."""
        values = self._prepare_list(
            "aftersales.contract",
            "/my/contracts",
            page,
            self._get_contract_sortings(),
            self._get_contract_filters(),
            lambda words: Domain("name", "ilike", words),
            kw,
        )
        return request.render(
            "aftersales_warranty.portal_my_contracts",
            {**values, "page_name": "aftersales_contracts"},
        )

    def _get_own_contract(self, contract_id, access_token=None):
        contract = self._get_own("aftersales.contract", contract_id, access_token)
        if contract.state == "draft":
            raise request.not_found()
        return contract

    @route("/my/contracts/<int:contract_id>", type="http", auth="public", website=True)
    def portal_my_contract(self, contract_id, access_token=None, **kw):
        """One contract: what is left of it, its next visit, bills and documents."""
        contract = self._get_own_contract(contract_id, access_token)
        values = self._get_page_view_values(
            contract,
            access_token,
            {
                "page_name": "aftersales_contracts",
                "contract": contract,
                "facts": contract._get_page_vals(),
                "next_visit": contract._get_next_visit_dates().get(contract),
                "invoices": contract._get_portal_invoices(),
            },
            "my_contracts_history",
            False,
            **kw,
        )
        return request.render("aftersales_warranty.portal_my_contract", values)

    @route(
        "/my/contracts/<int:contract_id>/pdf",
        type="http",
        auth="public",
        website=True,
    )
    def portal_my_contract_pdf(self, contract_id, access_token=None, **_kwargs):
        """The contract as a document, for its customer or for who has its link."""
        contract = self._get_own_contract(contract_id, access_token)
        return self._show_report(contract, "pdf", REPORT, download=True)
