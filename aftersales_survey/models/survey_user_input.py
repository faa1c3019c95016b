# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from secrets import randbelow

from odoo import fields, models

from ..rules.scores import is_satisfied, nps_group, on_seven


class SurveyUserInput(models.Model):
    """Answers about a claim or a repair, with their scores.

    The scores are written once, when the customer sends the answers: they stay when
    a question is later edited or deleted. An integer column can't hold "no answer",
    and 0 is a legal score, so each score has its flag: `has_csat`, `has_ces`, and
    for the NPS the group, which is empty without an answer.
    """

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "aftersales.survey.facts"]

    aftersales_rule_id = fields.Many2one(
        "aftersales.survey.rule", readonly=True, ondelete="set null"
    )
    aftersales_company_id = fields.Many2one(
        "res.company", string="Company", readonly=True, ondelete="set null"
    )
    is_aftersales_anonymous = fields.Boolean(
        string="Anonymous", readonly=True, index="btree_not_null"
    )
    # Ids count up like those of the ledger, so that a list of them would tell who
    # gave which answer: an anonymous one is known by a number drawn for it.
    aftersales_ballot = fields.Integer(readonly=True, aggregator=None)
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
    ces_on_seven = fields.Float(
        string="CES (1 to 7)",
        readonly=True,
        aggregator="avg",
        help="The answer on the usual scale, so that surveys can be compared.",
    )
    feedback = fields.Text(string="Comments", readonly=True)

    def _mark_done(self):
        result = super()._mark_done()
        ours = self.filtered(
            lambda a: a.survey_id.survey_type == "aftersales" and not a.test_entry
        )
        for answer in ours:
            answer.write(answer._prepare_score_vals())
            answer._make_anonymous()
        ours._close_invitations()
        return result

    def _is_aftersales_open(self):
        """Whether this is the answer form of a link that may still be used."""
        if self.survey_id.survey_type != "aftersales" or self.state == "done":
            return False
        # Whoever holds the link has no rights on the ledger.
        invitation = self._get_invitations()
        return (
            self.survey_id.active
            and bool(self.survey_id.question_ids)
            and invitation.state == "sent"
            and (not self.deadline or self.deadline >= fields.Datetime.now())
        )

    def _get_invitations(self):
        # The customer who answers has no rights on the ledger.
        return (
            self.env["aftersales.survey.invitation"]
            .sudo()
            .search([("user_input_id", "in", self.ids)])
        )

    def _make_anonymous(self):
        """Keep of an anonymous answer the month only: the ledger knows the day."""
        if self.is_aftersales_anonymous:
            month = fields.Datetime.now().replace(
                day=1, hour=0, minute=0, second=0, microsecond=0
            )
            self.write(
                {
                    "start_datetime": month,
                    "end_datetime": month,
                    "aftersales_ballot": randbelow(2**30),
                }
            )

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
            return {
                "has_ces": True,
                "ces_score": score,
                "ces_on_seven": on_seven(score, question.scale_min, question.scale_max),
            }
        return {
            "has_csat": True,
            "csat_score": score,
            "is_satisfied": is_satisfied(score, question.scale_min, question.scale_max),
        }

    def _close_invitations(self):
        self._get_invitations()._action_answer()

    # -- after a good answer

    def _get_thanks(self):
        """What the page of thanks offers: {"sites": [...], "testimonial": bool}."""
        self.ensure_one()
        # Whoever holds the link may not read rules and review sites.
        rule = self.sudo().aftersales_rule_id
        if not self._is_good():
            return {"sites": [], "testimonial": False}
        company = self.aftersales_company_id
        sites = self.env["aftersales.review.site"].sudo()
        if rule.asks_for_review:
            sites = sites.search([("company_id", "in", [False, company.id])])
        return {"sites": sites, "testimonial": rule.asks_for_testimonial}

    def _is_good(self):
        """Whether all that was scored is good: a promoter, a satisfied customer."""
        self.ensure_one()
        scored = self.has_csat or self.nps_group
        return bool(
            scored
            and (not self.has_csat or self.is_satisfied)
            and self.nps_group in (False, "promoter")
        )
