# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # The technician need not be allowed to see the whole claim.
        repairs = self.sudo().filtered("claim_id")
        for repair in repairs:
            repair.claim_id._notify_customer("repaired", repair.id, len(repairs) > 1)
        return result
