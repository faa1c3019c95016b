# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "aftersales.history.mixin"]

    _aftersales_paths = {
        "aftersales.asset": "product_id.product_tmpl_id",
        "aftersales.claim": "line_ids.product_id.product_tmpl_id",
        "repair.order": "product_id.product_tmpl_id",
    }

    aftersales_create_asset = fields.Boolean(
        string="Register Customer Assets",
        compute="_compute_aftersales_create_asset",
        store=True,
        readonly=False,
        help="Every delivery to a customer is registered, so that warranty, claims "
        "and repairs of the unit can be followed.",
    )
    aftersales_is_labour = fields.Boolean(
        string="Repair Labour",
        help="Technicians book their hours on this service.",
    )

    aftersales_charge = fields.Selection(
        [("travel", "Travel"), ("transport", "Transport")],
        string="Repair Charge",
        help="Offered on repairs for the way to the customer or of the goods.",
    )

    @api.depends("is_storable")
    def _compute_aftersales_create_asset(self):
        for product in self:
            product.aftersales_create_asset = product.is_storable

    def write(self, vals):
        result = super().write(vals)
        if "categ_id" in vals:
            self.env["aftersales.sla.refresh"]._ask_for_policies(
                [("line_ids.product_id.product_tmpl_id", "in", self.ids)],
                "product_category_ids",
            )
        return result
