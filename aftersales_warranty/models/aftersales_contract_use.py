# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.i18n import format_list

from ..rules.contract import Allowance


class AftersalesContract(models.Model):
    """What was used of a contract, and what is left."""

    _inherit = "aftersales.contract"

    repair_ids = fields.One2many("repair.order", "contract_id", readonly=True)
    repair_count = fields.Integer(compute="_compute_use")
    visits_used = fields.Integer(compute="_compute_use")
    hours_used = fields.Float(compute="_compute_use")
    left_summary = fields.Char(string="Left", compute="_compute_use")
    suspended_since = fields.Date(compute="_compute_suspended_since")
    is_suspended = fields.Boolean(
        string="Suspended",
        compute="_compute_suspended_since",
        help="An invoice is overdue: the contract covers nothing until it is paid.",
    )

    @api.depends("repair_ids.contract_hours", "repair_ids.contract_visits")
    @api.depends("visits_included", "hours_included")
    @api.depends_context("lang")
    def _compute_use(self):
        visits, hours = self._get_allowances()
        # A number that whoever sees the contract may know, as what is left.
        repairs = self.env["repair.order"].sudo()
        groups = repairs._read_group(
            [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.visits_used = visits[contract].used
            contract.hours_used = hours[contract].used
            contract.repair_count = counts.get(contract.id, 0)
            texts = contract._format_left(visits[contract], hours[contract])
            contract.left_summary = format_list(self.env, texts) if texts else False

    def _compute_suspended_since(self):
        since = self._get_unpaid_since()
        for contract in self:
            day = since.get(contract)
            today = contract.company_id._aftersales_today()
            contract.is_suspended = bool(day) and day <= today
            contract.suspended_since = contract.is_suspended and day

    def _get_allowances(self, but=()):
        """Return ({contract: visits}, {contract: hours}) as Allowance.

        :param but: ids of repairs that are not counted
        """
        used = {}
        if self:
            # What is left does not depend on who asks.
            groups = (
                self.env["repair.order"]
                .sudo()
                ._read_group(
                    [("contract_id", "in", self.ids), ("id", "not in", list(but))],
                    ["contract_id"],
                    ["contract_visits:sum", "contract_hours:sum"],
                )
            )
            used = {contract.id: (visits, hours) for contract, visits, hours in groups}
        visits, hours = {}, {}
        for contract in self:
            visited, worked = used.get(contract.id, (0, 0.0))
            visits[contract] = Allowance(
                contract.visits_included, visited, contract.unlimited_visits
            )
            hours[contract] = Allowance(
                contract.hours_included, round(worked, 6), contract.unlimited_hours
            )
        return visits, hours

    def _get_left_texts(self):
        """What is left, in words, one for each thing that is counted."""
        self.ensure_one()
        visits, hours = self._get_allowances()
        return self._format_left(visits[self], hours[self])

    def _format_left(self, visits, hours):
        self.ensure_one()
        format_number = self.env["res.lang"]._format_aftersales_number
        texts = []
        if visits.included and not visits.is_unlimited:
            numbers = {"left": int(visits.left), "included": int(visits.included)}
            texts.append(
                self.env._("%(left)d of 1 visit", left=numbers["left"])
                if visits.included == 1
                else self.env._("%(left)d of %(included)d visits", **numbers)
            )
        if hours.included and not hours.is_unlimited:
            left = format_number(round(hours.left, 2))
            texts.append(
                self.env._("%(left)s of 1 hour", left=left)
                if hours.included == 1
                else self.env._(
                    "%(left)s of %(included)s hours",
                    left=left,
                    included=format_number(hours.included),
                )
            )
        return texts

    def _get_next_visit_dates(self):
        dates = super()._get_next_visit_dates()
        # Whoever sees a contract may know when somebody comes by it.
        repairs = self.env["repair.order"].sudo()
        groups = repairs._read_group(
            Domain("contract_id", "in", self.ids)
            & Domain("service_kind", "in", ("preventive", "inspection"))
            & repairs._get_open_repairs_domain(),
            ["contract_id"],
            ["schedule_date:min"],
        )
        for contract, moment in groups:
            day = contract.company_id._aftersales_date(moment)
            contract = self.browse(contract.id)
            dates[contract] = min(day, dates.get(contract, day))
        return dates

    def action_view_repairs(self):
        """Open the repairs made under the contract."""
        self.check_access("read")
        return self.repair_ids._get_records_action(name=self.env._("Repairs"))
