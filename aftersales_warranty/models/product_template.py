# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "aftersales.warranty.mixin"]

    aftersales_applied_policy_ids = fields.Many2many(
        comodel_name="aftersales.warranty.policy",
        string="Warranties Issued",
        compute="_compute_aftersales_applied_policy_ids",
        help="What a customer who gets this product is given today, the policies of "
        "its category included.",
    )

    @api.depends(
        "aftersales_warranty_policy_ids.active",
        "categ_id.aftersales_warranty_policy_ids.active",
    )
    @api.depends_context("company")
    def _compute_aftersales_applied_policy_ids(self):
        applied = self._get_aftersales_warranty_policies(self.env.company)
        for template in self:
            template.aftersales_applied_policy_ids = applied[template]

    def _get_aftersales_warranty_policies(self, company):
        """Return {template: the policies that apply to it in `company`}."""
        lineages = self.categ_id._get_aftersales_lineage()
        applied = {}
        for template in self:
            policies = self.env["aftersales.warranty.policy"]
            for holder in [template, *lineages.get(template.categ_id, [])]:
                kinds = set(policies.mapped("kind"))
                policies |= holder.aftersales_warranty_policy_ids.filtered(
                    lambda policy, kinds=kinds: (
                        policy.kind not in kinds and policy._applies_to(company)
                    )
                )
            applied[template] = policies.sorted()
        return applied
