# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        string="Claim Line",
        compute="_compute_aftersales_claim_line_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        copy=False,
        help="What is sold because of a claim: parts and labour of its repair, the "
        "difference to a better product, a unit that never came back.",
    )

    @api.depends("order_id.repair_order_ids.claim_line_id")
    def _compute_aftersales_claim_line_id(self):
        for line in self:
            repairs = line.order_id.repair_order_ids
            line.aftersales_claim_line_id = (
                line.aftersales_claim_line_id or repairs.claim_line_id[:1]
            )

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        # Whoever invoices need not have after-sales rights: the line is passed on.
        line = self.sudo().aftersales_claim_line_id
        if line:
            values["aftersales_claim_line_id"] = line.id
        return values
