# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """A service that sells a maintenance contract."""

    _inherit = "product.template"

    aftersales_contract_terms_id = fields.Many2one(
        "aftersales.contract.terms",
        string="Sells the Contract",
        index="btree_not_null",
        check_company=True,
        help="Whoever buys this service gets a maintenance contract on these terms.",
    )

    @api.constrains(
        "aftersales_contract_terms_id", "aftersales_extension_policy_id", "type"
    )
    def _check_aftersales_contract(self):
        for template in self.filtered("aftersales_contract_terms_id"):
            if template.type != "service":
                raise ValidationError(
                    self.env._(
                        "%(product)s sells a contract: it must be a service.",
                        product=template.display_name,
                    )
                )
            if template.aftersales_extension_policy_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s sells a warranty or a contract, not both.",
                        product=template.display_name,
                    )
                )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_aftersales_contract_quantity(self):
        """The quantity with which the contract runs its usual term."""
        self.ensure_one()
        # The terms belong to the product, for whoever sells it.
        return self.sudo().aftersales_contract_terms_id._get_usual_quantity()
