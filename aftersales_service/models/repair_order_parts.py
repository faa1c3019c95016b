# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def action_finish_work(self):
        self._ensure_parts_there()
        return super().action_finish_work()

    def action_repair_done(self):
        # Stock users are asked by the core's form and may know better.
        if not self._is_stock_user():
            self._ensure_parts_there()
        return super().action_repair_done()

    def _ensure_parts_there(self):
        """Raise UserError for parts that stock does not have.

        The core would end the repair as if they had not been used, silently.
        """
        missing = self._as_technician()._get_missing_parts()
        if missing:
            # They may have come in since.
            missing._action_assign()
            missing = self._as_technician()._get_missing_parts()
        for part in missing[:1]:
            raise UserError(
                self.env._(
                    "Of “%(part)s” %(wanted)g %(unit)s are needed, but only "
                    "%(there)g are in stock at %(place)s. Take it off the repair if it "
                    "was not used, or have it booked in first.",
                    part=part.product_id.display_name,
                    wanted=part.product_uom_qty,
                    unit=part.product_uom.name,
                    there=part.quantity,
                    place=part.location_id.display_name,
                )
            )

    def _get_missing_parts(self):
        return self.move_ids.filtered(
            lambda move: move.repair_line_type == "add"
            and move.state not in ("done", "cancel")
            and move.product_uom.compare(move.quantity, move.product_uom_qty) < 0
        )
