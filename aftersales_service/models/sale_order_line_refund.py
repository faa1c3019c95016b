# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _to_product_uom(self, quantity):
        return self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _get_aftersales_tolerance(self):
        """What the line's own unit can't tell of the product's unit."""
        uom, own = self.product_id.uom_id, self.product_uom_id
        if uom == own:
            return 0.0
        return own._compute_quantity(own.rounding, uom, round=False)

    def _get_aftersales_invoiced(self):
        """What is invoiced less what is credited, in the product's unit."""
        self.ensure_one()
        return self._to_product_uom(self.qty_invoiced)

    def _get_aftersales_kept(self):
        """What remains the customer's to pay, in the product's unit."""
        self.ensure_one()
        if self.product_id.invoice_policy == "order":
            return self._to_product_uom(self.product_uom_qty)
        kept = self._to_product_uom(self.qty_delivered)
        # Refused at the inspection: it is on its way to the customer again.
        going_back = self.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and m._is_aftersales_send_back()
        )
        return kept + self._sum_aftersales_goods(going_back)

    def _sum_aftersales_goods(self, moves):
        """How much of what was sold `moves` hold, in its unit. To be extended."""
        return sum(move._get_aftersales_quantity() for move in moves)

    def _get_aftersales_creditable(self):
        """Posted invoice lines and what is left of them, the oldest first.

        :return: [(account.move.line, quantity in the product's unit)]
        """
        self.ensure_one()
        invoiced = self.invoice_lines.filtered(
            lambda ln: ln.move_id.move_type == "out_invoice"
            and ln.parent_state == "posted"
            and ln.product_id == self.product_id
        )
        return [
            (line, line._get_aftersales_uncredited_quantity())
            for line in invoiced.sorted(lambda ln: (ln.date, ln.id))
        ]

    def _lower_for_aftersales(self, uom, quantity, claim):
        """Take what came back to be refunded off what was ordered.

        Where the ordered quantity is invoiced, it would be invoiced again otherwise;
        where the delivered quantity is, the return itself has lowered it.
        """
        self.ensure_one()
        if self.product_id.invoice_policy != "order":
            return
        lowered = self.product_uom_qty - uom._compute_quantity(
            quantity, self.product_uom_id, rounding_method="HALF-UP"
        )
        order = self.order_id
        was_locked = order.locked
        # Locked for people; what came back is not theirs to decide.
        order.locked = False
        self.product_uom_qty = max(lowered, 0.0)
        order.locked = was_locked
