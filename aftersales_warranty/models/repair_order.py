# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from ..rules.period import is_covered


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        for repair in self.filtered(lambda r: r.service_kind == "corrective"):
            # What the repair adds follows from the terms, whoever ended it.
            repair.sudo()._prolong_warranties()
        maintained = self.filtered(lambda r: r.service_kind == "preventive")
        maintained.asset_id._update_coverage()
        return result

    def _prolong_warranties(self):
        """Make the warranties longer under which this repair was made."""
        self.ensure_one()
        if self.coverage not in ("covered", "partial"):
            return
        day = self._get_coverage_date()
        standing = self.asset_id.warranty_ids.filtered(
            lambda warranty: warranty.state in ("active", "expired")
            and is_covered(day, warranty.date_start, warranty.date_end)
        )
        standing._prolong(self, self._get_days_with_us())

    def _get_days_with_us(self):
        """Days from when the customer handed the product over until it was ready."""
        self.ensure_one()
        if self.service_mode != "workshop":
            return 0
        goods = self.claim_line_id.move_ids | self.goods_move_ids
        received = goods.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        )
        company = self.company_id
        start = min(received.mapped("date"), default=self.create_date)
        first, last = (
            company._aftersales_date(moment) for moment in (start, self.done_date)
        )
        return max((last - first).days, 0)
