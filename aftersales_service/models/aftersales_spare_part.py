# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain


class AftersalesSparePart(models.Model):
    _name = "aftersales.spare.part"
    _description = "Spare Part of a Product"
    _order = "product_tmpl_id, sequence, id"
    _check_company_auto = True

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", index=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
    )
    substitute_id = fields.Many2one(
        "product.product",
        check_company=True,
        index="btree_not_null",
        domain=[("type", "=", "consu")],
        help="Used when the part itself is not in stock.",
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    hours = fields.Float(
        string="Usual Hours", help="How long it takes to change this part."
    )
    is_wear = fields.Boolean(
        string="Wear Part", help="It wears out by use: usually not under warranty."
    )
    life_months = fields.Integer(
        string="Life (Months)", help="A wear part is changed after so many months."
    )
    counter_id = fields.Many2one(
        "aftersales.counter",
        string="Usage Counter",
        index="btree_not_null",
        check_company=True,
        help="What wears the part out.",
    )
    life_usage = fields.Float(
        string="Life (Usage)", help="A wear part is changed after so much use."
    )
    symptom_ids = fields.Many2many(
        "aftersales.symptom", help="Problems that this part usually solves."
    )
    available_until = fields.Date(
        compute="_compute_available_until",
        store=True,
        readonly=False,
        help="Until when the part can be got: years after the end of production.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0 AND quantity < 1000000 AND hours >= 0 AND hours < 1000)",
        "A part is used once at least, in no less than no time.",
    )
    _once = models.UniqueIndex(
        "(product_tmpl_id, product_id, COALESCE(company_id, 0))",
        "This part is in the product's list already.",
    )

    _life_positive = models.Constraint(
        "CHECK (life_months >= 0 AND life_months < 1200 "
        "AND life_usage >= 0 AND life_usage < 1e15)",
        "The life of a part lies between 0 (not known) and 100 years.",
    )

    @api.depends("product_tmpl_id.aftersales_end_of_production")
    def _compute_available_until(self):
        for part in self:
            end = part.product_tmpl_id.aftersales_end_of_production
            company = part.company_id or self.env.company
            years = company.aftersales_spare_part_years
            part.available_until = end and fields.Date.add(end, years=years)

    @api.constrains("product_tmpl_id", "product_id", "substitute_id")
    def _check_part(self):
        for part in self:
            if part.product_tmpl_id == part.product_id.product_tmpl_id:
                raise ValidationError(self.env._("A product is no part of itself."))
            if part.substitute_id == part.product_id:
                raise ValidationError(
                    self.env._("The substitute is the part itself: choose another.")
                )

    @api.model
    def _get_usual(self, product, symptom, company):
        """The parts that usually solve `symptom` of `product`."""
        if not symptom:
            return self.browse()
        return self.search(
            Domain("product_tmpl_id", "=", product.product_tmpl_id.id)
            & Domain("company_id", "in", [company.id, False])
            & Domain("symptom_ids", "in", symptom.ids)
        )

    def _is_available(self, day):
        self.ensure_one()
        return not self.available_until or self.available_until >= day

    def _get_product_to_use(self, warehouse):
        """The part, or its substitute while only that is in stock."""
        self.ensure_one()
        # Whoever plans a repair may know what there is.
        part = self.sudo().product_id.with_context(warehouse_id=warehouse.id)
        substitute = self.sudo().substitute_id.with_context(warehouse_id=warehouse.id)
        if substitute and part.free_qty < self.quantity <= substitute.free_qty:
            return self.substitute_id
        return self.product_id


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_end_of_production = fields.Date(
        string="End of Production",
        help="Parts are kept for years after it: see the settings.",
    )
    aftersales_spare_part_ids = fields.One2many(
        "aftersales.spare.part", "product_tmpl_id", string="Spare Parts"
    )


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def action_add_usual_parts(self):
        """Plan the parts and hours that usually solve the reported problem.

        :raises UserError: when the repair has ended
        """
        self.ensure_one()
        self.check_access("write")
        parts = self.env["aftersales.spare.part"]._get_usual(
            self.product_id, self.symptom_id, self.company_id
        )
        # Only to know what is in stock and which parts there are already.
        repair = self.sudo()
        warehouse = repair.picking_type_id.warehouse_id
        wanted = [(part, part._get_product_to_use(warehouse)) for part in parts]
        missing = [
            (part, product) for part, product in wanted if not repair._has_part(product)
        ]
        self.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": part.quantity * self.product_qty,
                    "product_uom": product.uom_id.id,
                    "repair_line_type": "add",
                }
            )
            for part, product in missing
        ]
        if not self.estimated_hours:
            self.estimated_hours = sum(parts.mapped("hours"))
        if missing:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The spare-part list knows no further part for this problem."
                ),
            },
        }

    def _has_part(self, product):
        """Whether `product` is among the parts already. To be extended."""
        self.ensure_one()
        present = self.move_ids.filtered(lambda m: m.state != "cancel")
        return product in present.product_id
