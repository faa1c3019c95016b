# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError

from ..rules.contract import taken_back


class AccountMove(models.Model):
    """Invoices and credit notes of contracts."""

    _inherit = "account.move"

    def _post(self, soft=True):
        invoices = self.filtered(
            lambda move: move.move_type == "out_refund"
        ).reversed_entry_id
        # Where another invoice is made in its place, all stays billed.
        if not invoices or self.env.context.get("aftersales_rebills"):
            return super()._post(soft=soft)
        # Whoever posts credit notes need not see contracts.
        periods = self.env["aftersales.contract.period"].sudo()
        before = periods._get_credited(invoices)
        posted = super()._post(soft=soft)
        (periods._get_credited(invoices) - before)._tell_credited()
        return posted

    def button_draft(self):
        self._ensure_not_billed_again()
        return super().button_draft()

    def _ensure_not_billed_again(self):
        """Raise UserError for a cancelled bill in whose place another was made."""
        cancelled = self.filtered(
            lambda move: move.state == "cancel"
            and move.move_type == "out_invoice"
            # What is charged on top of an invoice bills no period.
            and not ("debit_origin_id" in move._fields and move.debit_origin_id)
        )
        # Compared, whoever may see the contract.
        for line in cancelled.sudo().invoice_line_ids:
            contract = line.sale_line_ids.aftersales_contract_ids
            if contract and line not in contract.period_ids.invoice_line_id:
                raise UserError(
                    self.env._(
                        "What this invoice billed of %(contract)s was billed with "
                        "another one since: it stays cancelled.",
                        contract=contract[:1].name,
                    )
                )

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # Whoever books payments need not see contracts: they follow them.
        invoices = self.filtered(lambda move: move.move_type == "out_invoice").sudo()
        contracts = invoices.invoice_line_ids.sale_line_ids.aftersales_contract_ids
        contracts._follow_paid(invoices)
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_aftersales_taken_back(self):
        """How much of this line posted credit notes took back, in its unit."""
        self.ensure_one()
        refunds = self.move_id.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )
        lines = refunds.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids & self.sale_line_ids
        )
        return taken_back(
            (self.quantity, self.price_subtotal),
            [(line.quantity, line.price_subtotal) for line in lines],
        )
