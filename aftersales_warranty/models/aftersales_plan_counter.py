# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.aftersales_service.rules.counter import TOO_MUCH, predict

from ..rules.schedule import next_target
from .aftersales_plan import FIXED_FIELDS, TERM_FIELDS

FIXED_FIELDS.update({"counter_since", "next_target"})
TERM_FIELDS.update({"counter_id", "counter_interval", "counter_start"})
#: What is shown of a counter has two digits; longer ones are typing errors.
MIN_INTERVAL, MAX_INTERVAL = 0.01, 1e9
#: Readings ahead that are looked at when parts are counted.
MAX_AHEAD = 200


class AftersalesPlanMixin(models.AbstractModel):
    _inherit = "aftersales.plan.mixin"

    trigger = fields.Selection(
        selection_add=[("counter", "By Counter")], ondelete={"counter": "cascade"}
    )
    counter_id = fields.Many2one("aftersales.counter", ondelete="restrict")
    counter_interval = fields.Float(string="Every (Counter)")
    counter_unit = fields.Char(related="counter_id.unit")

    @api.constrains("trigger", "counter_id", "counter_interval")
    def _check_counter(self):
        for terms in self.filtered(lambda terms: terms.trigger == "counter"):
            if not terms.counter_id:
                raise ValidationError(
                    self.env._("Choose the counter by which care is due.")
                )
            # Not a number fails here too: it compares with nothing.
            if not MIN_INTERVAL <= terms.counter_interval < MAX_INTERVAL:
                raise ValidationError(
                    self.env._(
                        "Care every %(number)s by the counter can't be planned: enter "
                        "a number above zero.",
                        number=terms.counter_interval,
                    )
                )

    @api.model
    def _get_term_fields(self):
        return [*super()._get_term_fields(), "counter_id", "counter_interval"]


class AftersalesPlan(models.Model):
    """Care that is due by use: on the day that the readings predict."""

    _inherit = "aftersales.plan"

    counter_id = fields.Many2one(index="btree_not_null", check_company=True)
    counter_start = fields.Float(
        string="Counted From (Counter)",
        help="The reading after which the first interval begins.",
    )
    counter_since = fields.Float(
        string="Reading at the Start",
        readonly=True,
        copy=False,
        help="What was used before the plan was started or taken up again.",
    )
    next_target = fields.Float(
        string="Due at",
        readonly=True,
        copy=False,
        help="The reading at which care is due next.",
    )

    @api.constrains("counter_start")
    def _check_counter_start(self):
        for plan in self:
            if not 0 <= plan.counter_start < TOO_MUCH:
                raise ValidationError(
                    self.env._("A plan counts from a reading that there can be.")
                )

    def _get_points(self):
        """{plan: [(Date, total)]} of those that go by a counter, in a query each."""
        points = {}
        for counter, plans in self.grouped("counter_id").items():
            if counter:
                found = plans.asset_id._get_counter_points(counter)
                points.update({plan: found[plan.asset_id] for plan in plans})
        return points

    def _get_next_due(self, last, today, points=()):
        if self.trigger != "counter":
            return super()._get_next_due(last, today, points)
        self.next_target = self._get_next_target(last, points)
        if not self.next_target:
            return False
        due, _why = predict(points, self.next_target)
        if not due:
            return False
        since = self.since or today
        earliest = last.due_date + timedelta(days=1) if last else since
        return max(due, since, earliest)

    def _get_next_target(self, last, points):
        """The reading at which care is due after the visit `last`, or False."""
        self.ensure_one()
        if not self.counter_interval > 0:
            return False
        if last and self.basis == "floating":
            if last.state not in ("done", "skipped"):
                return False
            return (last.done_value or last.target) + self.counter_interval
        if last:
            served = last.target
        else:
            served = self._get_used_before(points)
        # What was passed while nobody looked is served once.
        reached = points[-1][1] if points else served
        return next_target(
            self.counter_start,
            self.counter_interval,
            max(served, reached - self.counter_interval),
        )

    def _get_used_before(self, points):
        """What was used before the plan, or before its first reading, is no debt."""
        if not points:
            return self.counter_start
        if self.counter_since:
            # That reading may have been a typing error.
            return min(self.counter_since, points[-1][1])
        since = self.since or self.company_id._aftersales_today()
        before = [total for day, total in points if day <= since]
        return before[-1] if before else points[0][1]

    def _action_start(self):
        points = self._get_points()
        for plan in self:
            known = points.get(plan)
            plan.counter_since = known[-1][1] if known else 0.0
        return super()._action_start()

    def _get_warning(self):
        if self.trigger == "counter" and not self.error and self.counter_id:
            missing = self._get_missing_reading()
            if missing:
                return missing
        return super()._get_warning()

    def _get_missing_reading(self):
        """What keeps a date from being predicted, in a sentence, or False."""
        self.ensure_one()
        open_visits = self.visit_ids.filtered(lambda visit: visit.outcome == "open")
        if self.next_date or (self.basis == "floating" and open_visits):
            return False
        if self.counter_id not in self.asset_id._get_counters():
            return self.env._(
                "%(product)s has no counter “%(counter)s”: add it to the product.",
                product=self.asset_id.name,
                counter=self.counter_id.name,
            )
        target = self._get_next_target(
            self._get_last_visits().get(self), self._get_points()[self]
        )
        found = self.asset_id._predict_counter(
            self.counter_id, {self.asset_id: target or self.counter_interval}
        )
        _day, why = found[self.asset_id]
        return bool(why) and self.env._(
            "No date can be predicted from “%(counter)s”. %(reason)s",
            counter=self.counter_id.name,
            reason=self.asset_id._get_usage_reason(why),
        )

    def _prepare_due_visits(self):
        vals_list = super()._prepare_due_visits()
        if self.trigger == "counter":
            for values in vals_list:
                values["target"] = self.next_target
        return vals_list

    def _get_days_ahead(self, date_to, last=None, points=(), open_day=None):
        if self.trigger != "counter":
            return super()._get_days_ahead(date_to, last, points, open_day)
        until = min(date_to, self.date_end) if self.date_end else date_to
        target = self.next_target or (last and last.target + self.counter_interval)
        days = []
        while target and len(days) < MAX_AHEAD:
            day, _why = predict(points, target)
            if not day or day > until:
                break
            days.append(max(day, self.next_date or day))
            target += self.counter_interval
        return days


class AftersalesPlanVisit(models.Model):
    _inherit = "aftersales.plan.visit"

    target = fields.Float(
        string="Due at",
        readonly=True,
        aggregator=None,
        help="The reading at which it is due.",
    )
    done_value = fields.Float(string="Done at", readonly=True, aggregator=None)

    def _action_done(self):
        for visit in self.filtered(lambda v: v.plan_id.trigger == "counter"):
            values = visit.asset_id._get_counter_values(visit.plan_id.counter_id)
            visit.done_value = values[visit.asset_id] or 0.0
        return super()._action_done()


class AftersalesReading(models.Model):
    _inherit = "aftersales.reading"

    @api.model
    def _count(self, series):
        result = super()._count(series)
        # Dates follow from the readings, whoever enters those.
        plans = self.env["aftersales.plan"].sudo()
        assets = {asset.id for asset, _counter in series}
        plans.search(
            [
                ("asset_id", "in", list(assets)),
                ("counter_id", "in", [counter.id for _asset, counter in series]),
                ("trigger", "=", "counter"),
                ("state", "in", ("draft", "running")),
            ]
        )._plan_next()
        return result
