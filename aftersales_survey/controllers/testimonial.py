# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.aftersales_service.rules.plain_text import clean
from odoo.addons.portal.controllers.portal import pager

PAGE_SIZE = 20


class AftersalesTestimonials(http.Controller):
    """Customers let their words be published, and take them back, by their link."""

    @http.route(
        ["/aftersales/testimonials", "/aftersales/testimonials/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def testimonials(self, page=1, **kw):
        """What customers said, as far as they agreed and a person approved."""
        # Published words are public; nothing but words, name and date is shown.
        testimonials = request.env["aftersales.testimonial"].sudo()
        domain = [
            ("state", "=", "published"),
            ("company_id", "=", request.env.company.id),
        ]
        pages = pager(
            url="/aftersales/testimonials",
            total=testimonials.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        found = testimonials.search(
            domain,
            order="approved_date desc, id desc",
            limit=PAGE_SIZE,
            offset=pages["offset"],
        )
        values = {"testimonials": found, "pager": pages}
        return request.render("aftersales_survey.testimonials", values)

    @http.route(
        "/aftersales/testimonial/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def testimonial(self, token, **post):
        """The customer's own testimonial: give it, see what became of it, withdraw it.

        Opening the page writes nothing; its buttons do.
        """
        answer = self._get_answer(token)
        if not answer:
            return request.render("aftersales_survey.survey_link_unusable")
        # Who holds the link of an answer that was sent gave that answer.
        testimonials = request.env["aftersales.testimonial"].sudo()
        values = {
            "token": token,
            "answer": answer,
            "consent": self._get_consent(answer),
        }
        if request.httprequest.method == "POST":
            try:
                self._write(answer, post, values["consent"])
            except ValidationError as error:
                values |= {"error": str(error), "text": post.get("text", "")}
        values["testimonial"] = testimonials.search([("user_input_id", "=", answer.id)])
        return request.render("aftersales_survey.testimonial", values)

    def _write(self, answer, post, consent):
        # Whoever holds the link has no rights on testimonials: see above.
        testimonials = request.env["aftersales.testimonial"].sudo()
        known = testimonials.search([("user_input_id", "=", answer.id)])
        if post.get("withdraw"):
            known._action_withdraw()
        elif not known:
            ticked = consent if post.get("consent") == "1" else ""
            testimonials._give(
                answer, post.get("text", ""), post.get("author", ""), ticked
            )

    def _get_answer(self, token):
        """The sent answer of a token, if it is good and its rule asks for words."""
        # Who holds the link may see what they wrote.
        answer = (
            request.env["survey.user_input"]
            .sudo()
            .search(
                [
                    ("access_token", "=", clean(token)),
                    ("survey_id.survey_type", "=", "aftersales"),
                    ("state", "=", "done"),
                ],
                limit=1,
            )
        )
        return answer if answer and answer._get_thanks()["testimonial"] else None

    def _get_consent(self, answer):
        return request.env._(
            "I agree that %(company)s publishes these words with the name above. I can "
            "withdraw this at any time.",
            company=answer.aftersales_company_id.name,
        )
