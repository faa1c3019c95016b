# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    aftersales_claim_id = fields.Many2one("aftersales.claim", "Claim", readonly=True)
    aftersales_type_id = fields.Many2one(
        "aftersales.type", string="Claim Type", readonly=True
    )
    aftersales_cause_id = fields.Many2one(
        "aftersales.cause", string="Cause of Failure", readonly=True
    )

    def _select_additional_fields(self):
        columns = super()._select_additional_fields()
        columns["aftersales_claim_id"] = "claim_line.claim_id"
        columns["aftersales_type_id"] = "claim.type_id"
        columns["aftersales_cause_id"] = "claim_line.cause_id"
        return columns

    def _from_sale(self):
        return f"""{super()._from_sale()}
            LEFT JOIN aftersales_claim_line claim_line
                ON claim_line.id = l.aftersales_claim_line_id
            LEFT JOIN aftersales_claim claim ON claim.id = claim_line.claim_id
        """

    def _group_by_sale(self):
        return f"""{super()._group_by_sale()},
            claim_line.claim_id,
            claim.type_id,
            claim_line.cause_id
        """
