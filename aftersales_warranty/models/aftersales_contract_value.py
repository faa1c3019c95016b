# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain

COSTS = "aftersales_service.group_manager,account.group_account_invoice"


class AftersalesContractTerms(models.Model):
    _inherit = "aftersales.contract.terms"

    analytic_plan_id = fields.Many2one(
        "account.analytic.plan",
        help="Each contract that starts gets an analytic account of its own in this "
        "plan: its invoices and the parts it pays are booked there.",
    )


class AftersalesContract(models.Model):
    """What a contract brings, and what it costs."""

    _inherit = "aftersales.contract"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        index="btree_not_null",
        groups=COSTS,
        copy=False,
    )
    revenue = fields.Monetary(
        compute="_compute_value",
        groups=COSTS,
        help="Posted invoices of the contract, less credit notes, before tax.",
    )
    cost = fields.Monetary(
        compute="_compute_value",
        groups=COSTS,
        help="Parts, labour, travel and transport of the jobs under the contract.",
    )
    charged = fields.Monetary(
        string="Charged on Top",
        compute="_compute_value",
        groups=COSTS,
        help="Posted invoices of what these jobs took beyond the contract, before tax.",
    )
    margin = fields.Monetary(compute="_compute_value", groups=COSTS)

    def _compute_value(self):
        # Sums only: accountants see no repairs, after-sales managers no entries.
        contracts = self.sudo()
        repairs = self.env["repair.order"].sudo()
        costs, orders = {}, {}
        for contract, cost, sales in repairs._read_group(
            # What was worked before a job was cancelled has cost something.
            Domain("contract_id", "in", self.ids)
            & (Domain("state", "!=", "cancel") | Domain("worked_hours", ">", 0)),
            ["contract_id"],
            ["total_cost:sum", "sale_order_id:recordset"],
        ):
            costs[contract.id], orders[contract.id] = cost, sales
        lines = contracts.sale_line_id
        for sales in orders.values():
            lines |= sales.order_line
        invoiced = contracts._get_invoiced(lines)
        for contract in contracts:
            own = invoiced.get(contract.sale_line_id, 0.0)
            jobs = orders.get(contract.id, self.env["sale.order"]).order_line
            charged = sum(
                invoiced.get(line, 0.0) for line in jobs - contract.sale_line_id
            )
            cost = costs.get(contract.id, 0.0)
            contract.revenue, contract.charged, contract.cost = own, charged, cost
            contract.margin = own + charged - cost

    @api.model
    def _get_invoiced(self, lines):
        """Return {order line: what was invoiced of it, posted, in company currency}."""
        groups = self.env["account.move.line"]._read_group(
            [("sale_line_ids", "in", lines.ids), ("parent_state", "=", "posted")],
            ["sale_line_ids"],
            ["balance:sum"],
        )
        return {line: -balance for line, balance in groups}

    def _post_activate_hook(self):
        result = super()._post_activate_hook()
        for contract in self.filtered(
            lambda one: one.state == "active" and not one.analytic_account_id
        ):
            plan = contract.terms_id.analytic_plan_id
            if plan:
                contract.analytic_account_id = self.env[
                    "account.analytic.account"
                ].create(
                    {
                        "name": contract.name,
                        "plan_id": plan.id,
                        "partner_id": contract.partner_id.id,
                        "company_id": contract.company_id.id,
                    }
                )
        return result

    def action_view_invoices(self):
        """Open the invoices of the contract."""
        self.check_access("read")
        # Found for whoever may see the contract; read by their rights on invoices.
        invoices = self.sudo().sale_line_id.invoice_lines.move_id
        return invoices.with_env(self.env)._get_records_action(
            name=self.env._("Invoices")
        )
