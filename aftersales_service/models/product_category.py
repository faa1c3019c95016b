# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    aftersales_expense_account_id = fields.Many2one(
        "account.account",
        string="After-Sales Expense Account",
        company_dependent=True,
        check_company=True,
        help="Takes the cost of what is given free of this category. Empty means the "
        "company's.",
    )
    aftersales_analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="After-Sales Analytic Account",
        company_dependent=True,
        check_company=True,
        help="Takes the cost of claims about this category, unless the claim type has "
        "its own.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["aftersales.sla.refresh"]._ask_for_policies(
                [("line_ids.product_id.categ_id", "child_of", self.ids)],
                "product_category_ids",
            )
        return result
