# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import json
import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.aftersales_claim_portal import (
    MAX_FILE_MIB,
    MAX_FILES,
    MAX_TOTAL_MIB,
)
from .portal import AftersalesPortal

MAX_CHOICES = 100
MAX_ARTICLES = 3
#: Below this an article has hardly a word in common with what was written.
MINIMUM_SCORE = 0.1


class AftersalesFormPortal(AftersalesPortal):
    @http.route(
        "/my/claims/new", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_new_claim(self, asset_id=None, **kw):
        chosen = self._find_assets([asset_id] if asset_id else [])
        return self._render_claim_form(chosen, {})

    @http.route(
        "/my/claims/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=(MAX_TOTAL_MIB + 1) * 2**20,
    )
    def portal_create_claim(self, **form):
        """Make the claim; the browser's script gets JSON, a plain form the page."""
        wants_json = "application/json" in request.httprequest.headers.get("Accept", "")
        chosen = self._find_assets(request.httprequest.form.getlist("asset_ids"))
        try:
            claim = request.env["aftersales.claim"]._create_from_portal(
                form,
                {asset: self._get_quantity(asset, form) for asset in chosen},
                self._read_files("files"),
                self._read_files("receipts"),
                form.get("form_key"),
            )
        except UserError as error:
            field = getattr(error, "field", "")
            if wants_json:
                return self._make_json({"error": str(error), "field": field})
            return self._render_claim_form(chosen, form, str(error), field)
        url = f"/my/claims/{claim.id}?sent=1"
        return self._make_json({"url": url}) if wants_json else request.redirect(url)

    def _make_json(self, values):
        headers = [("Content-Type", "application/json")]
        return request.make_response(json.dumps(values), headers=headers)

    def _read_files(self, name):
        """[(file name, bytes)] of the files sent as `name`."""
        files = request.httprequest.files.getlist(name)
        for file in files:
            # A request that is run again has read them; the core rewinds only one.
            file.seek(0)
        return [(file.filename, file.read()) for file in files if file.filename]

    def _find_assets(self, raw_ids):
        """The customer's assets with these raw ids, or "not found" for any other."""
        assets = request.env["aftersales.asset"]
        for raw_id in dict.fromkeys(raw_ids):
            if not str(raw_id).isdecimal() or not int(raw_id):
                raise request.not_found()
            assets |= assets.browse(int(raw_id))
        try:
            found = assets.exists() if assets else assets
        except ValueError:
            raise request.not_found() from None
        if found != assets or found._filtered_access("read") != assets:
            raise request.not_found()
        return assets

    def _get_quantity(self, asset, form):
        """How much of the asset the form claims: one, unless it says otherwise."""
        raw = str(form.get(f"quantity_{asset.id}") or "").replace(",", ".")
        # The customer may read the asset, and thus how many they have.
        owned = asset.sudo().quantity
        try:
            return float(raw) if raw else min(1.0, owned)
        except ValueError:
            return 0.0

    def _render_claim_form(self, chosen, form, error=None, error_field=""):
        assets = request.env["aftersales.asset"].search(
            [("state", "=", "in_service")], limit=MAX_CHOICES
        )
        assets = (chosen | assets).sudo(False)
        values = self._prepare_portal_layout_values()
        values |= {
            "page_name": "aftersales_claim_new",
            # Found by the customer's own rules; their products may be shown.
            "assets": assets.sudo(),
            "chosen": chosen,
            "reported": assets._get_portal_open_claims(),
            "types": request.env["aftersales.type"].search([("is_portal", "=", True)]),
            "symptoms": self._get_symptoms(),
            "contact_times": request.env["aftersales.claim"]
            ._fields["contact_time"]
            ._description_selection(request.env),
            "partner": request.env.user.partner_id,
            "form": form,
            "form_key": form.get("form_key") or str(uuid.uuid4()),
            "error": error,
            "error_field": error_field,
            "max_files": MAX_FILES,
            "max_file_mib": MAX_FILE_MIB,
            "max_total_mib": MAX_TOTAL_MIB,
        }
        return request.render("aftersales_service.portal_new_claim", values)

    def _get_symptoms(self):
        """[(symptom, ids of the product categories it is for)]"""
        symptoms = request.env["aftersales.symptom"].search([])
        # Categories only choose among symptoms; customers read none of them.
        return [
            (symptom, " ".join(map(str, symptom.sudo().categ_ids.ids)))
            for symptom in symptoms
        ]

    @http.route(
        "/my/claims/articles",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_suggest_articles(self, subject="", description="", **form):
        """Published articles that fit what the customer is writing, as HTML."""
        chosen = self._find_assets(request.httprequest.form.getlist("asset_ids"))
        articles = self._find_articles(
            chosen, form.get("symptom_id"), subject, description
        )
        return request.render(
            "aftersales_service.portal_suggested_articles", {"articles": articles}
        )

    def _find_articles(self, assets, symptom_id, subject, description):
        articles = request.env["aftersales.article"]
        if not articles.has_access("read"):
            return articles
        symptom = request.env["aftersales.claim"]._get_portal_choice(
            "aftersales.symptom", symptom_id
        )
        text = " ".join(filter(None, (symptom.name, subject, description)))
        if not text.strip():
            return articles
        # Of products the customer owns: ids that only rank what they may read.
        products = assets.sudo().product_id
        paths = products.categ_id.mapped("parent_path")
        return articles._rank(
            text[:2000],
            [request.env.lang],
            {
                "product": products.product_tmpl_id.product_variant_ids.ids,
                "categ": [int(i) for path in paths for i in path.split("/") if i],
                "symptom": symptom.ids,
            },
            domain=[("is_published", "=", True)],
            limit=MAX_ARTICLES,
            floor=MINIMUM_SCORE,
        )
