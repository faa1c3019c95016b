# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AccountTax(models.Model):
    _inherit = "account.tax"

    def _get_aftersales_untaxed(self, price, currency):
        """What `price`, as it is written on a sale with these taxes, is before tax."""
        return self.compute_all(price, currency=currency)["total_excluded"]

    def _get_aftersales_price(self, untaxed, currency):
        """The price that is written on a sale with these taxes for `untaxed`."""
        taxes = self.flatten_taxes_hierarchy()
        included = taxes.filtered("price_include")
        return included.with_context(force_price_include=False).compute_all(
            untaxed, currency=currency
        )["total_included"]
