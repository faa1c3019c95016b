# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesWarrantyMixin(models.AbstractModel):
    """What a product and a product category share: the policies attached to them."""

    _name = "aftersales.warranty.mixin"
    _description = "Warranty Policies Attached"

    aftersales_warranty_policy_ids = fields.Many2many(
        comodel_name="aftersales.warranty.policy",
        string="Warranty Policies",
        help="Of each kind, the product's own policies apply; where it has none of "
        "that kind, those of the nearest category that has, then those that go by "
        "rule.",
    )

    @api.constrains("aftersales_warranty_policy_ids")
    def _check_aftersales_warranty_policy_ids(self):
        for record in self:
            legal = record.aftersales_warranty_policy_ids.filtered(
                lambda policy: policy.kind == "legal"
            )
            for policy in legal:
                rivals = legal.filtered(lambda other, one=policy: one._overlaps(other))
                if rivals:
                    raise ValidationError(
                        self.env._(
                            "%(record)s has two legal warranties: %(one)s and "
                            "%(other)s. The law gives one: keep the one that applies.",
                            record=record.display_name,
                            one=policy.display_name,
                            other=rivals[0].display_name,
                        )
                    )
