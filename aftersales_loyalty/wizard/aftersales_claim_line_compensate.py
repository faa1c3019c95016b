# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..models.aftersales_compensation import VOUCHER


class AftersalesClaimLineCompensate(models.TransientModel):
    _inherit = "aftersales.claim.line.compensate"

    kind = fields.Selection(selection_add=[VOUCHER], ondelete={"voucher": "cascade"})
