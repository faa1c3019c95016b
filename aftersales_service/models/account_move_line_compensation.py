# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_compensation_id = fields.Many2one(
        "aftersales.compensation",
        string="Compensation",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    aftersales_deducted_line_id = fields.Many2one(
        "account.move.line",
        string="Deducted Credit",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The compensation that this line takes off a refund: it was credited "
        "before.",
    )
    aftersales_deduction_ids = fields.One2many(
        "account.move.line",
        "aftersales_deducted_line_id",
        string="Deducted from Refunds",
    )

    def _get_aftersales_undeducted(self):
        """What no refund has deducted of this credited compensation, tax included."""
        self.ensure_one()
        deductions = self.aftersales_deduction_ids.filtered(
            lambda ln: ln.parent_state != "cancel"
        )
        return self.price_total + sum(deductions.mapped("price_total"))

    def _prepare_aftersales_rebate(self, total):
        """What a line says that takes `total`, tax included, off this invoice line.

        :return: dict ``price_unit`` and ``extra_tax_data``, exact to the cent
        """
        self.ensure_one()
        taxes = self.env["account.tax"]
        company = self.company_id
        base_line = self.move_id._prepare_product_base_line_for_taxes_computation(self)
        taxes._add_tax_details_in_base_lines([base_line], company)
        taxes._round_base_lines_tax_details([base_line], company)
        (rebate,) = taxes._reduce_base_lines_to_target_amount(
            [base_line],
            company,
            "fixed",
            total,
            computation_key=f"aftersales,{self.id}",
        )
        taxes._fix_base_lines_tax_details_on_manual_tax_amounts([rebate], company)
        return {
            # What people read; the exact one is among the tax data.
            "price_unit": self.currency_id.round(rebate["price_unit"]),
            "extra_tax_data": taxes._export_base_line_extra_tax_data(rebate),
        }
