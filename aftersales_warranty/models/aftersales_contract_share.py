# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Domain

from .repair_order_contract import USE_FIELDS

#: What a contract includes: a change reaches the jobs that are not settled.
INCLUDED_FIELDS = {
    "excluded_cause_ids",
    "hours_included",
    "transport_percent",
    "travel_percent",
    "unlimited_hours",
    "unlimited_visits",
    "visits_included",
}


class AftersalesContract(models.Model):
    """What is given back goes to the jobs that had found too little left."""

    _inherit = "aftersales.contract"

    def write(self, vals):
        result = super().write(vals)
        if INCLUDED_FIELDS & vals.keys():
            # Jobs follow their contract, whoever may see them.
            self.sudo()._share_out()
            self._update_coverage()
        return result

    def _share_out(self):
        """Let open jobs take what they lack; first come, first served."""
        if not self:
            return
        jobs = self.env["repair.order"].search(
            Domain("contract_id", "in", self.ids)
            & self.env["repair.order"]._get_open_repairs_domain(),
            order="id",
        )
        short = jobs.filtered(lambda job: job._lacks_contract())
        for name in USE_FIELDS:
            self.env.add_to_compute(jobs._fields[name], short)
        short.modified(USE_FIELDS)


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def write(self, vals):
        # As in RepairOrder: their jobs leave it with them.
        left = self.sudo().contract_id if "contract_id" in vals else None
        result = super().write(vals)
        if left:
            (left - self.sudo().contract_id)._share_out()
        return result


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def write(self, vals):
        # What a job leaves is no secret, whoever decides that it does.
        left = self.sudo().contract_id if "contract_id" in vals else None
        result = super().write(vals)
        if left:
            (left - self.sudo().contract_id)._share_out()
        return result

    def _write_coverage(self, decision, notes):
        # As above; the contract follows from the decision.
        left = self.sudo().contract_id
        result = super()._write_coverage(decision, notes)
        (left - self.sudo().contract_id)._share_out()
        return result

    def unlink(self):
        # As above.
        left = self.sudo().contract_id
        result = super().unlink()
        left._share_out()
        return result

    def _lacks_contract(self):
        """Whether the contract could pay more of it, if more were left."""
        self.ensure_one()
        if not self._is_contract_open():
            return False
        return (
            self._takes_hours()
            and self.contract_hours < self._get_needed_hours()
            or self._takes_visit()
            and not self.contract_visits
        )
