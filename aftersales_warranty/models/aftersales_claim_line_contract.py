# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesClaimLine(models.Model):
    """The contract that pays, where a warranty doesn't."""

    _inherit = "aftersales.claim.line"

    contract_id = fields.Many2one(
        "aftersales.contract",
        string="Paid By Contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _has_field_access(self, field, operation):
        # It follows from the decision.
        if operation == "write" and field.name == "contract_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _get_deciding_jobs(self):
        """The repairs that the decision on these lines is about."""
        return self.repair_ids

    def _prepare_coverage_vals(self, decision, notes=None):
        values = super()._prepare_coverage_vals(decision, notes)
        # What a person decides takes nothing of a contract.
        contract = decision.get("contract") or []
        values["contract_id"] = self.env["aftersales.contract"].browse(contract)
        return values
