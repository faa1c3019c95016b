# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http

from odoo.addons.survey.controllers.main import Survey


class AftersalesSurvey(Survey):
    """An after-sales survey opens at its questions, the score of the mail chosen.

    Opening the link shows and never writes, because mail scanners follow links; the
    answer exists when the customer sends the form.
    """

    @http.route()
    def survey_start(self, survey_token, answer_token=None, email=False, **post):
        response = super().survey_start(
            survey_token, answer_token=answer_token, email=email, **post
        )
        score = post.get("score", "")
        opens_survey = f"/survey/{survey_token}/" in (response.location or "")
        if opens_survey and score.isdecimal() and len(score) <= 2:
            response.location = f"{response.location}?score={score}"
        return response

    def _prepare_survey_data(self, survey_sudo, answer_sudo, **post):
        data = super()._prepare_survey_data(survey_sudo, answer_sudo, **post)
        if survey_sudo._shows_aftersales_questions(answer_sudo):
            data["aftersales_direct"] = True
            data["aftersales_preselected"] = survey_sudo._get_preselected_answers(
                post.get("score")
            )
        return data
