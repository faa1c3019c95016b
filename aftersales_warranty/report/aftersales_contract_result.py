# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models, tools
from odoo.tools import SQL


class AftersalesContractResult(models.Model):
    """What contracts brought and cost: a row for each invoice line and each job.

    Summed up for a contract it is what its form shows, see aftersales.contract.
    """

    _name = "aftersales.contract.result"
    _description = "Result of Contracts"
    _auto = False
    _rec_name = "contract_id"
    _order = "date desc, id"
    _depends = {
        "account.move.line": ["balance", "date", "parent_state", "sale_line_ids"],
        "aftersales.contract": [
            "commercial_partner_id",
            "company_id",
            "sale_line_id",
            "terms_id",
        ],
        "repair.order": ["contract_id", "done_date", "sale_order_id", "total_cost"],
        "sale.order.line": ["order_id", "product_id"],
    }

    date = fields.Date(readonly=True)
    contract_id = fields.Many2one("aftersales.contract", readonly=True)
    terms_id = fields.Many2one("aftersales.contract.terms", readonly=True)
    product_id = fields.Many2one(
        "product.product", string="Contract Product", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    jobs = fields.Integer(readonly=True)
    revenue = fields.Monetary(readonly=True)
    charged = fields.Monetary(string="Charged on Top", readonly=True)
    cost = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)

    def init(self):
        """Posted invoice lines of contracts and of their jobs, and the jobs' cost."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                """
                CREATE VIEW %s AS
                WITH jobs AS (
                    SELECT id, contract_id, sale_order_id,
                        COALESCE(done_date, schedule_date, create_date)::date AS date,
                        COALESCE(total_cost, 0) AS cost
                    FROM repair_order
                    WHERE contract_id IS NOT NULL
                       AND (state != 'cancel' OR worked_hours > 0)
                ), invoiced AS (
                    SELECT link.order_line_id, line.date, -line.balance AS amount
                    FROM account_move_line line
                    JOIN sale_order_line_invoice_rel link
                        ON link.invoice_line_id = line.id
                    WHERE line.parent_state = 'posted'
                ), facts AS (
                    SELECT contract.id AS contract_id, invoiced.date, 0 AS jobs,
                        invoiced.amount AS revenue, 0.0 AS charged, 0.0 AS cost
                    FROM aftersales_contract contract
                    JOIN invoiced ON invoiced.order_line_id = contract.sale_line_id
                    UNION ALL
                    SELECT contract.id, invoiced.date, 0, 0.0, invoiced.amount, 0.0
                    FROM (
                        SELECT DISTINCT contract_id, sale_order_id FROM jobs
                    ) charged
                    JOIN aftersales_contract contract
                        ON contract.id = charged.contract_id
                    JOIN sale_order_line line
                        ON line.order_id = charged.sale_order_id
                        AND line.id IS DISTINCT FROM contract.sale_line_id
                    JOIN invoiced ON invoiced.order_line_id = line.id
                    UNION ALL
                    SELECT contract_id, date, 1, 0.0, 0.0, cost FROM jobs
                )
                SELECT ROW_NUMBER() OVER () AS id, facts.*,
                    facts.revenue + facts.charged - facts.cost AS margin,
                    contract.terms_id, contract.company_id,
                    contract.commercial_partner_id AS partner_id, sold.product_id
                FROM facts
                JOIN aftersales_contract contract ON contract.id = facts.contract_id
                LEFT JOIN sale_order_line sold ON sold.id = contract.sale_line_id
                """,
                SQL.identifier(self._table),
            )
        )
