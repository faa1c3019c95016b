# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    survey_type = fields.Selection(
        selection_add=[("aftersales", "After-Sales")],
        ondelete={"aftersales": "set default"},
    )
    aftersales_rule_ids = fields.One2many(
        "aftersales.survey.rule", "survey_id", string="After-Sales Rules"
    )

    is_aftersales_anonymous = fields.Boolean(
        string="Anonymous",
        help="Nobody sees who gave which answer: neither customer nor claim, agent or "
        "technician is kept with it, and a bad score can't be followed up.",
    )

    @api.depends("survey_type")
    @api.depends_context("uid")
    def _compute_allowed_survey_types(self):
        result = super()._compute_allowed_survey_types()
        if self.env.user.has_groups(
            "aftersales_service.group_manager,survey.group_survey_user"
        ):
            self.allowed_survey_types = [
                *(self.allowed_survey_types or []),
                "aftersales",
            ]
        return result

    @api.onchange("survey_type")
    def _onchange_survey_type(self):
        """An after-sales survey is short, by invitation and answered once."""
        result = super()._onchange_survey_type()
        if self.survey_type == "aftersales":
            self.update(
                {
                    "access_mode": "token",
                    "attempts_limit": 1,
                    "certification": False,
                    "is_attempts_limited": True,
                    "is_time_limited": False,
                    "questions_layout": "one_page",
                    "scoring_type": "no_scoring",
                    "users_login_required": False,
                }
            )
        return result

    @api.constrains("survey_type")
    def _check_survey_type(self):
        """Under another type, those who edit surveys could read and change answers."""
        for survey in self.filtered(lambda s: s.survey_type != "aftersales"):
            # Who edits a survey may see neither its rules nor its answers.
            rules = survey.sudo().with_context(active_test=False).aftersales_rule_ids
            if rules or self.env["survey.user_input"].sudo().search_count(
                [
                    ("survey_id", "=", survey.id),
                    ("aftersales_company_id", "!=", False),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "%(survey)s: after-sales rules send this survey, so its type "
                        "stays. Make a copy of it.",
                        survey=survey.title,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_aftersales_rule(self):
        # Those who edit surveys may not see the rules that use them.
        rules = self.sudo().with_context(active_test=False).aftersales_rule_ids
        if rules:
            raise UserError(
                self.env._(
                    "After-sales rules send this survey (%(rules)s): archive it "
                    "instead.",
                    rules=", ".join(rules.mapped("name")),
                )
            )

    def action_send_survey(self):
        """Refuse what would be a dead link: these are answered by invitation only."""
        if "aftersales" in self.mapped("survey_type"):
            raise UserError(
                self.env._(
                    "After-sales surveys are sent by their rules, or by hand from a "
                    "claim, a repair or a list of them."
                )
            )
        return super().action_send_survey()

    def action_result_survey(self):
        """Open the figures: the core's page reads forms that stay closed here.

        :raises UserError: for those whom the answers are not shown
        """
        self.ensure_one()
        is_open = self.survey_type != "aftersales" or self.env.user.has_group(
            "aftersales_service.group_manager"
        )
        if is_open and not self.is_aftersales_anonymous:
            return super().action_result_survey()
        if not is_open:
            raise UserError(
                self.env._(
                    "The answers to after-sales surveys are shown to after-sales "
                    "managers only."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_survey.aftersales_survey_report_action"
        )
        help_text = self.env._(
            "This survey is anonymous: its answers are shown as figures, never one "
            "by one."
        )
        return {
            **action,
            "domain": [("survey_id", "=", self.id)],
            "help": Markup("<p>%s</p>") % help_text,
        }

    def _shows_aftersales_questions(self, answer):
        """Whether the customer meets the questions at once, without a start page."""
        return (
            self.survey_type == "aftersales"
            and self.questions_layout == "one_page"
            and answer.state == "new"
        )

    def _get_preselected_answers(self, score):
        """{question id: value} for the score clicked in the mail, if it is one.

        The value is a number of the scale or the id of a suggested answer.
        """
        question = self.question_ids[:1]
        if question.question_type == "scale":
            known = question._is_on_scale(score)
        else:
            known = str(score) in map(str, question.suggested_answer_ids.ids)
        return {question.id: int(score)} if known else {}
