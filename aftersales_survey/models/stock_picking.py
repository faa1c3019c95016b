# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "aftersales.survey.mixin"]

    _survey_triggers = ("delivery_done",)

    def _get_survey_products(self):
        return self.move_ids.product_id

    def _is_survey_ready(self):
        return self.state == "done"

    def _action_done(self):
        result = super()._action_done()
        self.filtered(
            lambda p: p.state == "done"
            and p.picking_type_code == "outgoing"
            and p.location_dest_id.usage == "customer"
        )._schedule_surveys("delivery_done")
        return result
