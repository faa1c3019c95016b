# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.aftersales_service.models.repair_order import (
    FIXED_FIELDS,
    FOLLOWING_FIELDS,
)

from ..rules.contract import Allowance
from ..rules.coverage import COMPONENTS

USE_FIELDS = {"contract_hours", "contract_visits"}
FOLLOWING_FIELDS.update(USE_FIELDS)
FIXED_FIELDS.update(USE_FIELDS | {"contract_id"})


class RepairOrder(models.Model):
    """A job under a maintenance contract: what it takes of it, the rest is quoted."""

    _inherit = "repair.order"

    contract_id = fields.Many2one(
        "aftersales.contract",
        compute="_compute_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        copy=False,
        check_company=True,
        domain="[('commercial_partner_id', 'parent_of', partner_id)]",
        help="The maintenance contract that pays for this job, or for a part of it.",
    )
    contract_hours = fields.Float(
        string="Hours of the Contract",
        compute="_compute_contract_use",
        store=True,
        help="What this job takes of the hours that are left; the rest is quoted.",
    )
    contract_visits = fields.Integer(
        string="Visits of the Contract", compute="_compute_contract_use", store=True
    )
    contract_left = fields.Char(
        string="Left of the Contract", compute="_compute_contract_left"
    )

    @api.depends(
        "claim_line_id.contract_id", "asset_id", "service_kind", "coverage_snapshot"
    )
    def _compute_contract_id(self):
        # What pays follows from the products, whoever enters the repair.
        repairs = self.sudo()
        care = repairs.filtered(lambda repair: repair._is_care())
        found = care._find_contracts()
        contracts = self.env["aftersales.contract"].sudo()
        for repair in repairs:
            if repair.claim_line_id:
                repair.contract_id = repair.claim_line_id.contract_id
            elif repair in found:
                repair.contract_id = found[repair]
            else:
                decided = (repair.coverage_snapshot or {}).get("contract")
                repair.contract_id = contracts.browse(decided or [])

    def _get_deciding_jobs(self):
        """The repairs that the decision is about: themselves."""
        return self

    def _is_care(self):
        """Whether it is care before a failure, about which no warranty decides."""
        self.ensure_one()
        return not self.claim_line_id and self.service_kind in (
            "preventive",
            "inspection",
        )

    @api.depends(
        "contract_id",
        "claim_line_id.coverage_snapshot",
        "coverage_snapshot",
        "service_kind",
        "state",
        "service_mode",
        "estimated_hours",
        "worked_hours",
    )
    def _compute_contract_use(self):
        # What is left is the same for whoever works.
        repairs = self.sudo()
        contracts = repairs.contract_id
        if contracts and any(self._ids):
            # Two jobs that are planned at once do not take the same hour.
            contracts._take_turn()
        visits, hours = contracts._get_allowances(but=self.ids)
        giving = contracts.browse()
        for repair in repairs:
            contract = repair.contract_id
            taken_hours, taken_visits = 0.0, 0
            # What was worked before the job was cancelled was used.
            if contract and (repair.state != "cancel" or repair.worked_hours):
                if repair._takes_hours():
                    taken_hours = hours[contract].get_part(repair._get_needed_hours())
                if repair._takes_visit() and visits[contract].has_some:
                    taken_visits = 1
                hours[contract] = _use(hours[contract], taken_hours)
                visits[contract] = _use(visits[contract], taken_visits)
            # What is only being entered gives nothing back yet.
            if repair.id and (
                taken_hours < repair.contract_hours
                or taken_visits < repair.contract_visits
            ):
                giving |= contract
            repair.contract_hours = taken_hours
            repair.contract_visits = taken_visits
        if giving:
            giving._share_out()

    def _takes_hours(self):
        """Whether its hours are those of the contract."""
        self.ensure_one()
        return "labour" in self._get_contract_components()

    def _takes_visit(self):
        """Whether going there is one of the visits that the contract includes."""
        self.ensure_one()
        paid = self._get_contract_components()
        return self.service_mode == "onsite" and bool({"labour", "travel"} & set(paid))

    @api.depends("contract_id.left_summary")
    @api.depends_context("lang")
    def _compute_contract_left(self):
        for repair in self:
            # Whoever works on it must know what is left.
            repair.contract_left = repair.sudo().contract_id.left_summary

    @api.depends("contract_id", "contract_hours", "contract_visits")
    def _compute_customer_amount(self):
        return super()._compute_customer_amount()

    def _get_needed_hours(self):
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return self.worked_hours
        return max(self.worked_hours, self.estimated_hours)

    def _get_contract_components(self):
        """What of the job the contract pays: a warranty may pay the rest."""
        self.ensure_one()
        if self._is_care():
            return COMPONENTS
        snapshot = (self.claim_line_id or self).coverage_snapshot or {}
        return snapshot.get("contract_components", ())

    @api.depends("contract_id", "contract_hours", "contract_visits")
    @api.depends_context("lang")
    def _compute_coverage(self):
        return super()._compute_coverage()

    def _get_coverage_source(self):
        contract = self.contract_id
        if not contract or not self._is_care():
            return super()._get_coverage_source()
        percents = {name: self._get_covered_percent(name) for name in COMPONENTS}
        note = False
        if any(percents.values()):
            covered = self.env["aftersales.coverage"]._format_components(percents)
            note = self.env._(
                "Contract %(contract)s until %(end)s covers %(components)s.",
                contract=contract.name,
                end=format_date(self.env, contract.date_end, date_format="long"),
                components=covered,
            )
        coverage = self.env["aftersales.claim.line"]._get_coverage_of(percents)
        return {"coverage": coverage, "note": note}

    def _has_coverage(self):
        # What the contract pays is the same for whoever works.
        return super()._has_coverage() or bool(self.sudo().contract_id)

    def _get_covered_percent(self, component):
        percent = super()._get_covered_percent(component)
        # As above.
        contract = self.sudo().contract_id
        if not contract or component not in self._get_contract_components():
            return percent
        if self._is_care():
            percent = contract._get_percent(component)
        if component == "labour":
            needed = self._get_needed_hours()
            share = percent * (self.contract_hours / needed if needed else 1.0)
            # As exact as the discount on the order: what is told is what is billed.
            digits = self.env["decimal.precision"].precision_get("Discount")
            return round(share, digits)
        if component == "travel" and not self.contract_visits:
            return 0.0
        return percent

    def _get_part_percent(self, product):
        # As above.
        contract = self.sudo().contract_id
        if contract and self._is_care():
            return contract.parts_percent
        return super()._get_part_percent(product)

    def _get_warranty_analytic_account(self):
        """Parts that a contract pays are its cost."""
        # Which account takes the cost is the contract's, not the user's.
        account = self.sudo().contract_id.analytic_account_id
        return account or super()._get_warranty_analytic_account()


def _use(allowance, taken):
    used = round(allowance.used + taken, 6)
    return Allowance(allowance.included, used, allowance.is_unlimited)


class AftersalesContract(models.Model):
    _inherit = "aftersales.contract"

    def _get_percent(self, component):
        """What the contract pays of a component, while something is left of it."""
        self.ensure_one()
        if component == "labour":
            return 100.0
        return self[f"{component}_percent"]
