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
        """The parts of visits that are still to be planned, between two Dates.

        Both are included. What is planned already has a repair order, whose parts are
        counted there.

        :return: [(product.product, quantity in its unit, Date)], in a fixed number of
            queries for each counter
        """
        running = self.filtered(lambda plan: plan.state == "running")
        last, points = running._get_last_visits(), running._get_points()
        open_days = running._get_open_days()
        return [
            (part.product_id, part.quantity, day)
            for plan in running.filtered("part_ids")
            for day in plan._get_days_ahead(
                date_to, last.get(plan), points.get(plan, ()), open_days.get(plan)
            )
            for part in plan.part_ids
            if date_from <= day <= date_to
        ]

    def _get_open_days(self):
        """{plan: the Date of its last open visit}, in one search."""
        days = {}
        for visit in self.env["aftersales.plan.visit"].search(
            [("plan_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        ):
            day = visit._get_day()
            days[visit.plan_id] = max(day, days.get(visit.plan_id, day))
        return days

    def _get_days_ahead(self, date_to, last=None, points=(), open_day=None):
        """Due dates without a visit yet, until `date_to`, as far as can be foreseen.

        Extended by other ways of being due.

        :param last: the plan's last visit, or None
        :param points: as of `_get_points`
        :param open_day: Date for which its last open visit is planned, or None
        """
        self.ensure_one()
        until = min(date_to, self.date_end) if self.date_end else date_to
        # What floats is due again if the open visit is done as it is planned.
        due = self.next_date or (open_day and self._get_due_after(open_day))
        days = []
        while due and due <= until and len(days) < MAX_AHEAD:
            days.append(due)
            due = self._get_due_after(due)
        return days
