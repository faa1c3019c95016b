# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockMove(models.Model):
    """Storekeepers move the parts of repairs they may not see: confidential ones."""

    _inherit = "stock.move"

    def _create_repair_sale_order_line(self):
        # The quotation follows the parts, whoever moves them.
        return super(StockMove, self.sudo())._create_repair_sale_order_line()

    def _get_source_document(self):
        document = super()._get_source_document()
        if document and document._name == "repair.order":
            return document if document.has_access("read") else self.picking_id
        return document
