# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    aftersales_claim_id = fields.Many2one("aftersales.claim", "Claim", readonly=True)
    aftersales_type_id = fields.Many2one(
        "aftersales.type", string="Claim Type", readonly=True
    )
    aftersales_cause_id = fields.Many2one(
        "aftersales.cause", string="Cause of Failure", readonly=True
    )

    _depends = {
        "account.move.line": ["aftersales_claim_line_id"],
        "aftersales.claim.line": ["cause_id", "claim_id"],
        "aftersales.claim": ["type_id"],
    }

    @api.model
    def _select(self):
        return SQL(
            """%s,
                claim_line.claim_id AS aftersales_claim_id,
                claim.type_id AS aftersales_type_id,
                claim_line.cause_id AS aftersales_cause_id
            """,
            super()._select(),
        )

    @api.model
    def _from(self):
        return SQL(
            """%s
                LEFT JOIN aftersales_claim_line claim_line
                    ON claim_line.id = line.aftersales_claim_line_id
                LEFT JOIN aftersales_claim claim ON claim.id = claim_line.claim_id
            """,
            super()._from(),
        )
