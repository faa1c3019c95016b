# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """A service that sells more warranty, and the goods beside which it is offered.

    It is offered where the core offers things: among a product's optional products.
    """

    _inherit = "product.template"

    aftersales_extension_policy_id = fields.Many2one(
        "aftersales.warranty.policy",
        string="Sells the Warranty",
        index="btree_not_null",
        domain="[('kind', '=', 'extended')]",
        help="Whoever buys this service gets a certificate of this policy for the "
        "product it is bought with. It starts when the earlier warranty ends.",
    )
    aftersales_extension_percent = fields.Float(
        string="Price in % of the Product",
        digits=(5, 2),
        help="Zero: the sales price of this service.",
    )

    _extension_percent_range = models.Constraint(
        "CHECK (aftersales_extension_percent >= 0 "
        "AND aftersales_extension_percent <= 100)",
        "The price of an extended warranty lies between 0 and 100 % of the product.",
    )

    @api.constrains("aftersales_extension_policy_id", "type")
    def _check_aftersales_extension(self):
        for template in self.filtered("aftersales_extension_policy_id"):
            if template.type != "service":
                raise ValidationError(
                    self.env._(
                        "%(product)s sells a warranty: it must be a service.",
                        product=template.display_name,
                    )
                )
            if template.aftersales_extension_policy_id.kind != "extended":
                raise ValidationError(
                    self.env._(
                        "%(policy)s is no extended warranty: it can't be sold.",
                        policy=template.aftersales_extension_policy_id.display_name,
                    )
                )

    def _get_aftersales_extensions(self):
        """The services with more warranty that are offered beside this product."""
        self.ensure_one()
        return self.optional_product_ids.filtered("aftersales_extension_policy_id")
