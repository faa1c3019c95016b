# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Command

from ..rules import compensation


class AftersalesClaimLine(models.Model):
    """No more is refunded than was paid: discounts and earlier credits are left out."""

    _inherit = "aftersales.claim.line"

    def _deduct_from_refund(self, credit_note):
        """Complete a draft `credit_note` of goods by what the customer did not pay.

        :raises UserError: when more would be credited than was invoiced
        """
        self._deduct_discounts(credit_note)
        self._deduct_compensations(credit_note)
        credit_note.reversed_entry_id._ensure_aftersales_not_over_credited()

    # -- discounts on the whole invoice

    def _deduct_discounts(self, credit_note):
        """Take back the share of the invoice's discounts that the goods had."""
        commands = []
        for discount in credit_note.reversed_entry_id._get_aftersales_discounts():
            goods = discount._get_aftersales_discounted()
            total = discount._get_aftersales_gross()
            share = discount._get_aftersales_credited_share(goods, credit_note)
            for credit in credit_note.invoice_line_ids:
                if credit.aftersales_reversed_line_id not in goods:
                    continue
                before, share = share, share + credit._get_aftersales_share(goods)
                round_ = credit_note.currency_id.round
                # The parts of several refunds add up to the whole.
                amount = round_(total * share) - round_(total * before)
                commands.append(
                    Command.create(
                        self._prepare_discount_vals(discount, credit, amount)
                    )
                )
        credit_note.write({"invoice_line_ids": commands})

    def _prepare_discount_vals(self, discount, credit, amount):
        return {
            "account_id": discount.account_id.id,
            "aftersales_claim_line_id": credit.aftersales_claim_line_id.id,
            "analytic_distribution": discount.analytic_distribution,
            "name": discount.name,
            "price_unit": amount,
            "product_id": discount.product_id.id,
            "quantity": 1.0,
            "tax_ids": [Command.set(discount.tax_ids.ids)],
        }

    # -- compensations credited before

    def _deduct_compensations(self, credit_note):
        """Deduct what was credited before for the goods that are refunded now."""
        invoice = credit_note.reversed_entry_id
        given = invoice._get_aftersales_allowances()
        for credit in credit_note.invoice_line_ids:
            line = credit.aftersales_claim_line_id
            if credit.aftersales_reversed_line_id and credit.product_id == (
                line.product_id
            ):
                for allowance in given:
                    amount = line._get_deducted_amount(allowance, credit)
                    line._deduct_compensation(credit_note, allowance, amount)
        for allowance in given:
            line = credit_note.invoice_line_ids.aftersales_claim_line_id[:1]
            over = -invoice._get_aftersales_uncredited()
            line._deduct_compensation(credit_note, allowance, over)

    def _get_deducted_amount(self, allowance, credit):
        """How much of `allowance` was for what `credit` refunds, tax included."""
        self.ensure_one()
        compensated = allowance.aftersales_compensation_id.claim_line_id
        if not (compensated == self or self.asset_id & compensated.asset_id):
            return 0.0
        quantity = compensated._get_product_quantity()
        invoice_line = credit.aftersales_reversed_line_id
        return allowance.price_total * (
            compensation.deducted_quantity(
                credit._get_aftersales_quantity(),
                quantity,
                invoice_line._get_aftersales_uncredited_quantity(),
                compensated == self,
            )
            / quantity
        )

    def _deduct_compensation(self, credit_note, allowance, amount):
        """Take `amount`, tax included, of `allowance` off this line's refund."""
        currency = credit_note.currency_id
        amount = currency.round(
            min(
                amount,
                allowance._get_aftersales_undeducted(),
                credit_note.amount_total,
            )
        )
        if currency.compare_amounts(amount, 0) <= 0:
            return
        claim = allowance.aftersales_compensation_id.claim_id
        translated = self.with_context(lang=credit_note.partner_id.lang)
        values = allowance._prepare_aftersales_rebate(amount)
        values["extra_tax_data"] = self.env[
            "account.tax"
        ]._reverse_quantity_base_line_extra_tax_data(values["extra_tax_data"])
        credit_note.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            **values,
                            "account_id": allowance.account_id.id,
                            "aftersales_claim_line_id": self.id,
                            "aftersales_deducted_line_id": allowance.id,
                            "analytic_distribution": allowance.analytic_distribution,
                            "name": translated.env._(
                                "Credited before for %s", claim.name
                            ),
                            "quantity": -1.0,
                            "tax_ids": [Command.set(allowance.tax_ids.ids)],
                        }
                    )
                ]
            }
        )
