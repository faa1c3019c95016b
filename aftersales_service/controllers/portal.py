# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import uuid

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.aftersales_claim_portal import MAX_FILE_MIB, MAX_FILES
from ..rules.plain_text import clean


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

    def _prepare_list(self, model, url, page, domain, order, **url_args):
        """Page values of a list of the customer's `model` records."""
        records = request.env[model]
        pager = portal_pager(
            url=url,
            url_args=url_args,
            total=records.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = records.search(
            domain, order=order, limit=self._items_per_page, offset=pager["offset"]
        )
        # Rules have chosen the records; the page shows facts of linked ones too.
        return {"records": found.sudo(), "pager": pager, "default_url": url}

    # -- my products

    @http.route(
        ["/my/assets", "/my/assets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_assets(self, page=1, search=None, **kw):
        domain = Domain("state", "!=", "retired")
        search = clean(search)
        if search:
            domain &= Domain("name", "ilike", search)
        values = self._prepare_portal_layout_values()
        values |= self._prepare_list(
            "aftersales.asset",
            "/my/assets",
            page,
            domain,
            "delivery_date desc, id desc",
            search=search,
        )
        values |= {"page_name": "aftersales_assets", "search": search}
        return request.render("aftersales_service.portal_my_assets", values)

    @http.route("/my/assets/<int:asset_id>", type="http", auth="user", website=True)
    def portal_my_asset(self, asset_id, **kw):
        asset = self._get_own("aftersales.asset", asset_id)
        values = self._prepare_portal_layout_values()
        values |= {
            "asset": asset,
            "page_name": "aftersales_asset",
            "repairs": asset.repair_ids.filtered(lambda r: r.state == "done"),
            "claims": asset._get_portal_claims(request.env.user),
        }
        return request.render("aftersales_service.portal_my_asset", values)

    # -- my claims

    def _get_claim_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "date desc, id desc"},
            "name": {"label": request.env._("Reference"), "order": "name"},
            "stage": {"label": request.env._("Stage"), "order": "stage_id, id desc"},
        }

    def _get_claim_filters(self):
        open_domain = request.env["aftersales.claim"]._get_open_domain()
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {"label": request.env._("Open"), "domain": open_domain},
            "closed": {"label": request.env._("Closed"), "domain": ~open_domain},
        }

    @http.route(
        ["/my/claims", "/my/claims/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_claims(self, page=1, sortby="date", filterby="all", **kw):
        sortings, filters = self._get_claim_sortings(), self._get_claim_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        values = self._prepare_portal_layout_values()
        values |= self._prepare_list(
            "aftersales.claim",
            "/my/claims",
            page,
            filters[filterby]["domain"],
            sortings[sortby]["order"],
            sortby=sortby,
            filterby=filterby,
        )
        values |= {
            "page_name": "aftersales_claims",
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("aftersales_service.portal_my_claims", values)

    @http.route("/my/claims/<int:claim_id>", type="http", auth="public", website=True)
    def portal_my_claim(self, claim_id, access_token=None, **kw):
        claim = self._get_own("aftersales.claim", claim_id, access_token)
        values = {
            "claim": claim,
            "page_name": "aftersales_claim",
            "stages": claim._get_portal_stages(),
            "just_sent": "sent" in kw,
        }
        values = self._get_page_view_values(
            claim, access_token, values, "my_aftersales_claims_history", False
        )
        return request.render("aftersales_service.portal_my_claim", values)

    @http.route(
        "/my/claims/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_new_claim(self, asset_id=None, **kw):
        return self._render_claim_form(self._find_asset(asset_id), {})

    @http.route(
        "/my/claims/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=(MAX_FILES * MAX_FILE_MIB + 1) * 2**20,
    )
    def portal_create_claim(self, asset_id=None, **form):
        asset = self._find_asset(asset_id)
        files = [
            (file.filename, file.read())
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]
        try:
            claim = request.env["aftersales.claim"]._create_from_portal(
                form, asset, files, form.get("form_key")
            )
        except UserError as error:
            return self._render_claim_form(asset, form, error=str(error))
        return request.redirect(f"/my/claims/{claim.id}?sent=1")

    def _find_asset(self, asset_id):
        """The customer's asset with this raw id, nothing when none was chosen."""
        if not asset_id:
            return request.env["aftersales.asset"]
        if not str(asset_id).isdecimal():
            raise request.not_found()
        self._get_own("aftersales.asset", int(asset_id))
        return request.env["aftersales.asset"].browse(int(asset_id))

    def _render_claim_form(self, asset, form, error=None):
        values = self._prepare_portal_layout_values()
        # The asset was found by the customer's own rules; its product may be shown.
        values |= {
            "page_name": "aftersales_claim_new",
            "asset": asset.sudo(),
            "assets": request.env["aftersales.asset"].search(
                [("state", "=", "in_service")], limit=100
            ),
            "types": request.env["aftersales.type"].search([("is_portal", "=", True)]),
            "symptoms": self._get_symptoms(asset),
            "form": form,
            "form_key": form.get("form_key") or str(uuid.uuid4()),
            "error": error,
            "max_files": MAX_FILES,
            "max_file_mib": MAX_FILE_MIB,
        }
        return request.render("aftersales_service.portal_new_claim", values)

    def _get_symptoms(self, asset):
        symptoms = request.env["aftersales.symptom"].search([])
        # Categories only choose among symptoms; customers read none of them.
        category = asset.sudo().product_id.categ_id
        return symptoms.filtered(
            lambda symptom: not symptom.sudo().categ_ids
            or category in symptom.sudo().categ_ids
        )
