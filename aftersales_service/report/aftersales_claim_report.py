# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..models.aftersales_cause import LIABILITIES
from ..models.aftersales_stage import STAGE_CATEGORIES

#: A claim about two products has two rows and still counts once in an average.
AVERAGES = {
    f"{name}:avg": name
    for name in ("hours_to_response", "hours_to_close", "first_contact_percent")
}


class AftersalesClaimReport(models.Model):
    _name = "aftersales.claim.report"
    _description = "Claims Analysis"
    _auto = False
    _rec_name = "claim_id"
    _order = "date desc"

    claim_id = fields.Many2one("aftersales.claim", readonly=True)
    date = fields.Datetime(string="Registered on", readonly=True)
    close_date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    team_id = fields.Many2one("aftersales.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Assigned to", readonly=True)
    type_id = fields.Many2one("aftersales.type", readonly=True)
    channel_id = fields.Many2one("aftersales.channel", readonly=True)
    stage_category = fields.Selection(STAGE_CATEGORIES, readonly=True)
    is_confidential = fields.Boolean(string="Confidential", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    symptom_id = fields.Many2one("aftersales.symptom", readonly=True)
    cause_id = fields.Many2one("aftersales.cause", readonly=True)
    liability = fields.Selection(LIABILITIES, readonly=True)
    coverage = fields.Selection(
        lambda self: self.env["aftersales.claim.line"]._fields["coverage"].selection,
        readonly=True,
    )
    remedy = fields.Selection(
        lambda self: self.env["aftersales.claim.line"]._fields["remedy"].selection,
        readonly=True,
    )
    claim_count = fields.Float(
        string="Claims",
        readonly=True,
        digits=(16, 1),
        help="A claim about two products counts half for each.",
    )
    quantity = fields.Float(string="Units", readonly=True)
    hours_to_response = fields.Float(readonly=True, aggregator="avg")
    hours_to_close = fields.Float(readonly=True, aggregator="avg")
    first_contact_percent = fields.Float(
        string="Solved at First Contact (%)", readonly=True, aggregator="avg"
    )
    reopen_count = fields.Float(string="Reopened", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    cost = fields.Monetary(readonly=True)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec not in AVERAGES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(value)s * %(weight)s)"
            " / NULLIF(SUM(%(weight)s) FILTER (WHERE %(value)s IS NOT NULL), 0)",
            value=self._field_to_sql(self._table, AVERAGES[aggregate_spec], query),
            weight=self._field_to_sql(self._table, "claim_count", query),
        )

    def init(self):
        """A row for each line, and one for a claim that has none."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                """
                CREATE VIEW %s AS
                SELECT
                    -- Lines and claims without lines share the ids: odd and even.
                    COALESCE(line.id * 2, claim.id * 2 + 1) AS id,
                    claim.id AS claim_id,
                    claim.date,
                    claim.close_date,
                    claim.company_id,
                    claim.partner_id,
                    claim.team_id,
                    claim.user_id,
                    claim.type_id,
                    claim.channel_id,
                    claim.stage_category,
                    claim.is_confidential,
                    line.product_id,
                    template.categ_id,
                    line.symptom_id,
                    line.cause_id,
                    line.liability,
                    line.coverage,
                    line.remedy,
                    1.0 / GREATEST(claim_lines.number, 1) AS claim_count,
                    line.quantity,
                    CASE WHEN claim.first_response_date IS NOT NULL
                        THEN claim.hours_to_response END AS hours_to_response,
                    CASE WHEN claim.close_date IS NOT NULL
                        THEN claim.hours_to_close END AS hours_to_close,
                    CASE WHEN claim.stage_category = 'solved'
                        THEN CASE WHEN claim.is_first_contact_resolved
                            THEN 100.0 ELSE 0.0 END
                    END AS first_contact_percent,
                    claim.reopen_count::float / GREATEST(claim_lines.number, 1)
                        AS reopen_count,
                    company.currency_id,
                    line.cost
                FROM aftersales_claim claim
                JOIN res_company company ON company.id = claim.company_id
                LEFT JOIN aftersales_claim_line line ON line.claim_id = claim.id
                LEFT JOIN product_product product ON product.id = line.product_id
                LEFT JOIN product_template template
                    ON template.id = product.product_tmpl_id
                LEFT JOIN (
                    SELECT claim_id, COUNT(*) AS number
                    FROM aftersales_claim_line GROUP BY claim_id
                ) claim_lines ON claim_lines.claim_id = claim.id
                WHERE claim.active
                """,
                SQL.identifier(self._table),
            )
        )
