# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from itertools import compress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.aftersales_service.models.repair_order import (
    FIXED_FIELDS,
    FOLLOWING_FIELDS,
)

FOLLOWING_FIELDS.add("is_contract_by_hand")
FIXED_FIELDS.add("is_contract_by_hand")


class RepairOrder(models.Model):
    """Care is done under the contract of its day; what is settled stays."""

    _inherit = "repair.order"

    is_contract_by_hand = fields.Boolean(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        if not self.env.su:
            chosen = [bool(vals.get("contract_id")) for vals in vals_list]
            repairs.browse(compress(repairs.ids, chosen))._ensure_contract_fits()
        return repairs

    def write(self, vals):
        result = super().write(vals)
        # The contract follows the day, whoever plans.
        repairs = self.sudo()
        if "contract_id" in vals and not self.env.su:
            self._ensure_contract_fits()
            # With another product the form sends what follows from it.
            follows = {"asset_id", "service_kind"} & vals.keys()
            repairs.is_contract_by_hand = bool(vals["contract_id"]) or not follows
        if "schedule_date" in vals:
            repairs._follow_contracts()
        return result

    @api.onchange("schedule_date")
    def _onchange_schedule_date(self):
        # As above.
        repair = self.sudo()
        if repair._is_care() and repair._is_contract_open():
            self.contract_id = repair._find_contracts().get(repair, False)

    def _update_coverage(self):
        result = super()._update_coverage()
        # As above: the same events change what covers care.
        self.sudo()._follow_contracts()
        return result

    def action_repair_start(self):
        """Begin the work; the contract of today's day is the one that is used."""
        # As above; who may begin decides nothing else.
        self._as_technician()._follow_contracts(begins=True)
        return super().action_repair_start()

    def action_repair_cancel(self):
        # As above.
        using = self.sudo().filtered(lambda r: r.contract_hours or r.contract_visits)
        contracts = using.contract_id
        result = super().action_repair_cancel()
        # What it gives back may pay for work that had found nothing left.
        contracts._update_coverage()
        return result

    def action_repair_cancel_draft(self):
        result = super().action_repair_cancel_draft()
        # As above: meanwhile another contract may have taken its place.
        self.sudo()._update_coverage()
        return result

    def _follow_contracts(self, begins=False):
        """Have the contract that covers the day of the work now.

        Whoever decided that none pays is not overruled.

        :param begins: whether the work begins now, whenever it was planned for
        """
        care = self.filtered(
            lambda r: r._is_care()
            and r._is_contract_open()
            and (r.contract_id or not r.is_contract_by_hand)
        )
        for repair, contract in care._find_contracts(begins).items():
            if repair.contract_id != contract:
                repair.write({"contract_id": contract.id, "is_contract_by_hand": False})

    def _is_contract_open(self):
        """Whether nothing of what the contract pays is settled yet."""
        self.ensure_one()
        is_over = self.state in ("done", "cancel")
        return not is_over and self.quote_state != "approved"

    def _find_contracts(self, begins=False):
        """Return {repair: the contract under which it is done, or none}.

        :param begins: see `_follow_contracts`
        """
        contracts = self.env["aftersales.contract"]
        spans = contracts._find_for(self.asset_id)
        suspended = contracts._get_suspended(spans)
        chosen = {}
        for repair in self:
            found = spans.get(repair.asset_id._origin, [])
            day = repair._get_service_day(begins)
            covering = contracts._get_covering(repair.asset_id, found, day) - suspended
            # What has begun goes on under the contract it began with.
            kept = [one[0] for one in found] if repair._has_begun() else covering
            current = repair.contract_id
            stays = current in kept or not repair._is_contract_open()
            chosen[repair] = current if stays else covering[:1]
        return chosen

    def _ensure_contract_fits(self):
        """Raise UserError for a contract, chosen by hand, that does not pay the work.

        Which one pays for a failure the decision on it says.
        """
        # Compared, whoever may see the contract.
        repairs = self.sudo()
        contracts = repairs.env["aftersales.contract"]
        spans = contracts._find_for(repairs.asset_id)
        suspended = contracts._get_suspended(spans)
        for repair in repairs:
            if repair.state in ("done", "cancel"):
                raise UserError(self.env._("This repair has already ended."))
            if not repair._is_care():
                raise UserError(
                    self.env._(
                        "Which contract pays for %s follows from its coverage: it can "
                        "only be chosen for preventive service and inspections.",
                        repair.name,
                    )
                )
            found = spans.get(repair.asset_id, [])
            day = repair._get_service_day()
            covering = contracts._get_covering(repair.asset_id, found, day) - suspended
            if repair.contract_id - covering:
                raise UserError(
                    self.env._(
                        "%(contract)s does not cover %(product)s on %(day)s: choose a "
                        "contract of its owner that runs and is paid, or none.",
                        contract=repair.contract_id.name,
                        product=repair.asset_id.display_name or repair.name,
                        day=format_date(self.env, day),
                    )
                )

    def _has_begun(self):
        self.ensure_one()
        return self.state == "under_repair"

    def _get_service_day(self, begins=False):
        """The Date on which the work is done, as far as it is known."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        if begins or not self.schedule_date:
            return today
        if self._has_begun() and self.start_date:
            return self.company_id._aftersales_date(self.start_date)
        # What was planned for the past is done today at the earliest.
        return max(self.company_id._aftersales_date(self.schedule_date), today)
