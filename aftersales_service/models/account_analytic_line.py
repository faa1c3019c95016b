# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        string="Claim Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    aftersales_claim_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id", string="Claim"
    )
    aftersales_type_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id.type_id", string="Claim Type"
    )
    aftersales_cause_id = fields.Many2one(
        related="aftersales_claim_line_id.cause_id", string="Cause of Failure"
    )
