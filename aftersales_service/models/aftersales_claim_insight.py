# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.tools import SQL


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    hours_to_response = fields.Float(
        compute="_compute_hours_to_response",
        store=True,
        aggregator="avg",
        groups="base.group_user",
        help="From registering to the first message of staff, in clock hours.",
    )
    hours_to_close = fields.Float(
        compute="_compute_hours_to_close",
        store=True,
        aggregator="avg",
        groups="base.group_user",
        help="From registering to closing, in clock hours.",
    )
    missing_facts = fields.Char(
        compute="_compute_missing_facts",
        groups="base.group_user",
        help="What claims of this type need and this one lacks.",
    )
    partner_order_count = fields.Integer(
        string="Orders", compute="_compute_partner_counts", groups="base.group_user"
    )
    partner_open_claim_count = fields.Integer(
        string="Other Open Claims",
        compute="_compute_partner_counts",
        groups="base.group_user",
    )
    partner_repair_count = fields.Integer(
        string="Past Repairs",
        compute="_compute_partner_counts",
        groups="base.group_user",
    )

    partner_history = fields.Char(
        string="History", compute="_compute_partner_history", groups="base.group_user"
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Claims without an answer or an end have no hours to lower an average."""
        if aggregate_spec not in ("hours_to_response:avg", "hours_to_close:avg"):
            return super()._read_group_select(aggregate_spec, query)
        name = aggregate_spec.partition(":")[0]
        end = "close_date" if name == "hours_to_close" else "first_response_date"
        return SQL(
            "AVG(%s) FILTER (WHERE %s IS NOT NULL)",
            self._field_to_sql(self._table, name, query),
            self._field_to_sql(self._table, end, query),
        )

    @api.depends("date", "first_response_date")
    def _compute_hours_to_response(self):
        for claim in self:
            claim.hours_to_response = self._get_hours(
                claim.date, claim.first_response_date
            )

    @api.depends("date", "close_date")
    def _compute_hours_to_close(self):
        for claim in self:
            claim.hours_to_close = self._get_hours(claim.date, claim.close_date)

    @api.model
    def _get_hours(self, start, end):
        return (end - start).total_seconds() / 3600 if start and end else False

    @api.depends(
        "type_id", "line_ids.lot_id", "line_ids.asset_id", "message_attachment_count"
    )
    def _compute_missing_facts(self):
        for claim in self:
            needs, missing = claim.type_id, []
            if needs.require_photo and not claim.message_attachment_count:
                missing.append(self.env._("photos"))
            if needs.require_serial and not claim.line_ids.lot_id:
                missing.append(self.env._("serial number"))
            if needs.require_proof and not claim.line_ids.asset_id.sale_line_id:
                missing.append(self.env._("proof of purchase"))
            claim.missing_facts = ", ".join(missing)

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_partner_counts(self):
        for claim in self:
            family = claim.partner_id.commercial_partner_id
            mine = [("partner_id.commercial_partner_id", "=", family.id)]
            if not family:
                claim.partner_order_count = 0
                claim.partner_open_claim_count = 0
                claim.partner_repair_count = 0
                continue
            queries = (
                # How much a customer has bought is no secret to whoever serves them.
                self.env["sale.order"].sudo()._search([*mine, ("state", "=", "sale")]),
                self._search(self._get_open_domain() & fields.Domain(mine)),
                self.env["repair.order"]._search([*mine, ("state", "=", "done")]),
            )
            [(orders, claims, repairs)] = self.env.execute_query(
                SQL(
                    "SELECT %s",
                    SQL(", ").join(
                        SQL("(%s)", query.select(SQL("COUNT(*)"))) for query in queries
                    ),
                )
            )
            claim.partner_order_count = orders
            claim.partner_open_claim_count = claims - (
                claim.stage_category not in ("solved", "cancelled")
            )
            claim.partner_repair_count = repairs

    @api.depends(
        "partner_order_count", "partner_open_claim_count", "partner_repair_count"
    )
    @api.depends_context("lang", "uid")
    def _compute_partner_history(self):
        for claim in self:
            orders = claim.partner_order_count
            claims = claim.partner_open_claim_count
            repairs = claim.partner_repair_count
            parts = (
                self.env._("1 order")
                if orders == 1
                else self.env._("%s orders", orders),
                self.env._("1 other open claim")
                if claims == 1
                else self.env._("%s other open claims", claims),
                self.env._("1 repair")
                if repairs == 1
                else self.env._("%s repairs", repairs),
            )
            claim.partner_history = " · ".join(parts)
