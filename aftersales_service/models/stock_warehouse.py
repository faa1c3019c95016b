# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    aftersales_return_loc_id = fields.Many2one(
        "stock.location",
        string="Returns Location",
        check_company=True,
        help="Goods that customers send back wait here until they are inspected.",
    )

    def _get_locations_values(self, vals, code=False):
        values = super()._get_locations_values(vals, code=code)
        values["aftersales_return_loc_id"] = {
            "name": self.env._("Returns"),
            "active": True,
            "usage": "internal",
        }
        return values
