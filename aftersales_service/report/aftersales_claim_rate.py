# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models, tools
from odoo.tools import SQL


class AftersalesClaimRate(models.Model):
    _name = "aftersales.claim.rate"
    _description = "Claims per Hundred Units Delivered"
    _auto = False
    _rec_name = "product_id"
    _order = "rate desc"

    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    delivered = fields.Float(string="Units Delivered", readonly=True)
    claimed = fields.Float(string="Units Claimed", readonly=True)
    rate = fields.Float(
        string="Claims per 100 Units", readonly=True, aggregator="avg", digits=(16, 1)
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The rate of several products is that of all their units together."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "claimed", query),
            self._field_to_sql(self._table, "delivered", query),
        )

    def init(self):
        """A row for each product and company that has been delivered."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                """
                CREATE VIEW %s AS
                SELECT
                    MIN(asset.id) AS id,
                    asset.product_id,
                    template.categ_id,
                    asset.company_id,
                    SUM(asset.delivered_quantity) AS delivered,
                    COALESCE(MIN(claims.quantity), 0) AS claimed,
                    100 * COALESCE(MIN(claims.quantity), 0)
                        / NULLIF(SUM(asset.delivered_quantity), 0) AS rate
                FROM aftersales_asset asset
                JOIN product_product product ON product.id = asset.product_id
                JOIN product_template template
                    ON template.id = product.product_tmpl_id
                LEFT JOIN (
                    SELECT product_id, company_id, SUM(quantity) AS quantity
                    FROM aftersales_claim_line
                    WHERE state != 'cancelled'
                    GROUP BY product_id, company_id
                ) claims ON claims.product_id = asset.product_id
                    AND claims.company_id = asset.company_id
                WHERE asset.move_id IS NOT NULL
                GROUP BY asset.product_id, template.categ_id, asset.company_id
                """,
                SQL.identifier(self._table),
            )
        )
