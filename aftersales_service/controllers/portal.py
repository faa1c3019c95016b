# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..rules.plain_text import clean

MAX_SEARCH = 200


class AftersalesPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for counter, model in (
            ("aftersales_asset_count", "aftersales.asset"),
            ("aftersales_claim_count", "aftersales.claim"),
        ):
            if counter in counters:
                records = request.env[model]
                values[counter] = (
                    records.search_count([]) if records.has_access("read") else 0
                )
        return values

    def _get_own(self, model, record_id, access_token=None):
        """The record, or the same "not found" as for what doesn't exist."""
        try:
            return self._document_check_access(model, record_id, access_token)
        except (AccessError, MissingError):
            raise request.not_found() from None

    def _prepare_list(self, model, url, page, sortings, filters, search_domain, args):
        """Page values of a list of the customer's `model` records.

        :param sortings: {key: {"label", "order"}}; the first one is the default
        :param filters: {key: {"label", "domain"}}; the first one is the default
        :param search_domain: function from the words looked for to a Domain
        :param args: what the browser sent: ``search``, ``sortby`` and ``filterby``
        """
        sortby = args.get("sortby") if args.get("sortby") in sortings else None
        filterby = args.get("filterby") if args.get("filterby") in filters else None
        sortby, filterby = (
            sortby or next(iter(sortings)),
            filterby or next(iter(filters)),
        )
        search = clean(args.get("search"))[:MAX_SEARCH]
        domain = Domain(filters[filterby]["domain"])
        if search:
            domain &= search_domain(search)
        records = request.env[model]
        pager = portal_pager(
            url=url,
            url_args={"search": search, "sortby": sortby, "filterby": filterby},
            total=records.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = records.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        return {
            **self._prepare_portal_layout_values(),
            # Rules have chosen the records; the page shows facts of linked ones too.
            "records": found.sudo(),
            "pager": pager,
            "default_url": url,
            "search": search,
            "sortings": sortings,
            "sortby": sortby,
            "filters": filters,
            "filterby": filterby,
            "is_filtered": bool(search or filterby != next(iter(filters))),
        }

    # -- my products

    def _get_asset_sortings(self):
        return {
            "date": {
                "label": request.env._("Newest first"),
                "order": "delivery_date desc, id desc",
            },
            "oldest": {
                "label": request.env._("Oldest first"),
                "order": "delivery_date, id",
            },
            "name": {"label": request.env._("Name"), "order": "name, id"},
        }

    def _get_asset_filters(self):
        return {
            "mine": {
                "label": request.env._("In use"),
                "domain": [("state", "=", "in_service")],
            },
            "all": {
                "label": request.env._("All"),
                "domain": [("state", "!=", "retired")],
            },
        }

    def _get_asset_search_domain(self, search):
        return Domain("name", "ilike", search)

    @http.route(
        ["/my/assets", "/my/assets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_assets(self, page=1, **kw):
        values = self._prepare_list(
            "aftersales.asset",
            "/my/assets",
            page,
            self._get_asset_sortings(),
            self._get_asset_filters(),
            self._get_asset_search_domain,
            kw,
        )
        values["page_name"] = "aftersales_assets"
        return request.render("aftersales_service.portal_my_assets", values)

    @http.route("/my/assets/<int:asset_id>", type="http", auth="user", website=True)
    def portal_my_asset(self, asset_id, **kw):
        asset = self._get_own("aftersales.asset", asset_id)
        values = self._prepare_portal_layout_values()
        values |= {
            "asset": asset,
            "page_name": "aftersales_asset",
            "documents": asset._get_portal_documents(),
            "history": asset._get_portal_history(),
            "claims": asset._get_portal_claims(request.env.user),
        }
        return request.render("aftersales_service.portal_my_asset", values)

    @http.route(
        "/my/assets/<int:asset_id>/document/<int:document_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_asset_document(self, asset_id, document_id, **kw):
        asset = self._get_own("aftersales.asset", asset_id)
        documents = asset._get_portal_documents()
        document = documents.filtered(
            lambda d: d.id == document_id and d.type == "binary"
        )
        if not document:
            raise request.not_found()
        # As a download: whatever the file is, no browser runs it.
        stream = request.env["ir.binary"]._get_stream_from(document.ir_attachment_id)
        return stream.get_response(as_attachment=True)

    # -- my claims

    def _get_claim_sortings(self):
        return {
            "date": {
                "label": request.env._("Newest first"),
                "order": "date desc, id desc",
            },
            "oldest": {"label": request.env._("Oldest first"), "order": "date, id"},
            "stage": {"label": request.env._("Progress"), "order": "stage_id, id desc"},
        }

    def _get_claim_filters(self):
        still_open = request.env["aftersales.claim"]._get_open_domain()
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {"label": request.env._("Open"), "domain": still_open},
            "waiting": {
                "label": request.env._("Waiting for my answer"),
                "domain": Domain("stage_category", "=", "waiting"),
            },
            "closed": {"label": request.env._("Closed"), "domain": ~still_open},
        }

    def _get_claim_search_domain(self, search):
        return Domain.OR(
            Domain(name, "ilike", search)
            for name in ("name", "subject", "product_names")
        )

    @http.route(
        ["/my/claims", "/my/claims/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_claims(self, page=1, **kw):
        values = self._prepare_list(
            "aftersales.claim",
            "/my/claims",
            page,
            self._get_claim_sortings(),
            self._get_claim_filters(),
            self._get_claim_search_domain,
            kw,
        )
        values["page_name"] = "aftersales_claims"
        return request.render("aftersales_service.portal_my_claims", values)

    @http.route("/my/claims/<int:claim_id>", type="http", auth="public", website=True)
    def portal_my_claim(self, claim_id, access_token=None, **kw):
        claim = self._get_own("aftersales.claim", claim_id, access_token)
        survivor = claim._get_survivor()
        if survivor != claim and self._may_see(survivor):
            return request.redirect(f"/my/claims/{survivor.id}")
        return self._render_claim(claim, access_token, just_sent="sent" in kw)

    def _may_see(self, record):
        """Whether the visitor may see `record` by their own rights, without a link."""
        return record.with_env(request.env).has_access("read")

    def _render_claim(self, claim, access_token, **values):
        """The page of a `claim` (superuser) that the visitor may see."""
        values = {
            "claim": claim,
            "page_name": "aftersales_claim",
            "timeline": claim._get_portal_timeline(),
            "next_step": claim._get_portal_next_step(),
            "quotes": claim._get_portal_quotes(),
            "parcels": claim._get_portal_parcel_vals(),
            "documents": claim._get_portal_documents(),
            "can_confirm": claim._can_confirm_in_portal(),
            **values,
        }
        values = self._get_page_view_values(
            claim, access_token, values, "my_aftersales_claims_history", False
        )
        return request.render("aftersales_service.portal_my_claim", values)
