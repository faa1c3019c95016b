# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal import AftersalesPortal

MAX_FOUND = 200


class AftersalesArticlePortal(AftersalesPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "aftersales_article_count" in counters:
            articles = request.env["aftersales.article"]
            values["aftersales_article_count"] = (
                articles.search_count(self._get_article_domain())
                if articles.has_access("read")
                else 0
            )
        return values

    def _get_article_domain(self):
        """Published ones: staff who look at the portal see it as customers do."""
        return [("is_published", "=", True)]

    @http.route(
        ["/my/articles", "/my/articles/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_articles(self, page=1, search=None, **kw):
        articles = request.env["aftersales.article"]
        if not articles.has_access("read"):
            raise request.not_found()
        domain, url = self._get_article_domain(), "/my/articles"
        found = (
            articles._rank(search, domain=domain, limit=MAX_FOUND) if search else None
        )
        pager = portal_pager(
            url=url,
            url_args={"search": search},
            total=articles.search_count(domain) if found is None else len(found),
            page=page,
            step=self._items_per_page,
        )
        start, size = pager["offset"], self._items_per_page
        if found is None:
            found = articles.search(
                domain, order="kind, id desc", offset=start, limit=size
            )
        else:
            found = found[start : start + size]
        values = self._prepare_portal_layout_values()
        values |= {
            "articles": found,
            "pager": pager,
            "default_url": url,
            "page_name": "aftersales_articles",
            "search": search,
        }
        return request.render("aftersales_service.portal_my_articles", values)

    @http.route("/my/articles/<int:article_id>", type="http", auth="user", website=True)
    def portal_my_article(self, article_id, **kw):
        values = self._prepare_portal_layout_values()
        values |= {
            "article": self._get_article(article_id),
            "page_name": "aftersales_article",
            "form_key": str(uuid.uuid4()),
            "has_helped": "helped" in kw,
        }
        return request.render("aftersales_service.portal_my_article", values)

    def _get_article(self, article_id):
        """The published article, or "not found"."""
        articles = request.env["aftersales.article"]
        article = articles.has_access("read") and articles.search(
            [("id", "=", article_id), *self._get_article_domain()]
        )
        if not article:
            raise request.not_found()
        return article

    @http.route(
        "/my/articles/<int:article_id>/helped",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_article_helped(self, article_id, form_key=None, **kw):
        """The customer says that the article was enough: no claim is made."""
        article = self._get_article(article_id)
        try:
            article._note_deflection(form_key)
        except UserError:
            return request.redirect(f"/my/articles/{article.id}")
        return request.redirect(f"/my/articles/{article.id}?helped=1")

    @http.route()
    def portal_my_asset(self, asset_id, **kw):
        response = super().portal_my_asset(asset_id, **kw)
        asset = response.qcontext["asset"]
        articles = request.env["aftersales.article"]
        response.qcontext["articles"] = (
            articles._get_for_product(asset.product_id)
            if articles.has_access("read")
            else articles
        )
        return response
