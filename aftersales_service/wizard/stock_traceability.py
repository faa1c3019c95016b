# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class StockTraceabilityReport(models.TransientModel):
    _inherit = "stock.traceability.report"

    @api.model
    def _get_reference(self, move_line):
        # The reference of a confidential claim's repair stands on the move anyway.
        return super()._get_reference(move_line.sudo())
