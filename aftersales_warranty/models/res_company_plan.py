# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

#: What should have been done so many months ago is still wanted.
LATE_MONTHS = 3


class ResCompany(models.Model):
    """Spare parts are needed for what the plans foresee, too."""

    _inherit = "res.company"

    def _get_planned_parts(self, date_from, date_to):
        needs = super()._get_planned_parts(date_from, date_to)
        # As there: sums for callers who may plan spare parts.
        plans = (
            self.env["aftersales.plan"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.ids),
                    ("state", "=", "running"),
                    ("part_ids", "!=", False),
                ]
            )
        )
        since = fields.Date.subtract(date_from, months=LATE_MONTHS)
        return needs + plans._get_planned_parts(since, date_to)
