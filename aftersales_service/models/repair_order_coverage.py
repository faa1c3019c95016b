# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    """Who pays for the repair: the claim says it, or without a claim the repair."""

    _inherit = "repair.order"

    coverage = fields.Selection(
        selection=lambda self: self.env["aftersales.claim.line"]
        ._fields["coverage"]
        ._description_selection(self.env),
        compute="_compute_coverage",
    )
    coverage_note = fields.Text(compute="_compute_coverage")

    @api.depends("claim_line_id.coverage", "claim_line_id.coverage_notes")
    @api.depends_context("lang")
    def _compute_coverage(self):
        for repair in self:
            # Whoever sees the repair may know who pays for it and why.
            source = repair.sudo()._get_coverage_source()
            repair.coverage = source["coverage"]
            repair.coverage_note = source["note"]

    def _get_coverage_source(self):
        """The decision about this repair. To be extended.

        :return: {"coverage": key or False, "note": sentences or False}
        """
        self.ensure_one()
        line = self.claim_line_id
        return {"coverage": line.coverage, "note": line.coverage_note}

    def _has_coverage(self):
        """Whether a decision prices this repair line by line. To be extended."""
        self.ensure_one()
        return bool(self.claim_line_id)

    def _get_coverage_date(self):
        """The Date on which coverage is judged: the day it was claimed or entered."""
        self.ensure_one()
        if self.claim_line_id:
            return self.claim_line_id._get_coverage_date()
        moment = self.create_date or fields.Datetime.now()
        return self.company_id._aftersales_date(moment)

    def _get_covered_percent(self, component):
        """Share (0 to 100) of `component` that the company pays. To be extended."""
        self.ensure_one()
        if self.claim_line_id:
            return self.claim_line_id._get_covered_percent(component)
        # What the core's own tick says: parts are free.
        return 100.0 if component == "parts" and self.under_warranty else 0.0

    def _get_part_percent(self, product):
        """Share (0 to 100) of the part `product` the company pays. To be extended."""
        self.ensure_one()
        if self.claim_line_id:
            return self.claim_line_id._get_part_percent(product)
        return self._get_covered_percent("parts")

    def _get_warranty_analytic_account(self):
        """Where the cost of parts used under warranty is booked, or none."""
        self.ensure_one()
        # Which account takes the cost is the accountant's setting, not the user's.
        claim = self.sudo().claim_id
        if claim:
            return claim._get_warranty_analytic_account()
        return self.company_id.sudo().aftersales_analytic_account_id
