# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

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

    @api.depends("claim_line_id.contract_id", "asset_id", "service_kind")
    def _compute_contract_id(self):
        # What pays follows from the products, whoever enters the repair.
        repairs = self.sudo()
        alone = repairs.filtered(
            lambda repair: not repair.claim_line_id
            and repair.asset_id
            and repair.service_kind != "installation"
        )
        running = self.env["aftersales.contract"].sudo()
        running = running._get_running(alone.asset_id) if alone else {}
        covered = alone.filtered(lambda repair: repair.asset_id in running)
        corrective = covered.filtered(lambda one: one.service_kind == "corrective")
        decisions = corrective._decide_warranty() if corrective else {}
        for repair in repairs:
            contract = repair.claim_line_id.contract_id
            if repair in decisions:
                contract = contract.browse(decisions[repair]["contract"] or [])
            elif repair in covered:
                contract = running[repair.asset_id]
            repair.contract_id = contract

    @api.depends(
        "contract_id",
        "claim_line_id.coverage_snapshot",
        "state",
        "service_mode",
        "estimated_hours",
        "worked_hours",
    )
    def _compute_contract_use(self):
        # What is left is the same for whoever works.
        repairs = self.sudo()
        contracts = repairs.contract_id
        if contracts:
            # Two jobs that are planned at once do not take the same hour.
            contracts._take_turn()
        visits, hours = contracts._get_allowances(but=self.ids)
        for repair in repairs:
            contract = repair.contract_id
            taken_hours, taken_visits = 0.0, 0
            if contract and repair.state != "cancel":
                paid = repair._get_contract_components()
                if "labour" in paid:
                    needed = repair._get_needed_hours()
                    taken_hours = needed * hours[contract].share(needed) / 100
                if repair.service_mode == "onsite" and visits[contract].has_some:
                    taken_visits = 1
                hours[contract] = _use(hours[contract], taken_hours)
                visits[contract] = _use(visits[contract], taken_visits)
            repair.contract_hours = taken_hours
            repair.contract_visits = taken_visits

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
        if self.state == "done":
            return self.worked_hours
        return max(self.worked_hours, self.estimated_hours)

    def _get_contract_components(self):
        """What of the job the contract pays: a warranty may pay the rest."""
        self.ensure_one()
        line = self.claim_line_id
        if not line:
            return COMPONENTS
        return (line.coverage_snapshot or {}).get("contract_components", ())

    def _get_covered_percent(self, component):
        percent = super()._get_covered_percent(component)
        # What the contract pays is the same for whoever works.
        contract = self.sudo().contract_id
        if not contract or component not in self._get_contract_components():
            return percent
        if percent is None:
            percent = contract._get_percent(component)
        if component == "labour":
            needed = self._get_needed_hours()
            share = self.contract_hours / needed if needed else 1.0
        elif component == "travel":
            share = float(bool(self.contract_visits))
        else:
            share = 1.0
        return percent * share

    def _get_part_percent(self, product):
        percent = super()._get_part_percent(product)
        if percent is None and self.contract_id:
            # As above.
            return self.sudo().contract_id.parts_percent
        return percent


def _use(allowance, taken):
    return Allowance(allowance.included, allowance.used + taken, allowance.is_unlimited)


class AftersalesContract(models.Model):
    _inherit = "aftersales.contract"

    def _get_percent(self, component):
        """What the contract pays of a component, while something is left of it."""
        self.ensure_one()
        if component == "labour":
            return 100.0
        return self[f"{component}_percent"]


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_analytic_distribution(self):
        """Parts that a contract pays are its cost."""
        # Which account takes the cost is the contract's, not the user's.
        account = self.repair_id.sudo().contract_id.analytic_account_id
        if not account or not self._is_aftersales_warranty_part():
            return super()._get_analytic_distribution()
        return {str(account.id): self._get_aftersales_covered_percent()}
