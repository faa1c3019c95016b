# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesAsset(models.Model):
    _name = "aftersales.asset"
    _inherit = ["aftersales.asset", "aftersales.survey.mixin"]

    _survey_triggers = ("months_after_purchase",)

    def _get_survey_asset(self):
        return self

    def _get_survey_products(self):
        return self.product_id

    def _is_survey_ready(self):
        return self.state == "in_service"
