# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "aftersales.warranty.mixin"]

    aftersales_is_second_hand = fields.Boolean(
        string="Second-Hand",
        help="Gets the warranties for second-hand goods.",
    )
    aftersales_applied_policy_ids = fields.Many2many(
        comodel_name="aftersales.warranty.policy",
        string="Warranties Issued",
        compute="_compute_aftersales_applied_policy_ids",
        help="What a customer who gets this product is given today, the policies of "
        "its category included.",
    )

    @api.depends(
        "aftersales_warranty_policy_ids.active",
        "aftersales_is_second_hand",
        "categ_id.aftersales_warranty_policy_ids.active",
    )
    @api.depends_context("company")
    def _compute_aftersales_applied_policy_ids(self):
        applied = self._get_aftersales_warranty_policies(self.env.company)
        for template in self:
            template.aftersales_applied_policy_ids = applied[template]

    def _get_aftersales_warranty_policies(self, company, buyer=None):
        """Return {template: the policies that apply to its sale}.

        Of each kind the product's own policies apply; where it has none that fits,
        those of the nearest category that has; then those that go by rule.

        :param buyer: Buyer; None says what can apply to somebody
        """
        lineages = self.categ_id._get_aftersales_lineage()
        general = self.env["aftersales.warranty.policy"]._get_general()
        applied = {}
        for template in self:
            policies = self.env["aftersales.warranty.policy"]
            holders = [template, *lineages.get(template.categ_id, [])]
            attached = [holder.aftersales_warranty_policy_ids for holder in holders]
            for candidates in [*attached, general]:
                kinds = set(policies.mapped("kind"))
                policies |= candidates.filtered(
                    lambda policy, kinds=kinds, one=template: (
                        policy.kind not in kinds
                        and policy._applies_to(
                            company, buyer, one.aftersales_is_second_hand
                        )
                    )
                )
            applied[template] = policies.sorted()
        return applied
