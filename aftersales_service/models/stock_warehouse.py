# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    aftersales_repair_location_id = fields.Many2one(
        "stock.location",
        string="Customers' Goods Location",
        check_company=True,
        readonly=True,
        copy=False,
        help="Where customers' goods are kept while they are repaired.",
    )
    aftersales_loan_location_id = fields.Many2one(
        "stock.location",
        string="Lent Goods Location",
        check_company=True,
        readonly=True,
        copy=False,
        help="Where units lent to customers are counted until they come back.",
    )
    aftersales_return_location_id = fields.Many2one(
        "stock.location",
        string="Returns Location",
        check_company=True,
        readonly=True,
        copy=False,
        help="Goods that customers send back wait here until they are inspected.",
    )

    def _get_aftersales_repair_location(self):
        """Where customers' goods wait: outside what the warehouse can sell."""
        return self._get_aftersales_location(
            "aftersales_repair_location_id", self.env._("Customers' Goods")
        )

    def _get_aftersales_loan_location(self):
        """Where lent units are: the company's own, but not to be sold meanwhile."""
        return self._get_aftersales_location(
            "aftersales_loan_location_id", self.env._("Lent to Customers")
        )

    def _get_aftersales_return_location(self):
        """Where returned goods wait: outside what the warehouse can sell."""
        return self._get_aftersales_location(
            "aftersales_return_location_id", self.env._("Returns")
        )

    def _get_aftersales_location(self, field, name):
        self.ensure_one()
        # Whoever receives or lends goods need not be a stock manager.
        warehouse = self.sudo()
        if not warehouse[field]:
            warehouse.lock_for_update()
            warehouse[field] = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": f"{warehouse.code} {name}",
                        "usage": "internal",
                        "company_id": warehouse.company_id.id,
                    }
                )
            )
        return warehouse[field]
