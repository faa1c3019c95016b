# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .loyalty_program import VOUCHER_TYPES


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_voucher_program_id = fields.Many2one(
        "loyalty.program",
        string="Voucher Program",
        ondelete="restrict",
        domain=[("program_type", "in", VOUCHER_TYPES)],
        help="Compensations by voucher are gift cards or coupons of this program.",
    )

    @api.constrains("aftersales_voucher_program_id")
    def _check_aftersales_voucher_program(self):
        for company in self:
            # Whoever sets it up may not read every program.
            program = company.sudo().aftersales_voucher_program_id
            if not program:
                continue
            if program.program_type not in VOUCHER_TYPES:
                raise ValidationError(
                    self.env._("%s gives no vouchers to a customer.", program.name)
                )
            if program.company_id not in (company, self.env["res.company"]):
                raise ValidationError(
                    self.env._("%s is of another company.", program.name)
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_voucher_program_id = fields.Many2one(
        related="company_id.aftersales_voucher_program_id", readonly=False
    )
