# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def _get_coverage(self):
        """Decide by the warranties of each line's asset."""
        result = super()._get_coverage()
        requests = [
            (line.asset_id, line._get_coverage_date(), line.cause_id) for line in self
        ]
        decisions = self.env["aftersales.coverage"]._decide(requests)
        result.update(zip(self.ids, decisions, strict=True))
        return result
