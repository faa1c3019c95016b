# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.fields import Domain

from ..rules.claimed_quantity import FINAL_REMEDIES


class StockMove(models.Model):
    _inherit = "stock.move"

    aftersales_claim_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id", string="Claim"
    )
    aftersales_type_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id.type_id", string="Claim Type"
    )
    aftersales_cause_id = fields.Many2one(
        related="aftersales_claim_line_id.cause_id", string="Cause of Failure"
    )
    aftersales_is_exchange = fields.Boolean(
        string="Comes Back in Exchange",
        readonly=True,
        copy=False,
        help="Something was given free for these goods: their value lowers its cost.",
    )
    aftersales_request_key = fields.Char(readonly=True, copy=False)

    _aftersales_requested_once = models.UniqueIndex(
        "(aftersales_request_key) "
        "WHERE aftersales_request_key IS NOT NULL AND state != 'cancel'",
        "This was asked for already.",
    )

    def _prepare_move_split_vals(self, qty):
        values = super()._prepare_move_split_vals(qty)
        values.update(
            aftersales_claim_line_id=self.aftersales_claim_line_id.id,
            aftersales_is_exchange=self.aftersales_is_exchange,
        )
        return values

    def _prepare_merge_moves_distinct_fields(self):
        names = super()._prepare_merge_moves_distinct_fields()
        return [*names, "aftersales_claim_line_id", "aftersales_is_exchange"]

    # -- what a move is to its claim line

    def _is_aftersales_return(self):
        """Whether the move takes goods of a claim line back from the customer."""
        self.ensure_one()
        return (
            self.location_id.usage == "customer"
            and self.location_dest_id.usage != "customer"
        )

    def _is_aftersales_send_back(self):
        """Whether the move gives the customer again what had come back."""
        self.ensure_one()
        return bool(
            self.location_dest_id.usage == "customer"
            and self.origin_returned_move_id.location_id.usage == "customer"
        )

    def _get_aftersales_quantity(self):
        """The quantity in the product's unit: what was done, else what is asked."""
        self.ensure_one()
        if self.state == "done":
            return self.product_uom._compute_quantity(
                self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
            )
        return self.product_qty

    def _set_aftersales_lot(self, lot):
        """Take `lot` and no other of the serials that the delivery had."""
        self.ensure_one()
        if not lot or self.state in ("done", "cancel"):
            return
        quantity = self.product_qty
        self.move_line_ids.unlink()
        values = self._prepare_move_line_vals(quantity=quantity)
        self.env["stock.move.line"].create({**values, "lot_id": lot.id})

    # -- what follows for claim lines

    def _follow_aftersales_lines(self):
        """Let the claim lines follow what was moved, once the assets have."""
        self._follow_aftersales_returns()
        # Whoever moves stock need not have after-sales rights: the lines only follow.
        self.sudo().aftersales_claim_line_id._sync_with_documents()

    def _action_cancel(self):
        result = super()._action_cancel()
        # Whoever moves stock need not have after-sales rights: the lines only follow.
        self.sudo().aftersales_claim_line_id._sync_with_documents()
        return result

    def _follow_aftersales_returns(self):
        """Give returns made without the claim to the claim line that waits for them."""
        loose = self.filtered(
            lambda m: m.state == "done"
            and m.origin_returned_move_id
            and not m.aftersales_claim_line_id
            and m._is_aftersales_return()
        )
        if not loose:
            return
        # Whoever takes the goods in need not see the claims they belong to.
        lines = (
            self.env["aftersales.claim.line"]
            .sudo()
            .search(
                Domain("asset_id.move_id", "in", loose.origin_returned_move_id.ids)
                & Domain("remedy", "in", FINAL_REMEDIES)
                & Domain("state", "in", ("decided", "in_progress")),
                order="id",
            )
        )
        for move in loose:
            line = lines.filtered(lambda ln, m=move: ln._is_waiting_for(m))[:1]
            if line:
                line._adopt_return(move.sudo())
