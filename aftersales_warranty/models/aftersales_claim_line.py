# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from ..rules.coverage import Certificate, Verdict, percent_of_part


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

    def _get_part_percent(self, product):
        """Share (0 to 100) of the part `product` that the company pays."""
        self.ensure_one()
        warranties = (self.coverage_snapshot or {}).get("parts")
        if warranties is None or self.is_coverage_overridden:
            return self._get_covered_percent("parts")
        verdicts = [
            Verdict(
                Certificate(
                    0,
                    "legal",
                    excluded_products=frozenset(warranty["excluded_products"]),
                    excluded_categories=frozenset(warranty["excluded_categories"]),
                ),
                "covers",
                {"parts": warranty["percent"]},
            )
            for warranty in warranties
        ]
        categories = product._get_aftersales_categories()
        return percent_of_part(
            verdicts, product.id, categories.get(product.id, frozenset())
        )
