# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..rules.scores import is_satisfied, nps_group


class SurveyUserInput(models.Model):
    """Answers about a claim or a repair, with their scores.

    The scores are written once, when the customer sends the answers: they stay when
    a question is later edited or deleted. An integer column can't hold "no answer",
    and 0 is a legal score, so each score has its flag: `has_csat`, `has_ces`, and
    for the NPS the group, which is empty without an answer.
    """

    _inherit = "survey.user_input"

    claim_id = fields.Many2one(
        "aftersales.claim", readonly=True, index="btree_not_null", ondelete="set null"
    )
    repair_id = fields.Many2one(
        "repair.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    has_csat = fields.Boolean(string="Satisfaction Answered", readonly=True)
    csat_score = fields.Integer(string="CSAT", readonly=True, aggregator=None)
    is_satisfied = fields.Boolean(string="Satisfied", readonly=True)
    nps_score = fields.Integer(string="NPS Answer", readonly=True, aggregator=None)
    nps_group = fields.Selection(
        [
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
        ],
        string="NPS Group",
        readonly=True,
    )
    has_ces = fields.Boolean(string="Effort Answered", readonly=True)
    ces_score = fields.Integer(string="CES", readonly=True, aggregator=None)
    feedback = fields.Text(string="Comments", readonly=True)

    def _mark_done(self):
        result = super()._mark_done()
        ours = self.filtered(
            lambda a: a.survey_id.survey_type == "aftersales" and not a.test_entry
        )
        for answer in ours:
            answer.write(answer._prepare_score_vals())
        ours._close_invitations()
        return result

    def _save_lines(self, question, answer, comment=None, overwrite_existing=True):
        """Let a customer correct a page that was refused, until it is sent.

        The core keeps the valid answers of a refused page and would then refuse the
        whole page when it comes again.
        """
        if self.survey_id.survey_type == "aftersales" and self.state != "done":
            overwrite_existing = True
        return super()._save_lines(
            question, answer, comment=comment, overwrite_existing=overwrite_existing
        )

    def _prepare_score_vals(self):
        """The scores and comments of the answers given."""
        self.ensure_one()
        vals = {"start_datetime": self.start_datetime or fields.Datetime.now()}
        comments = []
        for line in self.user_input_line_ids.filtered(lambda x: not x.skipped):
            text = line.value_text_box or line.value_char_box
            if text:
                comments.append(text)
            metric = line.question_id.aftersales_metric
            if metric and line.answer_type == "scale":
                vals.update(self._prepare_metric_vals(metric, line))
        vals["feedback"] = "\n".join(comments)
        return vals

    def _prepare_metric_vals(self, metric, line):
        question, score = line.question_id, line.value_scale
        if metric == "nps":
            return {"nps_score": score, "nps_group": nps_group(score)}
        if metric == "ces":
            return {"has_ces": True, "ces_score": score}
        return {
            "has_csat": True,
            "csat_score": score,
            "is_satisfied": is_satisfied(score, question.scale_min, question.scale_max),
        }

    def _close_invitations(self):
        # The customer who answers has no rights on the ledger.
        self.env["aftersales.survey.invitation"].sudo().search(
            [("user_input_id", "in", self.ids)]
        )._action_answer()
