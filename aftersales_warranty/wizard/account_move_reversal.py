# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        """What is billed in the place of an invoice bills the same periods."""
        wizard = self.with_context(aftersales_rebills=is_modify)
        action = super(AccountMoveReversal, wizard).reverse_moves(is_modify)
        if is_modify:
            # Whoever bills anew need not see contracts.
            self.env["aftersales.contract.period"].sudo()._follow_rebilled(
                self.move_ids, self.new_move_ids
            )
        return action
