# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Command, Domain

#: Assets that get their plan in one go when a template is applied to what is out there.
BATCH_SIZE = 500


class AftersalesPlanTemplate(models.Model):
    """Attached to products or categories: each delivery gets a plan of its own."""

    _name = "aftersales.plan.template"
    _inherit = ["aftersales.text.mixin", "aftersales.plan.mixin"]
    _description = "Preventive Plan Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    user_id = fields.Many2one(
        "res.users", string="Planner", domain=[("share", "=", False)]
    )
    checklist_id = fields.Many2one(check_company=True)
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "aftersales_plan_template_product_rel",
        "plan_template_id",
        "product_tmpl_id",
        string="Products",
        help="Who gets one of these products gets a plan.",
    )
    category_ids = fields.Many2many(
        "product.category",
        "aftersales_plan_template_category_rel",
        "plan_template_id",
        "category_id",
        string="Product Categories",
        help="Products of these categories, and of those below, that have no template "
        "of their own.",
    )
    part_ids = fields.One2many("aftersales.plan.part", "template_id", copy=True)
    plan_ids = fields.One2many("aftersales.plan", "template_id", readonly=True)
    plan_count = fields.Integer(compute="_compute_plan_count")

    def _compute_plan_count(self):
        counts = dict(
            self.env["aftersales.plan"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.plan_count = counts.get(template, 0)

    def _prepare_plan_vals(self, asset):
        """Vals of the plan that `asset` gets from this template."""
        self.ensure_one()
        terms = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_term_fields()
        }
        return {
            **terms,
            "name": self.name,
            "template_id": self.id,
            "asset_id": asset.id,
            "company_id": asset.company_id.id,
            "user_id": self.user_id.id,
            "date_start": asset.delivery_date or asset.company_id._aftersales_today(),
            "part_ids": [
                Command.create(part._prepare_copy_vals()) for part in self.part_ids
            ],
        }

    def action_apply(self):
        """Give a plan to the products in service that have none from this template.

        :return: notification of how many there were
        """
        self.ensure_one()
        self.check_access("write")
        # Whoever keeps templates may plan for all products of the company.
        plans = self.env["aftersales.plan"].sudo()
        count = 0
        assets = self.env["aftersales.asset"].sudo()
        last_id = 0
        domain = self._get_asset_domain()
        while found := assets.search(
            domain & Domain("id", ">", last_id), order="id", limit=BATCH_SIZE
        ):
            last_id = found[-1:].id
            count += len(plans._issue(found))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Plans made: %s", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_asset_domain(self):
        self.ensure_one()
        attached = Domain("product_id.product_tmpl_id", "in", self.product_tmpl_ids.ids)
        if self.category_ids:
            attached |= Domain("product_id.categ_id", "child_of", self.category_ids.ids)
        companies = self.company_id or self.env.companies
        return (
            attached
            & Domain("state", "=", "in_service")
            & Domain("company_id", "in", companies.ids)
        )

    def action_view_plans(self):
        """Open the plans made from this template."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_plan_action"
        )
        action.update(domain=[("template_id", "=", self.id)], context={})
        return action

    @api.model
    def _get_by_product(self, products, company):
        """Return {product: templates}: its own, else those of the nearest category."""
        templates = self.search(
            [
                ("company_id", "in", [company.id, False]),
                "|",
                ("product_tmpl_ids", "in", products.product_tmpl_id.ids),
                ("category_ids", "parent_of", products.categ_id.ids),
            ]
        )
        if not templates:
            return {}
        lineages = products.categ_id._get_aftersales_lineage()
        found = {}
        for product in products:
            own = templates.filtered(
                lambda t, one=product: one.product_tmpl_id in t.product_tmpl_ids
            )
            for category in lineages.get(product.categ_id, ()):
                own = own or templates.filtered(
                    lambda t, one=category: one in t.category_ids
                )
            found[product] = own
        return found
