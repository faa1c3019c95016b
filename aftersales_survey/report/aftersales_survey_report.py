# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Means of answers: not shown for fewer answers than the minimum.
SCORES = {"nps", "csat_percent", "ces_score"}


class AftersalesSurveyReport(models.Model):
    """One row for every survey that was sent, with its scores when answered.

    A score that was not given is NULL here, so that means leave it out: the mean of
    `nps` is the Net Promoter Score, the mean of `csat_percent` the percentage of
    satisfied customers, the mean of `response_percent` the response rate.

    The scores of an anonymous answer stand in a row of their own, without customer,
    claim or day and under a number drawn for it; the row of its survey has none.
    """

    _name = "aftersales.survey.report"
    _description = "Satisfaction Report"
    _auto = False
    _order = "sent_date desc, id desc"

    name = fields.Char(string="About", readonly=True)
    rule_id = fields.Many2one("aftersales.survey.rule", readonly=True)
    survey_id = fields.Many2one("survey.survey", readonly=True)
    claim_id = fields.Many2one("aftersales.claim", readonly=True)
    repair_id = fields.Many2one("repair.order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Agent", readonly=True)
    technician_id = fields.Many2one("res.users", readonly=True)
    type_id = fields.Many2one("aftersales.type", readonly=True)
    channel_id = fields.Many2one("aftersales.channel", readonly=True)
    cause_id = fields.Many2one("aftersales.cause", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    sent_date = fields.Datetime(string="Sent On", readonly=True)
    answer_date = fields.Datetime(string="Answered On", readonly=True)
    state = fields.Selection(
        [("sent", "Sent"), ("answered", "Answered"), ("expired", "Expired")],
        readonly=True,
    )
    nps_group = fields.Selection(
        [
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
        ],
        string="NPS Group",
        readonly=True,
    )
    nps_score = fields.Integer(string="NPS Answer", readonly=True, aggregator=None)
    csat_score = fields.Integer(string="CSAT Answer", readonly=True, aggregator=None)
    has_csat = fields.Boolean(string="Satisfaction Answered", readonly=True)
    is_satisfied = fields.Boolean(string="Satisfied", readonly=True)
    feedback = fields.Text(string="Comment", readonly=True)
    is_anonymous = fields.Boolean(string="Anonymous", readonly=True)
    # The form tells who gave an anonymous answer: only figures are made from it.
    user_input_id = fields.Many2one(
        "survey.user_input",
        string="Answer Form",
        readonly=True,
        groups=fields.NO_ACCESS,
    )
    sent_count = fields.Integer(string="Surveys Sent", readonly=True)
    answer_count = fields.Integer(string="Answers", readonly=True)
    response_percent = fields.Float(
        string="Response Rate (%)", readonly=True, aggregator="avg"
    )
    nps = fields.Float(string="NPS", readonly=True, aggregator="avg")
    csat_percent = fields.Float(string="Satisfied (%)", readonly=True, aggregator="avg")
    ces_score = fields.Float(string="Ease (1 to 7)", readonly=True, aggregator="avg")

    def _read_group_select(self, aggregate_spec, query):
        """A score of fewer answers than the minimum is none, wherever it is asked."""
        expression = super()._read_group_select(aggregate_spec, query)
        name, _colon, function = aggregate_spec.partition(":")
        if name not in SCORES or function != "avg":
            return expression
        return SQL(
            "CASE WHEN COUNT(%s) >= %s THEN %s END",
            self._field_to_sql(self._table, name, query),
            self.env["aftersales.survey.rule"]._get_minimum_answers(),
            expression,
        )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT i.id * 2 AS id, i.name, i.rule_id, i.survey_id, i.claim_id,
                   i.repair_id, i.partner_id, i.company_id, i.team_id,
                   i.agent_id AS user_id, i.technician_id, i.type_id, i.channel_id,
                   i.cause_id, i.product_id, i.sent_date, i.answer_date, i.state,
                   i.feedback, FALSE AS is_anonymous, i.user_input_id,
                   1 AS sent_count,
                   (i.state = 'answered')::int AS answer_count,
                   100.0 * (i.state = 'answered')::int AS response_percent, %s
              FROM aftersales_survey_invitation i
             WHERE i.sent_date IS NOT NULL AND i.state != 'cancelled'
             UNION ALL
            SELECT i.aftersales_ballot * 2 + 1, NULL, i.aftersales_rule_id,
                   i.survey_id, NULL, NULL, NULL, i.aftersales_company_id, i.team_id,
                   NULL, NULL, i.type_id, i.channel_id,
                   i.cause_id, i.product_id, i.end_datetime, i.end_datetime, 'answered',
                   i.feedback, TRUE, i.id, NULL, NULL, NULL, %s
              FROM survey_user_input i
             WHERE i.is_aftersales_anonymous AND i.state = 'done'
            """,
            self._get_score_columns(),
            self._get_score_columns(),
        )

    def _get_score_columns(self):
        return SQL(
            """
            i.nps_group, i.has_csat, i.is_satisfied,
            CASE WHEN i.nps_group IS NOT NULL THEN i.nps_score END AS nps_score,
            CASE WHEN i.has_csat THEN i.csat_score END AS csat_score,
            CASE i.nps_group WHEN 'promoter' THEN 100.0
                             WHEN 'passive' THEN 0.0
                             WHEN 'detractor' THEN -100.0 END AS nps,
            CASE WHEN i.has_csat THEN 100.0 * i.is_satisfied::int END AS csat_percent,
            CASE WHEN i.has_ces THEN i.ces_on_seven END AS ces_score
            """
        )

    def action_create_improvement(self):
        """Make an improvement of what the answers have in common.

        :raises UserError: for answers given to different companies
        """
        self.check_access("read")
        if len(self.company_id) > 1:
            raise UserError(self.env._("Choose answers given to one company."))
        comments = [row.feedback for row in self if row.feedback]
        values = {"measure": "csat", "description": self._get_comment_list(comments)}
        for name in ("product_id", "cause_id", "type_id"):
            if len(self[name]) == 1 and all(row[name] for row in self):
                values[name] = self[name].id
        values["kind"] = "product" if values.get("product_id") else "process"
        return self.env["aftersales.improvement"]._propose(self.claim_id, **values)

    def _get_comment_list(self, comments):
        if not comments:
            return False
        items = Markup().join(Markup("<li>%s</li>") % text for text in comments)
        return Markup("<ul>%s</ul>") % items
