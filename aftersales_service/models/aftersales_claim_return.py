# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import float_repr, format_date


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    return_count = fields.Integer(compute="_compute_return_counts")
    refund_count = fields.Integer(compute="_compute_return_counts")
    to_inspect_count = fields.Integer(compute="_compute_return_counts")
    has_return = fields.Boolean(
        compute="_compute_return_counts",
        help="Goods are awaited or have come back for one of the lines.",
    )

    def _compute_return_counts(self):
        for claim in self:
            # Agents see neither transfers nor credit notes: numbers are all they get.
            # Lines in diagnosis, and those that need nothing but advice, have none.
            lines = claim.sudo().line_ids.filtered(
                lambda line: line.remedy and line.remedy != "assist"
            )
            claim.return_count = len(lines.move_ids.picking_id)
            claim.refund_count = len(lines.refund_ids)
            claim.to_inspect_count = len(lines._get_inspectable())
            claim.has_return = any(line.return_state != "none" for line in lines)

    def _get_awaited_goods(self):
        """What the customer is to send back, for the mail that tells how.

        :return: [{"product", "lot", "quantity", "unit", "due": texts}]
        """
        self.ensure_one()
        goods = []
        # The customer is told of their own goods.
        for move in self.sudo().line_ids.move_ids:
            if move.state in ("done", "cancel") or not move._is_aftersales_return():
                continue
            line = move.aftersales_claim_line_id
            quantity = move.product_qty
            digits = 0 if quantity == int(quantity) else 2
            product = line.product_id.with_context(display_default_code=False)
            goods.append(
                {
                    "product": product.display_name,
                    "lot": line.lot_id.name,
                    "quantity": float_repr(quantity, digits),
                    "unit": line.product_id.uom_id.name,
                    "due": line.return_due_date
                    and format_date(self.env, line.return_due_date),
                }
            )
        return goods

    def _get_return_address(self):
        """The address to which returned goods are sent, on several lines."""
        self.ensure_one()
        # Agents have no rights in stock; the warehouse's address is on every parcel.
        pickings = (
            self.sudo()
            .line_ids.move_ids.filtered(
                lambda m: m.state not in ("done", "cancel")
                and m._is_aftersales_return()
            )
            .picking_id
        )
        warehouse = pickings.picking_type_id.warehouse_id[:1]
        partner = warehouse.partner_id or self.company_id.sudo().partner_id
        address = partner._display_address()
        return "\n".join(filter(None, (part.strip() for part in address.split("\n"))))

    def _get_stock_reference(self):
        """What joins the claim's deliveries in one transfer."""
        self.ensure_one()
        references = self.line_ids.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        ).reference_ids.filtered(lambda r: r.name == self.name)
        return references[:1] or references.create({"name": self.name})

    def action_view_returns(self):
        """Open the transfers of the claimed goods."""
        self.check_access("read")
        return self.line_ids.move_ids.picking_id._get_records_action(
            name=self.env._("Transfers")
        )

    def action_view_refunds(self):
        """Open the credit notes of the claim."""
        self.check_access("read")
        return self.line_ids.action_view_refunds()

    def action_inspect(self):
        """Inspect what came back for these claims."""
        self._ensure_is_agent()
        return self.line_ids.action_inspect()
