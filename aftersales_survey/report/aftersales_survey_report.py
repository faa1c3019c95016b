# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import SQL


class AftersalesSurveyReport(models.Model):
    """One row for every survey that was sent, with its scores when answered.

    A score that was not given is NULL here, so that means leave it out: the mean of
    `nps` is the Net Promoter Score, the mean of `csat_percent` the percentage of
    satisfied customers, the mean of `response_percent` the response rate.
    """

    _name = "aftersales.survey.report"
    _description = "Satisfaction Report"
    _auto = False
    _order = "sent_date desc"

    name = fields.Char(string="About", readonly=True)
    rule_id = fields.Many2one("aftersales.survey.rule", readonly=True)
    survey_id = fields.Many2one("survey.survey", readonly=True)
    claim_id = fields.Many2one("aftersales.claim", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Agent", readonly=True)
    type_id = fields.Many2one("aftersales.type", readonly=True)
    channel_id = fields.Many2one("aftersales.channel", readonly=True)
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
    answer_count = fields.Integer(string="Answers", readonly=True)
    response_percent = fields.Float(
        string="Response Rate (%)", readonly=True, aggregator="avg"
    )
    nps = fields.Float(string="NPS", readonly=True, aggregator="avg")
    csat_percent = fields.Float(string="Satisfied (%)", readonly=True, aggregator="avg")
    csat_score = fields.Float(string="Satisfaction", readonly=True, aggregator="avg")
    ces_score = fields.Float(string="Ease", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT i.id, i.name, i.rule_id, i.survey_id, i.claim_id, i.partner_id,
                   i.company_id, c.team_id, c.user_id, c.type_id, c.channel_id,
                   i.sent_date, i.answer_date, i.state, i.nps_group,
                   (i.state = 'answered')::int AS answer_count,
                   100.0 * (i.state = 'answered')::int AS response_percent,
                   CASE i.nps_group WHEN 'promoter' THEN 100.0
                                    WHEN 'passive' THEN 0.0
                                    WHEN 'detractor' THEN -100.0 END AS nps,
                   CASE WHEN i.has_csat THEN 100.0 * i.is_satisfied::int END
                       AS csat_percent,
                   CASE WHEN i.has_csat THEN i.csat_score::float END AS csat_score,
                   CASE WHEN i.has_ces THEN i.ces_score::float END AS ces_score
              FROM aftersales_survey_invitation i
              LEFT JOIN aftersales_claim c ON c.id = i.claim_id
             WHERE i.sent_date IS NOT NULL AND i.state != 'cancelled'
            """
        )
