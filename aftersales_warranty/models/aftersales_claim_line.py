# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    warranty_id = fields.Many2one(
        "aftersales.warranty",
        string="Paid By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The warranty that pays, the parts first: its policy bears the cost.",
    )

    def _has_field_access(self, field, operation):
        # It follows from the decision.
        if operation == "write" and field.name == "warranty_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _prepare_coverage_vals(self, decision, notes=None):
        values = super()._prepare_coverage_vals(decision, notes)
        if "warranty" in decision:
            values["warranty_id"] = self.env["aftersales.warranty"].browse(
                decision["warranty"]
            )
        return values

    def _get_coverage(self):
        """Decide by the warranties of each line's asset."""
        result = super()._get_coverage()
        requests = [
            (line.asset_id, line._get_coverage_date(), line.cause_id) for line in self
        ]
        decisions = self.env["aftersales.coverage"]._decide(requests, self)
        result.update(zip(self.ids, decisions, strict=True))
        return result

    def _get_part_percent(self, product):
        """A wear part is paid by the customer though the rest is covered."""
        self.ensure_one()
        warranties = (self.coverage_snapshot or {}).get("parts")
        if warranties is None or self.is_coverage_overridden:
            return super()._get_part_percent(product)
        return self.env["aftersales.coverage"]._get_part_percent(warranties, product)
