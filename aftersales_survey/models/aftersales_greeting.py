# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesGreeting(models.Model):
    _inherit = "aftersales.greeting"

    def _get_review_url(self):
        """The first of the company's sites for public reviews."""
        # Where reviews are written is public.
        site = (
            self.env["aftersales.review.site"]
            .sudo()
            .search([("company_id", "in", [False, self.company_id.id])], limit=1)
        )
        return site.url or super()._get_review_url()
