# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesPlan(models.Model):
    """Plans that follow from the product: made with its delivery, each only once."""

    _inherit = "aftersales.plan"

    @api.model
    def _issue(self, assets):
        """Give `assets` the plans of their products, in one batch; each only once.

        :return: the new plans, running unless their customer is archived
        """
        served = assets.filtered(
            lambda asset: asset.state == "in_service" and asset.active
        )
        due = self._get_due_templates(served)
        if not due:
            return self.browse()
        known = {
            (plan.asset_id, plan.template_id)
            for plan in self.search_fetch(
                [("asset_id", "in", served.ids), ("template_id", "!=", False)],
                ["asset_id", "template_id"],
            )
        }
        plans = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(
            [
                {**template._prepare_plan_vals(asset), "origin": "product"}
                for asset, templates in due.items()
                for template in templates
                if (asset, template) not in known
            ]
        )
        plans._start_or_wait()
        return plans

    @api.model
    def _get_due_templates(self, assets):
        """Return {asset: templates} of those that have any."""
        templates = self.env["aftersales.plan.template"]
        due = {}
        for company, group in assets.grouped("company_id").items():
            found = templates._get_by_product(group.product_id, company)
            for asset in group:
                if found.get(asset.product_id):
                    due[asset] = found[asset.product_id]
        return due

    def _carry_over_to(self, new):
        """An exchange: the care goes on with the product in its place."""
        for plan in self.filtered(lambda p: p._goes_on_elsewhere()):
            if plan.template_id in new.plan_ids.template_id:
                continue
            copy = plan.copy({"asset_id": new.id, "company_id": new.company_id.id})
            copy.write({"template_id": plan.template_id.id, "origin": plan.origin})
            if plan.state in ("running", "ended"):
                copy._start_or_wait()

    def _goes_on_elsewhere(self):
        """Whether only the exchange of its product has ended it, or nothing has."""
        self.ensure_one()
        return self.state != "ended" or self.stop_reason == "replaced"


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_plan_template_ids = fields.Many2many(
        "aftersales.plan.template",
        "aftersales_plan_template_product_rel",
        "product_tmpl_id",
        "plan_template_id",
        string="Preventive Plans",
        help="Each delivery of this product starts these plans. Empty: those of the "
        "nearest category that has some.",
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    aftersales_plan_template_ids = fields.Many2many(
        "aftersales.plan.template",
        "aftersales_plan_template_category_rel",
        "category_id",
        "plan_template_id",
        string="Preventive Plans",
        help="For the products of this category that have none of their own.",
    )
