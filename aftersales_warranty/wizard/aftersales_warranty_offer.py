# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import Command, api, fields, models


class AftersalesWarrantyOffer(models.TransientModel):
    _name = "aftersales.warranty.offer"
    _description = "Offer Extended Warranties"

    order_id = fields.Many2one("sale.order", required=True)
    line_ids = fields.One2many(
        "aftersales.warranty.offer.line",
        "offer_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("order_id")
    def _compute_line_ids(self):
        for offer in self:
            offer.line_ids = [
                Command.create(
                    {
                        "sale_line_id": line.id,
                        "product_id": service.product_variant_id.id,
                        "quantity": line.product_uom_qty,
                    }
                )
                for line, service in offer.order_id._get_aftersales_offers()
            ]

    def action_confirm(self):
        """Put the chosen warranties on the order, each beside its product."""
        self.ensure_one()
        self.order_id.check_access("write")
        self.order_id.order_line = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "linked_line_id": line.sale_line_id.id,
                    "product_uom_qty": line.quantity,
                    "sequence": line.sale_line_id.sequence,
                }
            )
            for line in self.line_ids.filtered("is_chosen")
        ]
        return {"type": "ir.actions.act_window_close"}


class AftersalesWarrantyOfferLine(models.TransientModel):
    _name = "aftersales.warranty.offer.line"
    _description = "Extended Warranty Offered"

    offer_id = fields.Many2one(
        "aftersales.warranty.offer", required=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one("sale.order.line", string="For", required=True)
    main_product_id = fields.Many2one(
        related="sale_line_id.product_id", string="Product"
    )
    product_id = fields.Many2one("product.product", string="Warranty", required=True)
    currency_id = fields.Many2one(related="sale_line_id.currency_id")
    price_unit = fields.Monetary(string="Price", compute="_compute_price_unit")
    quantity = fields.Float(digits="Product Unit", default=1.0)
    is_chosen = fields.Boolean(string="Add", default=True)

    @api.depends("sale_line_id", "product_id", "quantity")
    def _compute_price_unit(self):
        """What it is going to cost on the order: a fixed price, or a percentage."""
        for offer in self:
            line = self.env["sale.order.line"].new(
                {
                    "order_id": offer.sale_line_id.order_id.id,
                    "product_id": offer.product_id.id,
                    "product_uom_qty": offer.quantity,
                    "linked_line_id": offer.sale_line_id.id,
                }
            )
            offer.price_unit = line.price_unit
