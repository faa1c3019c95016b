# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import models

from ..rules.schedule import next_in_interval, next_in_season, nth


class AftersalesPlan(models.Model):
    """When care is due next, after the visits there are."""

    _inherit = "aftersales.plan"

    def _plan_next(self):
        """Note when each plan is due next; one whose last day has passed ends."""
        last = self._get_last_visits()
        points = self._get_points()
        today = {c: c._aftersales_today() for c in self.company_id}
        for plan in self:
            due = False
            if plan.state in ("draft", "running"):
                due = plan._get_next_due(
                    last.get(plan), today[plan.company_id], points.get(plan, ())
                )
            values = {"next_date": due, "generate_date": False}
            if due and plan.date_end and due > plan.date_end:
                values["next_date"] = False
                if plan.state == "running":
                    values.update(state="ended", stop_reason="term")
            elif due:
                values["generate_date"] = due - timedelta(days=plan.lead_days)
            plan.write(values)

    def _get_last_visits(self):
        """{plan: its last visit that was not called off}, in one query."""
        visits = self.env["aftersales.plan.visit"].search_fetch(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["plan_id", "number", "due_date", "done_date", "state"],
            order="number",
        )
        return {visit.plan_id: visit for visit in visits}

    def _get_points(self):
        """Return {plan: points} of what is asked for them all at once. Extended."""
        return {}

    def _get_next_due(self, last, today, points=()):
        """The Date on which care is due after the visit `last` (or none), or False.

        Extended by other ways of being due, which may need `points`.
        """
        self.ensure_one()
        since = self.since or today
        after = max(last.due_date, since - timedelta(days=1)) if last else None
        if self.trigger == "season":
            months = set(self.month_ids.mapped("number"))
            begin = max(self.date_start, since) - timedelta(days=1)
            return next_in_season(months, self.month_day, after or begin)
        if self.trigger != "interval":
            return False
        if self.basis == "floating":
            return self._get_floating_due(last, since)
        return next_in_interval(
            self.date_start,
            self.interval_number,
            self.interval_unit,
            after or since - timedelta(days=1),
        )

    def _get_floating_due(self, last, since):
        """An interval after the last visit; while that one is open nobody knows."""
        self.ensure_one()
        if last and last.state not in ("done", "skipped"):
            return False
        base = last.done_date or last.due_date if last else self.date_start
        due = nth(base, self.interval_number, self.interval_unit, 1)
        return max(due, since)

    def _get_due_after(self, due):
        """The due date after `due` (Date) when all goes as planned, or False."""
        self.ensure_one()
        if self.trigger == "season":
            months = set(self.month_ids.mapped("number"))
            return next_in_season(months, self.month_day, due)
        if self.trigger != "interval":
            return False
        if self.basis == "floating":
            return nth(due, self.interval_number, self.interval_unit, 1)
        return next_in_interval(
            self.date_start, self.interval_number, self.interval_unit, due
        )
