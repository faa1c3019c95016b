# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    """A planned visit follows the repair order with which it is done."""

    _inherit = "repair.order"

    plan_visit_ids = fields.One2many(
        "aftersales.plan.visit", "repair_id", readonly=True, copy=False
    )

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # Whoever does the work need not be allowed to plan.
        self.sudo().plan_visit_ids._action_done()
        return result

    def action_repair_cancel(self):
        result = super().action_repair_cancel()
        # As above.
        self.sudo().plan_visit_ids._action_skip("order")
        return result

    def action_repair_cancel_draft(self):
        result = super().action_repair_cancel_draft()
        # As above.
        self.sudo().plan_visit_ids._action_take_up_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_skip_visits(self):
        # As above.
        self.sudo().plan_visit_ids._action_skip("order")
