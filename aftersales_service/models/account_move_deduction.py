# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class AccountMove(models.Model):
    """What was paid of an invoice, and what of it was credited."""

    _inherit = "account.move"

    def _get_aftersales_discounts(self):
        """Lines of the invoice that take something off the others."""
        self.ensure_one()
        return self.invoice_line_ids.filtered(
            lambda ln: ln.display_type == "product"
            and not ln.is_downpayment
            and ln.currency_id.compare_amounts(ln.price_subtotal, 0) < 0
        )

    def _get_aftersales_allowances(self):
        """Lines of credit notes that credit compensations of this invoice's goods."""
        self.ensure_one()
        notes = self.reversal_move_ids.filtered(lambda m: m.state != "cancel")
        return notes.invoice_line_ids.filtered(
            lambda ln: ln.aftersales_compensation_id.kind == "credit"
        )

    def _get_aftersales_uncredited(self):
        """What is not credited of all that was sold, tax included, drafts counted.

        What was paid on an earlier invoice, as a down payment, was sold as well.
        """
        self.ensure_one()
        prepaid = self.invoice_line_ids.filtered("is_downpayment")
        return self._get_aftersales_left() - sum(prepaid.mapped("price_total"))

    def _ensure_aftersales_not_over_credited(self):
        """Raise UserError when more is credited of the invoice than was sold on it."""
        self.ensure_one()
        notes = self.reversal_move_ids.filtered(lambda m: m.state != "cancel")
        # Each line of each note may have been rounded up.
        step = max(self.currency_id.rounding, self.invoice_cash_rounding_id.rounding)
        tolerance = step * len(notes.invoice_line_ids)
        over = -self._get_aftersales_uncredited()
        if over > tolerance:
            raise UserError(
                self.env._(
                    "%(amount)s more would be credited of %(invoice)s than it says: "
                    "look at its earlier credit notes.",
                    amount=format_amount(self.env, over, self.currency_id),
                    invoice=self.name,
                )
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_aftersales_gross(self):
        """What the line asks for, before or with tax, as its price is."""
        self.ensure_one()
        return self.quantity * self.price_unit * (1 - self.discount / 100)

    def _get_aftersales_discounted(self):
        """The lines of the invoice that this one takes something off."""
        self.ensure_one()
        sold = self.move_id.invoice_line_ids.filtered(
            lambda ln: ln.display_type == "product"
            and not ln.is_downpayment
            and ln.currency_id.compare_amounts(ln.price_subtotal, 0) > 0
        )
        # The core makes a discount for each tax.
        return sold.filtered(lambda ln: ln.tax_ids == self.tax_ids) or sold

    def _get_aftersales_paid_share(self):
        """Which share of the line's price the discounts of its invoice have left."""
        self.ensure_one()
        share = 1.0
        for discount in self.move_id._get_aftersales_discounts():
            goods = discount._get_aftersales_discounted()
            if self in goods:
                share += discount.price_subtotal / sum(goods.mapped("price_subtotal"))
        return share

    def _get_aftersales_share(self, goods):
        """Which share of `goods` on the invoice this line of a credit note credits."""
        self.ensure_one()
        origin = self.aftersales_reversed_line_id or goods.filtered(
            lambda ln: ln.sale_line_ids & self.sale_line_ids
        )
        origin = origin[:1]
        billed = origin._get_aftersales_quantity()
        if not billed:
            return 0.0
        part = origin.price_subtotal * self._get_aftersales_quantity() / billed
        return part / sum(goods.mapped("price_subtotal"))

    def _get_aftersales_credited_share(self, goods, credit_note):
        """Which share of `goods` is on other credit notes than `credit_note`."""
        credits = self.env["account.move.line"].union(
            *(line._get_aftersales_credits() for line in goods)
        )
        return sum(
            credit._get_aftersales_share(goods)
            for credit in credits.filtered(lambda ln: ln.move_id != credit_note)
        )

    def _get_aftersales_uncredited_quantity(self):
        """What is on no credit note of this invoice line, in the product's unit."""
        self.ensure_one()
        credits = self._get_aftersales_credits()
        return self._get_aftersales_quantity() - sum(
            credit._get_aftersales_quantity() for credit in credits
        )
