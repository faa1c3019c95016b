# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class RepairOrder(models.Model):
    _inherit = "repair.order"

    _estimated_hours_positive = models.Constraint(
        "CHECK (estimated_hours >= 0 AND estimated_hours < 1000)",
        "The estimated hours of a repair lie between 0 and 1000.",
    )

    @api.constrains("schedule_date", "asset_id")
    def _check_schedule_date(self):
        for repair in self.filtered("schedule_date"):
            day = repair.company_id._aftersales_date(repair.schedule_date)
            # Only compared: the product may be out of the user's reach.
            repair.sudo()._ensure_not_before_sale(day)

    def _ensure_not_before_sale(self, day):
        """Raise ValidationError when the product was delivered after `day` (Date)."""
        self.ensure_one()
        delivered = self.asset_id.delivery_date
        if delivered and day < delivered:
            raise ValidationError(
                self.env._(
                    "“%(product)s” was delivered on %(date)s: nothing can have been "
                    "done to it before.",
                    product=self.product_id.display_name,
                    date=format_date(self.env, delivered),
                )
            )
