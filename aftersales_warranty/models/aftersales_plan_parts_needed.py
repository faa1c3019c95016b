# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from .aftersales_plan_visit import OPEN_STATES

#: Dates of one plan that are looked ahead at.
MAX_AHEAD = 200


class AftersalesPlan(models.Model):
    """Which parts the plans will ask for."""

    _inherit = "aftersales.plan"

    def _get_planned_parts(self, date_from, date_to):
        """The parts that these plans need between two Dates, both included.

        Those of confirmed repair orders are left out: stock's own forecast has them.

        :return: [(product.product, quantity in its unit, Date)]
        """
        needs = []
        open_visits = self.visit_ids.filtered(
            lambda visit: visit.state in OPEN_STATES
            and visit.repair_id.state in ("draft", False)
        ).grouped("plan_id")
        for plan in self.filtered(lambda plan: plan.state == "running"):
            days = [visit._get_day() for visit in open_visits.get(plan, ())]
            days += plan._get_days_ahead(date_to)
            needs += [
                (part.product_id, part.quantity, day)
                for day in days
                for part in plan.part_ids
                if date_from <= day <= date_to
            ]
        return needs

    def _get_days_ahead(self, date_to):
        """Due dates without a visit yet, until `date_to`, as far as can be foreseen."""
        self.ensure_one()
        until = min(date_to, self.date_end) if self.date_end else date_to
        due = self.next_date or self._get_due_after_open()
        days = []
        while due and due <= until and len(days) < MAX_AHEAD:
            days.append(due)
            due = self._get_due_after(due)
        return days

    def _get_due_after_open(self):
        """When it is due again if the open visits are done as they are planned."""
        self.ensure_one()
        days = [v._get_day() for v in self.visit_ids if v.state in OPEN_STATES]
        return self._get_due_after(max(days)) if days else False
