# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.http import request

from odoo.addons.aftersales_service.rules.plain_text import clean
from odoo.addons.survey.controllers.main import Survey


class AftersalesSurvey(Survey):
    """An after-sales survey opens at its questions, the score of the mail chosen.

    Opening a link shows and never writes, because mail scanners follow links; the
    answer exists when the customer sends the form. A link that was used, has expired,
    was called off or never existed says the same: that it can't be used.
    """

    @http.route(
        "/aftersales/survey/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def aftersales_survey(self, token, score="", **kw):
        """The customer's link in the mail, with the score that was clicked there."""
        answer_sudo = self._get_aftersales_answer(token)
        if not answer_sudo._is_aftersales_open():
            return self._render_unusable_link()
        survey_sudo = answer_sudo.survey_id
        path = f"/survey/{survey_sudo.access_token}/{token}"
        lang = self._get_lang_with_fallback(answer_sudo.sudo(False))
        url = self.env["ir.http"]._url_for(path, lang.code)
        if score.isdecimal() and score.isascii() and len(score) <= 9:
            url = f"{url}?score={score}"
        return request.redirect(url)

    @http.route(
        "/aftersales/survey/<string:token>/stop",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def aftersales_survey_stop(self, token, **kw):
        """Ask for no more surveys: the link shows a button, the button writes."""
        answer_sudo = self._get_aftersales_answer(token)
        invitation_sudo = answer_sudo._get_invitations() if answer_sudo else answer_sudo
        if not invitation_sudo:
            return self._render_unusable_link()
        if request.httprequest.method == "POST":
            invitation_sudo._action_opt_out()
        values = {"token": token, "stopped": invitation_sudo._has_opted_out()}
        return request.render("aftersales_survey.survey_stop", values)

    def _get_aftersales_answer(self, token):
        """The answer form of a token, as superuser: who holds it may fill it in."""
        return (
            request.env["survey.user_input"]
            .sudo()
            .search(
                [
                    ("access_token", "=", clean(token)),
                    ("survey_id.survey_type", "=", "aftersales"),
                ],
                limit=1,
            )
        )

    def _render_unusable_link(self):
        return request.render("aftersales_survey.survey_link_unusable")

    # -- the core's own routes, for surveys of this type

    def _check_validity(
        self,
        survey_sudo,
        answer_sudo,
        answer_token,
        ensure_token=True,
        check_partner=True,
    ):
        """Who holds the link may answer, signed in or not, while it can be used.

        Looking at an answer that was sent (check_partner is False) stays the core's.
        """
        ours = survey_sudo.survey_type == "aftersales" and not answer_sudo.test_entry
        if ours and check_partner:
            return answer_sudo._is_aftersales_open() or "token_wrong"
        return super()._check_validity(
            survey_sudo, answer_sudo, answer_token, ensure_token, check_partner
        )

    def _get_access_data(self, *args, **kwargs):
        data = super()._get_access_data(*args, **kwargs)
        if not data["survey_sudo"]:
            # Both tokens are guessed: that says the same as one of them.
            data["validity_code"] = "token_wrong"
        return data

    @http.route()
    def survey_retry(self, survey_token, answer_token, **post):
        """The core makes a new answer here, on GET: ours are given once."""
        if self._get_aftersales_answer(answer_token):
            return self._render_unusable_link()
        return super().survey_retry(survey_token, answer_token, **post)

    def _redirect_with_error(self, access_data, error_key):
        survey_sudo = access_data["survey_sudo"]
        if not survey_sudo or survey_sudo.survey_type == "aftersales":
            return self._render_unusable_link()
        return super()._redirect_with_error(access_data, error_key)

    def _prepare_survey_data(self, survey_sudo, answer_sudo, **post):
        data = super()._prepare_survey_data(survey_sudo, answer_sudo, **post)
        if survey_sudo._shows_aftersales_questions(answer_sudo):
            data["aftersales_direct"] = True
            data["aftersales_preselected"] = survey_sudo._get_preselected_answers(
                post.get("score")
            )
        return data

    def _prepare_survey_finished_values(self, survey, answer, token=False):
        values = super()._prepare_survey_finished_values(survey, answer, token=token)
        if survey.survey_type == "aftersales":
            values["aftersales_thanks"] = answer._get_thanks()
        return values
