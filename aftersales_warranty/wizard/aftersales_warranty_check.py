# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain

MIN_LENGTH = 3


class AftersalesWarrantyCheck(models.TransientModel):
    """The question at the counter: is this one under warranty?"""

    _name = "aftersales.warranty.check"
    _description = "Is It under Warranty?"

    query = fields.Char(
        string="Serial, Order, Certificate or Customer", help="Three letters at least."
    )
    asset_ids = fields.Many2many("aftersales.asset", compute="_compute_asset_ids")
    is_asked = fields.Boolean(compute="_compute_asset_ids")

    @api.depends("query")
    def _compute_asset_ids(self):
        for check in self:
            query = (check.query or "").strip()
            check.is_asked = len(query) >= MIN_LENGTH
            # By the rights of whoever asks; orders are not shown, only looked through.
            order = Domain("order_id", "any!", Domain("name", "ilike", query))
            check.asset_ids = check.is_asked and self.env["aftersales.asset"].search(
                Domain("sale_line_id", "any!", order)
                | Domain.OR(
                    Domain(path, "ilike", query)
                    for path in (
                        "name",
                        "warranty_ids.name",
                        "partner_id.name",
                        "partner_id.email",
                    )
                ),
                limit=20,
            )
