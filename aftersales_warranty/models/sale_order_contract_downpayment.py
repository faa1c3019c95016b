# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.tools import format_amount


class SaleOrder(models.Model):
    """Down payments are deducted from what is billed, period by period.

    The core takes them off the first final invoice as a whole: that of a single month
    would be a credit note.
    """

    _inherit = "sale.order"

    def _get_invoiceable_lines(self, final=False):
        lines = super()._get_invoiceable_lines(final)
        only = self.env.context.get("aftersales_bill_lines")
        if only:
            lines = lines.filtered(lambda line: line.id in only)
        # What is still to come is no secret for whoever bills the order.
        contracts = self.sudo().order_line.aftersales_contract_ids
        if not contracts or not (only or final):
            return lines
        billed = lines.filtered(lambda line: not line.is_downpayment)
        deductions = self._get_aftersales_deductions(
            billed,
            # A person sees what they deduct, as in the core.
            is_paid=bool(only),
            is_last=not only and not contracts._have_periods_to_come(),
        )
        lines = billed | self.env["sale.order.line"].browse(deductions)
        return lines.with_context(aftersales_deductions=deductions)

    def _get_aftersales_deductions(self, billed, is_paid, is_last):
        """Return {down payment line id: what `billed` lines take of it}.

        :param is_paid: whether down payments count only once they are posted
        :param is_last: whether all that is left is deducted, whatever is billed
        """
        self.ensure_one()
        due = {}
        for line in billed.filtered(lambda line: not line.display_type):
            amount = line._get_aftersales_price_to_bill() * line.qty_to_invoice
            key = line.tax_ids
            due[key] = due.get(key, 0.0) + self.currency_id.round(amount)
        deductions = {}
        for line in self.order_line.filtered(
            lambda line: line.is_downpayment and not line.display_type
        ):
            amount = left = line._get_aftersales_downpayment_left(is_paid)
            if not is_last:
                amount = min(left, due.get(line.tax_ids, 0.0))
            if self.currency_id.compare_amounts(amount, 0.0) > 0:
                deductions[line.id] = amount
                due[line.tax_ids] = due.get(line.tax_ids, 0.0) - amount
        return deductions


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_aftersales_price_to_bill(self):
        """The price of a unit that is to be invoiced, less its discount."""
        self.ensure_one()
        # Whoever bills the order need not see the contract.
        periods = self.sudo().aftersales_contract_ids._get_due_periods()
        contract = periods.contract_id
        price = contract._get_billed_price(periods) if periods else self.price_unit
        return price * (1 - self.discount / 100)

    def _get_aftersales_downpayment_left(self, is_paid=False):
        """What was not deducted yet of a down payment, with its price's taxes.

        :param is_paid: leave out what was invoiced but not posted
        """
        self.ensure_one()
        amounts = [
            (-line.move_id.direction_sign * line.quantity * line.price_unit, line)
            for line in self.invoice_lines
            if line.parent_state != "cancel"
        ]
        return self.currency_id.round(
            sum(
                amount
                for amount, line in amounts
                if not is_paid or amount < 0 or line.parent_state == "posted"
            )
        )

    def _prepare_qty_invoiced(self):
        """A down payment of which a part was deducted can be deducted still."""
        quantities = super()._prepare_qty_invoiced()
        for line in self.filtered(
            lambda line: line.is_downpayment
            and line.invoice_lines
            # Counted, whoever may see contracts.
            and line.sudo().order_id.order_line.aftersales_contract_ids
        ):
            has_some = line._get_aftersales_downpayment_left() > 0
            quantities[line] = 1.0 if has_some else 0.0
        return quantities

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        amount = self.env.context.get("aftersales_deductions", {}).get(self.id)
        if amount and self.currency_id.compare_amounts(amount, self.price_unit):
            # The taxes that the core keeps are those of the whole.
            values.update(price_unit=amount, extra_tax_data=False)
        return values


class AftersalesContract(models.Model):
    _inherit = "aftersales.contract"

    def _post_cancel_hook(self):
        result = super()._post_cancel_hook()
        self._ask_for_paid_ahead()
        return result

    def _ask_for_paid_ahead(self):
        """What was paid ahead and is not used up is given back by a person."""
        for contract in self:
            # Only the sum is told to who is in charge.
            order = contract.sudo().sale_order_id
            advances = order.order_line.filtered(
                lambda line: line.is_downpayment and not line.display_type
            )
            left = sum(
                line._get_aftersales_downpayment_left(is_paid=True) for line in advances
            )
            user = contract.user_id.filtered("active")
            if user and left > 0:
                env = contract.with_context(lang=user.lang).env
                contract.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=env._(
                        "Paid ahead and not used up: %(amount)s on %(order)s",
                        amount=format_amount(env, left, order.currency_id),
                        order=order.name,
                    ),
                    user_id=user.id,
                )

    def _have_periods_to_come(self):
        """Whether some of what they bill has not begun.

        A contract that waits for its products has no periods yet.
        """
        return any(one.state == "draft" for one in self) or any(
            period.state == "planned" for period in self.period_ids
        )
