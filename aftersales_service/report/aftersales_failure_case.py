# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models, tools
from odoo.tools import SQL


class AftersalesFailureCase(models.Model):
    """Every failure there was: what the shares rest on."""

    _name = "aftersales.failure.case"
    _description = "Failure"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"

    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    asset_id = fields.Many2one("aftersales.asset", readonly=True)
    claim_line_id = fields.Many2one("aftersales.claim.line", readonly=True)
    claim_id = fields.Many2one("aftersales.claim", readonly=True)
    repair_id = fields.Many2one("repair.order", readonly=True)
    symptom_id = fields.Many2one("aftersales.symptom", readonly=True)
    date = fields.Date(readonly=True)
    age_days = fields.Integer(string="Age (Days)", readonly=True, aggregator="avg")
    quantity = fields.Float(string="Units", readonly=True)

    def init(self):
        """A row for each claim line or repair about a product that broke by itself."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS %s", SQL.identifier(self._table), self._get_query())
        )

    def _get_query(self):
        """Repairs, replacements and refunds of what is broken; a repair once.

        A line with its repairs is one failure, a rework none of its own. What the
        carrier or the customer broke tells nothing of the product.
        """
        return SQL(
            """
            SELECT line.id * 2 AS id, asset.company_id, asset.product_id, asset.id
                   AS asset_id, line.id AS claim_line_id, line.claim_id,
                   NULL::integer AS repair_id, line.symptom_id,
                   claim.date::date AS date,
                   claim.date::date - asset.delivery_date AS age_days, line.quantity
              FROM aftersales_claim_line line
              JOIN aftersales_claim claim ON claim.id = line.claim_id
              JOIN aftersales_asset asset ON asset.id = line.asset_id
             WHERE line.state != 'cancelled'
               AND (line.remedy IN ('repair', 'replace')
                    OR line.remedy = 'refund' AND line.symptom_id IS NOT NULL)
               AND COALESCE(line.liability, '') NOT IN ('carrier', 'customer')
         UNION ALL
            SELECT repair.id * 2 + 1, asset.company_id, asset.product_id, asset.id,
                   NULL, NULL, repair.id, repair.symptom_id,
                   repair.create_date::date,
                   repair.create_date::date - asset.delivery_date, repair.product_qty
              FROM repair_order repair
              JOIN aftersales_asset asset ON asset.id = repair.asset_id
             WHERE repair.state = 'done' AND repair.service_kind = 'corrective'
               AND repair.claim_line_id IS NULL AND repair.rework_of_id IS NULL
            """
        )
