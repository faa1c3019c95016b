# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _name = "repair.order"
    _inherit = ["repair.order", "aftersales.survey.mixin"]

    def _get_survey_claim(self):
        self.ensure_one()
        return self.claim_line_id.claim_id

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        self._schedule_surveys("repair_done")
        return result
