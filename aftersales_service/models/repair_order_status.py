# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # The technician need not be allowed to see the whole claim.
        repairs = self.sudo().filtered("claim_id")
        left = repairs
        while left:
            # Each claim once: of several repairs of one, the first that is left.
            events = {}
            for repair in left:
                events.setdefault(repair.claim_id, repair.id)
            left.claim_id._notify_customer("repaired", events, len(repairs) > 1)
            left = left.filtered(lambda r, told=events: told[r.claim_id] != r.id)
        return result
