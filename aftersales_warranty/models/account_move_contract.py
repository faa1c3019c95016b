# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from ..rules.contract import taken_back


class AccountMove(models.Model):
    """Invoices and credit notes of contracts."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        refunds = posted.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        )
        if refunds:
            # Whoever posts credit notes need not see contracts.
            self.env["aftersales.contract.period"].sudo()._tell_credited(refunds)
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        invoices = self.filtered(lambda move: move.move_type == "out_invoice").sudo()
        # Whoever books payments need not see contracts: they follow them.
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


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """What is billed in the place of an invoice bills the same periods."""
        action = super().reverse_moves(is_modify)
        if is_modify:
            # As in AccountMove.
            self.env["aftersales.contract.period"].sudo()._follow_rebilled(
                self.move_ids, self.new_move_ids
            )
        return action
