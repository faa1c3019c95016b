# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesPlanPart(models.Model):
    _name = "aftersales.plan.part"
    _description = "Part of a Preventive Plan"
    _order = "sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "aftersales.plan.template", index="btree_not_null", ondelete="cascade"
    )
    plan_id = fields.Many2one(
        "aftersales.plan", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0 AND quantity < 1000000)", "A part is used once at least."
    )
    _one_owner = models.Constraint(
        "CHECK ((plan_id IS NULL) != (template_id IS NULL))",
        "A part belongs to a plan or to a template.",
    )

    @api.depends("plan_id.company_id", "template_id.company_id")
    def _compute_company_id(self):
        for part in self:
            part.company_id = part.plan_id.company_id or part.template_id.company_id

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"plan_id", "template_id"}:
            # Whoever moves it elsewhere changes what is there, too.
            self.check_access("write")
        return result

    def _prepare_copy_vals(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
        }
