# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from .aftersales_asset import FIXED_FIELDS

FIXED_FIELDS.add("replaces_id")


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    replaces_id = fields.Many2one(
        "aftersales.asset",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The unit that the customer had before.",
    )

    def _replace_by(self, new):
        """Note that `new` was given for this asset, or for a part of its quantity."""
        self.ensure_one()
        new.replaces_id = self
        left = self.quantity - new.quantity
        if self.lot_id or self.uom_id.compare(left, 0) <= 0:
            self.write({"replaced_by_id": new.id, "state": "replaced"})
        self._message_log(body=self.env._("Replaced by %s.", new._get_html_link()))
        new._message_log(body=self.env._("Replaces %s.", self._get_html_link()))
        self._carry_over_to(new)

    def _carry_over_to(self, new):
        """Called when `new` replaces this asset: what was promised goes on with it."""
