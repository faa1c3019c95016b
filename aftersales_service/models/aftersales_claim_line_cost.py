# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .aftersales_claim_line import FIXED_FIELDS

#: Whoever adds a part adds its field here, stored and computed.
COST_FIELDS = [
    "parts_cost",
    "labour_cost",
    "transport_cost",
    "refund_cost",
    "replacement_cost",
    "voucher_cost",
]
FIXED_FIELDS.update(COST_FIELDS)


def _cost_field(compute, **kwargs):
    return fields.Monetary(
        compute=compute, store=True, currency_field="company_currency_id", **kwargs
    )


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    parts_cost = _cost_field("_compute_repair_costs", string="Cost of Parts")
    labour_cost = _cost_field("_compute_repair_costs", string="Cost of Labour")
    transport_cost = _cost_field(
        "_compute_transport_cost",
        string="Cost of Transport",
        help="Transport of the goods and travel to the customer.",
    )
    refund_cost = _cost_field(
        "_compute_refund_cost",
        string="Refunded",
        help="Posted credit notes before tax, less what was kept back.",
    )
    replacement_cost = _cost_field(
        "_compute_replacement_cost",
        string="Cost of Replacement",
        help="What was given free, at cost, less the value of what came back for it.",
    )
    voucher_cost = _cost_field(
        "_compute_voucher_cost",
        string="Cost of Compensation",
        help="Credits, payments and vouchers, once they are used.",
    )

    @api.depends("repair_ids.parts_cost", "repair_ids.labour_cost")
    def _compute_repair_costs(self):
        for line in self:
            line.parts_cost = sum(line.repair_ids.mapped("parts_cost"))
            line.labour_cost = sum(line.repair_ids.mapped("labour_cost"))

    @api.depends("repair_ids.transport_cost", "repair_ids.travel_cost")
    def _compute_transport_cost(self):
        for line in self:
            repairs = line.repair_ids
            line.transport_cost = sum(repairs.mapped("transport_cost")) + sum(
                repairs.mapped("travel_cost")
            )

    @api.depends("refund_line_ids.balance", "refund_line_ids.parent_state")
    def _compute_refund_cost(self):
        for line in self:
            posted = line.refund_line_ids.filtered(
                lambda ln: ln.parent_state == "posted"
                and ln.move_type == "out_refund"
                and not ln.aftersales_compensation_id
            )
            line.refund_cost = sum(posted.mapped("balance"))

    @api.depends("move_ids.state", "move_ids.value")
    def _compute_replacement_cost(self):
        for line in self:
            done = line.move_ids.filtered(lambda m: m.state == "done")
            line.replacement_cost = sum(m._get_aftersales_cost() for m in done)

    @api.depends("compensation_ids.cost")
    def _compute_voucher_cost(self):
        for line in self:
            line.voucher_cost = sum(line.compensation_ids.mapped("cost"))

    @api.depends(*COST_FIELDS)
    def _compute_cost(self):
        for line in self:
            line.cost = sum(line[name] for name in COST_FIELDS)

    def _get_analytic_account(self):
        """Where the cost is booked: by type, by category, else by company."""
        self.ensure_one()
        company = self.company_id
        claim_type = self.claim_id.type_id.with_company(company)
        category = self.product_id.categ_id.with_company(company)
        return (
            claim_type.analytic_account_id
            or category.aftersales_analytic_account_id
            or company.aftersales_analytic_account_id
        )
