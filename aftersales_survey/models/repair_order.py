# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _name = "repair.order"
    _inherit = ["repair.order", "aftersales.survey.mixin"]

    _survey_triggers = ("repair_done", "intervention_done")

    def _get_survey_claim(self):
        self.ensure_one()
        return self.claim_line_id.claim_id

    def _get_survey_lines(self):
        return self.claim_line_id

    def _get_survey_repair(self):
        return self

    def _get_survey_asset(self):
        return self.asset_id or super()._get_survey_asset()

    def _get_survey_products(self):
        return self.product_id

    def _is_survey_ready(self):
        return self.state == "done"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        self._schedule_surveys("repair_done")
        # An intervention is the work that did not come to the workshop.
        self.filtered(lambda r: r.service_mode != "workshop")._schedule_surveys(
            "intervention_done"
        )
        return result
