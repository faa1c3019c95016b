# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules.contract import PERIOD_MONTHS, billing_periods
from .aftersales_contract_period import WAITING_STATES


class AftersalesContract(models.Model):
    """Billed with the order that sold it, period by period, as draft invoices."""

    _inherit = "aftersales.contract"

    period_ids = fields.One2many(
        "aftersales.contract.period", "contract_id", string="Billing", readonly=True
    )
    has_due = fields.Boolean(compute="_compute_next_invoice_date")
    next_invoice_date = fields.Date(
        string="Next Invoice", compute="_compute_next_invoice_date"
    )

    @api.depends("period_ids.state", "period_ids.date_from", "sale_line_id.state")
    def _compute_next_invoice_date(self):
        for contract in self:
            # When they are billed is no secret for whoever sees the contract.
            waiting = contract.sudo().period_ids.filtered(
                lambda period: period.state in WAITING_STATES
                and period.contract_id.sale_line_id.state == "sale"
            )
            first = min(waiting.mapped("date_from"), default=False)
            contract.next_invoice_date = first
            contract.has_due = (
                bool(first) and first <= contract.company_id._aftersales_today()
            )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_end", "state"}:
            # The plan follows the dates, whoever may change them.
            self.sudo()._sync_periods()
        return result

    def _was_used(self):
        settled = self.period_ids.filtered(
            lambda period: period.state not in WAITING_STATES
        )
        return bool(settled) or super()._was_used()

    def _follow_sale(self):
        result = super()._follow_sale()
        self._sync_periods()
        return result

    def _sync_periods(self):
        """Plan the periods of each contract anew; what was billed stays as it is."""
        sold = self.filtered(lambda one: one.sale_line_id and one.state != "draft")
        vals_list = []
        for contract in sold:
            wanted = contract._get_periods()
            kept = {}
            for period in contract.period_ids:
                key = period.date_from, period.date_to, period.quantity
                if period.state not in WAITING_STATES or key in wanted:
                    kept[key] = period
            stale = contract.period_ids - contract.period_ids.browse().union(
                *kept.values()
            )
            stale.unlink()
            vals_list += [
                {
                    "contract_id": contract.id,
                    "date_from": first,
                    "date_to": last,
                    "quantity": quantity,
                }
                for first, last, quantity in wanted
                if (first, last, quantity) not in kept
            ]
        self.env["aftersales.contract.period"].create(vals_list)

    def _get_periods(self):
        """List (first day, last day, quantity) of what is still to be billed.

        Nothing is of a contract that never began, nor of an order that is cancelled.
        """
        self.ensure_one()
        has_begun = self.date_start and (self.state != "cancelled" or self.cancel_date)
        if not has_begun or self.sale_line_id.state != "sale":
            return []
        # What was credited is not billed again, as long as nobody asks for it.
        settled = self.period_ids.filtered(
            lambda period: period.state not in WAITING_STATES
        )
        end = self.date_end
        if self.state == "cancelled":
            # What had begun is owed.
            end = min(self.cancel_date, end)
        months = PERIOD_MONTHS.get(self.invoice_period)
        if months:
            done = set(settled.mapped("date_from"))
            return [
                (first, min(last, self.date_end), 1.0)
                for first, last in billing_periods(self.date_start, end, months)
                if first not in done
            ]
        rest = self.sale_line_id.product_uom_qty - sum(settled.mapped("quantity"))
        start = max(settled.mapped("date_to"), default=None)
        first = start + timedelta(days=1) if start else self.date_start
        if rest <= 0 or first > end:
            return []
        return [(first, self.date_end, rest)]

    @api.constrains("date_end", "date_start")
    def _check_billed(self):
        for contract in self:
            # Compared, whoever may read what was billed.
            billed = contract.sudo().period_ids.filtered(lambda p: p.state == "billed")
            last = max(billed.mapped("date_from"), default=None)
            is_cut = last and contract.date_end and contract.date_end < last
            if is_cut or contract._is_overbilled(billed):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is billed until %(day)s: credit that invoice "
                        "first.",
                        contract=contract.name,
                        day=format_date(self.env, max(billed.mapped("date_to"))),
                    )
                )

    def _is_overbilled(self, billed):
        """Whether more of a term that is billed at once was billed than is sold now."""
        self.ensure_one()
        # As above.
        line = self.sudo().sale_line_id
        return (
            line.state == "sale"
            and not PERIOD_MONTHS.get(self.invoice_period)
            and line.product_uom_id.compare(
                sum(billed.mapped("quantity")), line.product_uom_qty
            )
            > 0
        )

    # -- bill

    @api.model
    def _get_due_periods_domain(self):
        # What is left of a contract whose order was cancelled is billed by nobody.
        return (
            Domain("state", "in", WAITING_STATES)
            & Domain("contract_id.sale_line_id.state", "=", "sale")
            & self._get_dates_domain(lambda today: [("date_from", "<=", today)])
        )

    @api.model
    def _cron_bill(self, batch_size=200):
        """Make the draft invoices of the periods that have begun."""
        domain = Domain("period_ids", "any", self._get_due_periods_domain())
        self._work_off(domain, lambda contract: contract._bill(), batch_size)

    def action_bill(self):
        """Make the draft invoice of what is due now.

        :raises UserError: when nothing is
        """
        self._ensure_may_bill()
        # Drafts from the order: whoever bills contracts need not be allowed to sell.
        invoices = self.sudo()._bill()
        if not invoices:
            raise UserError(
                self.env._("Nothing is due: what has begun is billed already.")
            )
        return invoices.with_env(self.env)._get_records_action(
            name=self.env._("Invoices")
        )

    def _ensure_may_bill(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            self._ensure_is_manager()

    def _bill(self):
        """Bill what is due, contracts with their order; nothing else of the order.

        :return: the draft invoices
        """
        invoices = self.env["account.move"]
        self._take_turn()
        self._mark_due()
        due = self._get_due_periods().contract_id
        due._ask_where_empty()
        for order, contracts in due.grouped("sale_order_id").items():
            order = order.with_company(order.company_id).with_context(
                aftersales_bill_lines=contracts.sale_line_id.ids,
                # Hundreds a night: who is in charge sees them among the drafts.
                mail_auto_subscribe_no_notify=True,
            )
            invoices |= order._create_invoices()
        return invoices

    def _mark_due(self):
        """Note which periods have begun."""
        self.invalidate_recordset(["period_ids"])
        self.period_ids.invalidate_recordset()
        for contract in self:
            today = contract.company_id._aftersales_today()
            begun = contract.period_ids.filtered(
                lambda period, today=today: not period.is_due
                and period.date_from <= today
            )
            begun.write({"is_due": True})

    def _get_due_periods(self):
        return self.period_ids.filtered(lambda period: period.state == "due")

    def _link_billed(self, moves):
        """Note which lines of new invoices bill what was due."""
        for line in moves.invoice_line_ids:
            for contract in line.sale_line_ids.aftersales_contract_ids & self:
                contract._get_due_periods().write({"invoice_line_id": line.id})


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        # What is due of a contract is billed once, whoever makes the invoice.
        contracts = self.sudo().order_line.aftersales_contract_ids
        contracts._take_turn()
        contracts._mark_due()
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        contracts._link_billed(moves.sudo())
        return moves

    def _force_lines_to_invoice_policy_order(self):
        """Contracts of an order that is paid at once are billed by their periods too.

        The core invoices all that was ordered then; so they would be billed twice.
        """
        # Whoever pays an order need not see its contracts.
        contracts = self.sudo().order_line.aftersales_contract_ids
        contracts._take_turn()
        contracts._mark_due()
        due = {
            line: line.qty_to_invoice
            for line in self.order_line._get_aftersales_contract_lines()
        }
        result = super()._force_lines_to_invoice_policy_order()
        for line, quantity in due.items():
            line.qty_to_invoice = quantity
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends(
        "aftersales_contract_ids.period_ids.state",
        "aftersales_contract_ids.period_ids.quantity",
    )
    def _compute_qty_to_invoice(self):
        """A contract is billed by its periods, when they are due."""
        sold = self._get_aftersales_contract_lines()
        result = super(SaleOrderLine, self - sold)._compute_qty_to_invoice()
        for line in sold:
            # Counted, whoever may see the contract.
            periods = line.sudo().aftersales_contract_ids._get_due_periods()
            is_sold = line.state == "sale"
            line.qty_to_invoice = sum(periods.mapped("quantity")) if is_sold else 0.0
        return result

    def _prepare_invoice_line(self, **optional_values):
        """Say which days a line of a contract bills."""
        values = super()._prepare_invoice_line(**optional_values)
        # As above.
        periods = self.sudo().aftersales_contract_ids._get_due_periods()
        if periods:
            contract = periods.contract_id
            values["price_unit"] = contract._get_billed_price(periods)
            first = min(periods.mapped("date_from"))
            last = max(periods.mapped("date_to"))
            text = self.env._(
                "%(contract)s: from %(first)s to %(last)s",
                contract=contract.name,
                first=format_date(self.env, first),
                last=format_date(self.env, last),
            )
            values["name"] = f"{values['name']}\n{text}"
            account = contract.analytic_account_id
            if account and not values.get("analytic_distribution"):
                values["analytic_distribution"] = {str(account.id): 100}
        return values
