# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesClaimLine(models.Model):
    """Goods that the warehouse took back before anybody had decided."""

    _inherit = "aftersales.claim.line"

    def _adopt_earlier_returns(self):
        """Take returns that were done since the problem was reported.

        Called as superuser for lines whose remedy has just been decided.

        :return: the lines of which something had come back
        """
        found = self.filtered(lambda line: line._get_earlier_returns())
        found._lock_documents()
        adopted = self.browse()
        for line in found:
            for move in line._get_earlier_returns().filtered(line._is_waiting_for):
                line._adopt_return(move)
                adopted |= line
        adopted._sync_with_documents()
        return adopted

    def _get_earlier_returns(self):
        """Done returns (stock.move) of the asset that belong to no claim yet."""
        self.ensure_one()
        return self.asset_id.move_id.returned_move_ids.filtered(
            lambda move: move.state == "done"
            and not move.aftersales_claim_line_id
            and move._is_aftersales_return()
            and move.date >= self.create_date
            and "done" not in move.returned_move_ids.mapped("state")
        )
