# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class AftersalesCompensation(models.Model):
    """What each kind of compensation makes: drafts that accounting validates."""

    _inherit = "aftersales.compensation"

    def _grant_discount(self):
        """Nothing to be made: it waits for the customer's next order."""

    def _grant_credit(self):
        """A draft credit note of the amount, tax included, on what was invoiced."""
        line = self.claim_line_id
        invoice_line = line._get_credited_invoice_line()
        invoice = invoice_line.move_id
        invoice._ensure_aftersales_open()
        left = invoice._get_aftersales_left()
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s can't be credited: of %(invoice)s no more than "
                    "%(left)s is left.",
                    amount=self._format_amount(self.amount),
                    invoice=invoice.name,
                    left=self._format_amount(left),
                )
            )
        credit_note = line._make_allowance(invoice_line, self.amount)
        credit_line = credit_note.invoice_line_ids
        credit_line.write(
            {
                **invoice_line._prepare_aftersales_rebate(self.amount),
                **self._prepare_account_vals(),
                "name": self._get_document_text(),
            }
        )

    def _grant_payment(self):
        """A draft receipt for accounting to book and to pay.

        The core's document for money owed without an invoice: no tax, as nothing was
        sold for it.
        """
        receipt = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(self._prepare_receipt_vals())
        )
        receipt._ensure_aftersales_open()
        for move, origin in ((receipt, self.claim_id), (self.claim_id, receipt)):
            move.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": move, "origin": origin},
                subtype_xmlid="mail.mt_note",
            )
        user = self.company_id.aftersales_accounting_user_id
        if user:
            receipt.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.with_context(lang=user.lang).env._("Pay the customer"),
                user_id=user.id,
            )

    def _prepare_receipt_vals(self):
        today = self.company_id._aftersales_today()
        return {
            "move_type": "in_receipt",
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "date": today,
            "invoice_date": today,
            "ref": self.claim_id.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self._get_document_text(),
                        "quantity": 1.0,
                        "price_unit": self.amount,
                        "tax_ids": [Command.clear()],
                        "aftersales_claim_line_id": self.claim_line_id.id,
                        **self._prepare_account_vals(),
                    }
                )
            ],
        }

    def _prepare_account_vals(self):
        """Where it is booked: account, analytic account and what it is for."""
        values = {"aftersales_compensation_id": self.id}
        account = self.company_id.aftersales_compensation_account_id
        if account:
            values["account_id"] = account.id
        analytic = self.claim_line_id._get_analytic_account()
        if analytic:
            values["analytic_distribution"] = {str(analytic.id): 100}
        return values

    def _get_document_text(self):
        """What the customer reads on the document, in their language."""
        translated = self.with_context(lang=self.partner_id.lang)
        return translated.env._("Compensation for %s", self.claim_id.name)
