# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules.scores import SCALES


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    aftersales_metric = fields.Selection(
        [
            ("csat", "CSAT: satisfaction"),
            ("nps", "NPS: would recommend"),
            ("ces", "CES: effort"),
        ],
        string="Metric",
        help="What the answer measures in the after-sales reports.",
    )
    aftersales_aspect = fields.Char(
        string="Aspect",
        translate=True,
        help="What the question is about, in a word or two: the dashboard shows under "
        "it how many are satisfied. Empty: under the question itself.",
    )

    @api.constrains("aftersales_metric", "question_type", "scale_min", "scale_max")
    def _check_aftersales_metric(self):
        labels = dict(
            self._fields["aftersales_metric"]._description_selection(self.env)
        )
        for question in self.filtered("aftersales_metric"):
            scales = SCALES[question.aftersales_metric]
            names = " / ".join(f"{low}–{high}" for low, high in sorted(scales))
            scale = (question.scale_min, question.scale_max)
            if question.question_type != "scale" or scale not in scales:
                raise ValidationError(
                    self.env._(
                        "%(question)s: the metric %(metric)s needs a question of the "
                        "type Scale, %(scales)s.",
                        question=question.title,
                        metric=labels[question.aftersales_metric],
                        scales=names,
                    )
                )

    @api.constrains("aftersales_metric", "survey_id")
    def _check_aftersales_metric_once(self):
        """Two questions for one metric would leave open which one counts."""
        for survey in self.filtered("aftersales_metric").survey_id:
            metrics = survey.question_ids.filtered("aftersales_metric").mapped(
                "aftersales_metric"
            )
            if len(metrics) != len(set(metrics)):
                raise ValidationError(
                    self.env._(
                        "%(survey)s: only one question can measure the same metric.",
                        survey=survey.title,
                    )
                )

    def _validate_scale(self, answer):
        """Refuse what the page can't send: text, or a number off the scale."""
        errors = super()._validate_scale(answer)
        if errors or self.survey_id.survey_type != "aftersales":
            return errors
        if not self._is_on_scale(answer):
            return {self.id: self.env._("Please choose one of the numbers.")}
        return {}

    def _is_on_scale(self, answer):
        self.ensure_one()
        try:
            return self.scale_min <= int(answer) <= self.scale_max
        except (TypeError, ValueError):
            return False


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    is_aftersales_problem = fields.Boolean(
        string="Opens a Claim",
        help="Who chooses this answer has a problem: a claim is registered, linked "
        "with the one the survey is about.",
    )
