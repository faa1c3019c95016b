# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models, tools
from odoo.tools import SQL


class AftersalesWarrantyCost(models.Model):
    """What warranties were given and cost: a row for each unit, claim and repair."""

    _name = "aftersales.warranty.cost"
    _description = "Cost of Warranty"
    _auto = False
    _rec_name = "policy_id"
    _order = "date desc"

    date = fields.Date(readonly=True)
    policy_id = fields.Many2one("aftersales.warranty.policy", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["aftersales.warranty.policy"]
        ._fields["kind"]
        .selection,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    lot_id = fields.Many2one("stock.lot", string="Serial/Lot", readonly=True)
    cause_id = fields.Many2one("aftersales.cause", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    sold = fields.Float(string="Units Sold", readonly=True)
    claims = fields.Integer(readonly=True)
    cost = fields.Monetary(readonly=True)
    recovered = fields.Monetary(string="Claimed from Supplier", readonly=True)
    claim_rate = fields.Float(
        string="Claims per 100 Units",
        aggregator="avg",
        readonly=True,
        digits=(16, 1),
        help="Of all units of the product sold under the policy.",
    )
    unit_cost = fields.Float(
        string="Cost per Unit Sold",
        aggregator="avg",
        readonly=True,
        digits=(16, 2),
        help="Of all units of the product sold under the policy.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its sums, not the average of its rows.

        Where nothing was sold, as for one cause, it is the rate of its products.
        """
        summed = {"claim_rate:avg": ("claims", 100.0), "unit_cost:avg": ("cost", 1.0)}
        plain = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in summed:
            return plain
        name, factor = summed[aggregate_spec]
        return SQL(
            "COALESCE(%s * SUM(%s) / NULLIF(SUM(%s), 0), %s)",
            factor,
            self._field_to_sql(self._table, name, query),
            self._field_to_sql(self._table, "sold", query),
            plain,
        )

    def init(self):
        """Certificates give the units; claim lines and repairs without one the cost."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                """
                CREATE VIEW %s AS
                WITH facts AS (
                    SELECT 3 * warranty.id AS id, warranty.date_start AS date,
                        warranty.policy_id, warranty.kind, warranty.company_id,
                        warranty.product_id, warranty.lot_id, NULL::int AS cause_id,
                        asset.quantity AS sold, 0 AS claims, 0.0 AS cost,
                        0.0 AS recovered
                    FROM aftersales_warranty warranty
                    JOIN aftersales_asset asset ON asset.id = warranty.asset_id
                    WHERE warranty.state IN ('active', 'expired')
                    UNION ALL
                    SELECT 3 * line.id + 1, claim.date::date, warranty.policy_id,
                        warranty.kind, line.company_id, warranty.product_id,
                        warranty.lot_id, line.cause_id, 0, 1, COALESCE(line.cost, 0),
                        COALESCE((
                            SELECT SUM(theirs.amount)
                            FROM aftersales_supplier_claim_line theirs
                            WHERE theirs.claim_line_id = line.id
                        ), 0)
                    FROM aftersales_claim_line line
                    JOIN aftersales_claim claim ON claim.id = line.claim_id
                    JOIN aftersales_warranty warranty ON warranty.id = line.warranty_id
                    WHERE line.coverage IN ('covered', 'partial')
                        AND line.state != 'cancelled'
                    UNION ALL
                    SELECT 3 * repair.id + 2, repair.create_date::date,
                        warranty.policy_id, warranty.kind, repair.company_id,
                        warranty.product_id, warranty.lot_id, repair.cause_id, 0, 1,
                        COALESCE(repair.total_cost, 0),
                        COALESCE((
                            SELECT SUM(theirs.amount)
                            FROM aftersales_supplier_claim_line theirs
                            JOIN stock_move part ON part.id = theirs.move_id
                            WHERE part.repair_id = repair.id
                        ), 0)
                    FROM repair_order repair
                    JOIN aftersales_warranty warranty
                        ON warranty.id = repair.warranty_id
                    WHERE repair.claim_line_id IS NULL AND repair.state != 'cancel'
                ), rates AS (
                    SELECT policy_id, product_id, company_id,
                        100 * SUM(claims) / NULLIF(SUM(sold), 0) AS claim_rate,
                        SUM(cost) / NULLIF(SUM(sold), 0) AS unit_cost
                    FROM facts GROUP BY policy_id, product_id, company_id
                )
                SELECT facts.*, template.categ_id, seller.partner_id,
                    rates.claim_rate, rates.unit_cost
                FROM facts
                JOIN rates USING (policy_id, product_id, company_id)
                JOIN product_product product ON product.id = facts.product_id
                JOIN product_template template
                    ON template.id = product.product_tmpl_id
                LEFT JOIN LATERAL (
                    SELECT partner_id FROM product_supplierinfo info
                    WHERE info.product_tmpl_id = template.id
                    ORDER BY info.sequence, info.id LIMIT 1
                ) seller ON TRUE
                """,
                SQL.identifier(self._table),
            )
        )
