# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models, tools
from odoo.tools import SQL


class AftersalesRepairReport(models.Model):
    _name = "aftersales.repair.report"
    _description = "Failure Patterns"
    _auto = False
    _rec_name = "repair_id"
    _order = "done_date desc"

    repair_id = fields.Many2one("repair.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    done_date = fields.Datetime(string="Done On", readonly=True)
    service_kind = fields.Selection(
        selection=lambda self: self._get_selection("service_kind"), readonly=True
    )
    service_mode = fields.Selection(
        selection=lambda self: self._get_selection("service_mode"), readonly=True
    )
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    asset_id = fields.Many2one("aftersales.asset", readonly=True)
    lot_id = fields.Many2one("stock.lot", string="Serial/Lot", readonly=True)
    supplier_id = fields.Many2one(
        "res.partner", readonly=True, help="The product's first supplier."
    )
    part_id = fields.Many2one(
        "product.product",
        string="Main Part",
        readonly=True,
        help="The most expensive part that was put in.",
    )
    symptom_id = fields.Many2one("aftersales.symptom", readonly=True)
    cause_id = fields.Many2one("aftersales.cause", readonly=True)
    liability = fields.Selection(
        selection=lambda self: self.env["aftersales.claim.line"]
        ._fields["liability"]
        ._description_selection(self.env),
        readonly=True,
    )
    age_days = fields.Integer(
        string="Age at Failure (Days)", readonly=True, aggregator="avg"
    )
    hours_to_repair = fields.Float(
        string="Mean Time to Repair (Hours)", readonly=True, aggregator="avg"
    )
    days_between = fields.Float(
        string="Mean Time between Failures (Days)", readonly=True, aggregator="avg"
    )
    worked_hours = fields.Float(readonly=True)
    total_cost = fields.Float(string="Cost", readonly=True)
    rework = fields.Integer(string="Reworks", readonly=True)

    def _get_selection(self, name):
        repairs = self.env["repair.order"]
        return repairs._fields[name]._description_selection(self.env)

    def init(self):
        """A row for each done repair."""
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS %s", SQL.identifier(self._table), self._get_query())
        )

    def _get_query(self):
        return SQL(
            """
            SELECT repair.id, repair.id AS repair_id, repair.company_id,
                   repair.done_date, repair.service_kind, repair.service_mode,
                   repair.user_id, repair.partner_id, repair.product_id,
                   template.categ_id, repair.asset_id, repair.lot_id,
                   repair.symptom_id, repair.cause_id,
                   COALESCE(line.liability, cause.liability) AS liability,
                   part.product_id AS part_id,
                   supplier.partner_id AS supplier_id,
                   repair.worked_hours, repair.total_cost,
                   CASE WHEN repair.rework_of_id IS NULL THEN 0 ELSE 1 END AS rework,
                   repair.create_date::date - asset.delivery_date AS age_days,
                   EXTRACT(EPOCH FROM repair.done_date - LEAST(repair.done_date,
                       COALESCE(repair.start_date, repair.create_date))) / 3600
                       AS hours_to_repair,
                   EXTRACT(EPOCH FROM repair.create_date
                       - COALESCE(previous.done_date, asset.delivery_date)) / 86400
                       AS days_between
              FROM repair_order repair
         LEFT JOIN product_product product ON product.id = repair.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN aftersales_claim_line line ON line.id = repair.claim_line_id
         LEFT JOIN aftersales_cause cause ON cause.id = repair.cause_id
         LEFT JOIN aftersales_asset asset ON asset.id = repair.asset_id
         LEFT JOIN LATERAL (
                   SELECT move.product_id FROM stock_move move
                    WHERE move.repair_id = repair.id AND move.state = 'done'
                      AND move.repair_line_type = 'add'
                 ORDER BY move.value DESC NULLS LAST, move.id LIMIT 1
                   ) part ON TRUE
         LEFT JOIN LATERAL (
                   SELECT info.partner_id FROM product_supplierinfo info
                    WHERE info.product_tmpl_id = product.product_tmpl_id
                 ORDER BY info.sequence, info.min_qty DESC, info.price, info.id LIMIT 1
                   ) supplier ON TRUE
         LEFT JOIN LATERAL (
                   SELECT earlier.done_date FROM repair_order earlier
                    WHERE earlier.asset_id = repair.asset_id
                      AND earlier.state = 'done'
                      AND earlier.service_kind = 'corrective'
                      AND earlier.done_date <= repair.create_date
                      AND earlier.id != repair.id
                 ORDER BY earlier.done_date DESC LIMIT 1
                   ) previous ON repair.service_kind = 'corrective'
             WHERE repair.state = 'done'
            """
        )
