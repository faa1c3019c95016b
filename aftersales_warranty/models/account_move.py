# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        # Whoever posts invoices need not have warranty rights: what waited for the
        # invoice starts with its date.
        lines = invoices.sudo().invoice_line_ids.sale_line_ids
        if lines:
            self.env["aftersales.warranty"].sudo()._start_invoiced(lines)
        return posted
