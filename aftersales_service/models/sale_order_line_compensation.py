# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_compensation_id = fields.Many2one(
        "aftersales.compensation",
        string="Compensation",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="What the customer was given for a claim and uses on this line.",
    )

    @api.depends("aftersales_compensation_id")
    def _compute_aftersales_claim_line_id(self):
        result = super()._compute_aftersales_claim_line_id()
        for line in self.filtered("aftersales_compensation_id"):
            given = line.aftersales_compensation_id
            line.aftersales_claim_line_id = given.claim_line_id
        return result

    def _get_aftersales_given_cost(self):
        """What the line costs the company before tax, in its currency."""
        self.ensure_one()
        return self.company_id.currency_id.round(
            -self.price_subtotal / (self.order_id.currency_rate or 1.0)
        )

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        # Whoever invoices sees no claims: where the discount is booked is a setting.
        given = self.sudo().aftersales_compensation_id
        account = given.company_id.aftersales_compensation_account_id
        if account:
            values["account_id"] = account.id
        return values
