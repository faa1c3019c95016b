# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

#: What a repair costs beside its parts and labour, as the coverage names it.
CHARGE_COMPONENTS = [("travel", "Travel"), ("transport", "Transport")]


class AftersalesRepairCharge(models.Model):
    _name = "aftersales.repair.charge"
    _description = "Travel and Transport of a Repair"
    _inherit = ["aftersales.repair.entry.mixin"]
    _order = "id"
    _check_company_auto = True

    _history_fields = frozenset({"repair_id", "quantity", "product_id"})
    # The discount of an order line follows from the charge it is linked with.
    _following_fields = frozenset({"component", "cost", "price", "sale_line_id"})

    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        check_company=True,
        domain=[("aftersales_charge", "!=", False)],
    )
    component = fields.Selection(related="product_id.aftersales_charge", store=True)
    name = fields.Char(string="Description")
    quantity = fields.Float(default=1.0, required=True)
    uom_id = fields.Many2one(related="product_id.uom_id")
    cost = fields.Monetary(compute="_compute_amounts", store=True)
    price = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="What it is worth before the warranty is taken off.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, copy=False, index="btree_not_null"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0 AND quantity < 1000000)",
        "Travel and transport are more than nothing.",
    )

    @api.depends("quantity", "product_id", "company_id")
    def _compute_amounts(self):
        for charge in self:
            # Technicians may not read costs: only the product of both is kept.
            product = charge.product_id.sudo().with_company(charge.company_id)
            charge.cost = charge.quantity * product.standard_price
            charge.price = charge.quantity * product.list_price

    @api.constrains("product_id")
    def _check_component(self):
        if self.filtered(lambda charge: not charge.component):
            raise ValidationError(
                self.env._("Choose a service that is travel or transport.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        charges = super().create(vals_list)
        charges.repair_id._sync_quote()
        return charges

    def write(self, vals):
        result = super().write(vals)
        if "quantity" in vals:
            # Whoever changes the charge changes what it is on the quotation.
            for charge in self.sudo().filtered("sale_line_id"):
                charge.sale_line_id.product_uom_qty = charge.quantity
        return result

    def unlink(self):
        # What is not charged any more is not quoted either, whoever takes it off.
        self.sudo().sale_line_id.write({"product_uom_qty": 0.0})
        return super().unlink()

    def _prepare_sale_line_vals(self):
        self.ensure_one()
        return {
            "order_id": self.repair_id.sale_order_id.id,
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "aftersales_charge_ids": [Command.link(self.id)],
        }
