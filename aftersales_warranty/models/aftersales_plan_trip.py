# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, time, timedelta

import pytz

from odoo import models
from odoo.fields import Command, Domain

from ..rules.schedule import at_hour
from ..rules.trips import Trip, Visit, around, place, take
from .aftersales_plan_sending import UNTOLD
from .aftersales_plan_tell import WANTED
from .aftersales_plan_visit import OPEN_STATES

#: How far after the last due date a day is looked for.
HORIZON_DAYS = 45
#: However late it is: customers are not surprised.
NOTICE_DAYS = 3
#: When nobody has time: the morning of the day on which it is due.
MORNING = 9


class AftersalesPlanVisit(models.Model):
    """Day, hour and person of visits: what lies together is served by one trip."""

    _inherit = "aftersales.plan.visit"

    def _schedule(self):
        """Give these visits their repair orders, each with day, hour and technician."""
        for company, visits in self.grouped("company_id").items():
            slots, without = visits._find_slots(company)
            visits -= without._skip_overtaken(company)
            without &= visits
            repairs = (
                self.env["repair.order"]
                .with_company(company)
                .create(
                    [visit._prepare_repair_vals(*slots[visit.id]) for visit in visits]
                )
            )
            for visit, repair in zip(visits, repairs, strict=True):
                visit.repair_id = repair
            without._ask_for_time()
            (visits - without)._note_too_late()

    def _find_slots(self, company):
        """Day, hour and person for each visit.

        :return: {visit id: (technician or none, naive UTC start)}, and the visits for
            which nobody has time: they stand on the day on which they are due
        """
        today = company._aftersales_today()
        days = {visit: visit._get_first_possible(today) for visit in self}
        placed = self._place(days)
        zone = company._get_aftersales_tz()
        nobody = self.env["res.users"]
        slots = {
            visit.id: placed.get(visit.id)
            or (nobody, at_hour(days[visit], MORNING, zone))
            for visit in self
        }
        return slots, self.filtered(lambda visit: visit.id not in placed)

    def _ask_for_time(self):
        """Nobody is told of a day on which nobody comes: the planner chooses one."""
        self.tell_state = "no_time"
        for visit in self:
            visit.plan_id._ask_planner(
                UNTOLD,
                lambda env, one=visit: env._(
                    "Nobody has time for %(customer)s on %(day)s or in the weeks after "
                    "it: choose day and technician, then tell the customer.",
                    customer=one.partner_id.name,
                    day=one.with_env(env)._format_day(one._get_day()),
                ),
            )

    def _note_too_late(self):
        """Nobody had time while it would have been in time: the planner knows."""
        for visit in self:
            if visit.due_date <= visit.limit_date < visit._get_day():
                visit.plan_id._ask_planner(
                    WANTED,
                    lambda env, one=visit: env._(
                        "The visit to %(customer)s is planned for %(day)s only: nobody "
                        "has time before, and then it is late.",
                        customer=one.partner_id.name,
                        day=one.with_env(env)._format_day(one._get_day()),
                    ),
                )

    def _get_first_possible(self, today):
        """The day on which it is due; when that is over, with some days' notice."""
        self.ensure_one()
        notice = min(max(self.plan_id.lead_days, 1), NOTICE_DAYS)
        return max(self.due_date, today + timedelta(days=notice))

    def _skip_overtaken(self, company):
        """Leave out what is due again, within days, before anybody works at all.

        :return: those visits
        """
        often = self.filtered(lambda visit: (visit._get_gap_days() or 7) < 7)
        if not often:
            return often
        people = company._get_aftersales_workers()
        dues = often.mapped("due_date")
        last = max(dues) + timedelta(days=7)
        work = self._get_working_time(company, people, min(dues), last)
        days = {start.date() for pieces in work.values() for start, _end in pieces}
        today = company._aftersales_today()
        overtaken = often.browse()
        for visit in often:
            first = visit._get_first_possible(today)
            until = visit.due_date + timedelta(days=visit._get_gap_days())
            if not any(first <= day < until for day in days):
                overtaken |= visit
        overtaken._action_skip("overtaken")
        return overtaken

    def _get_gap_days(self):
        """After how many days the plan is due again, or None when nobody knows."""
        self.ensure_one()
        plan = self.plan_id
        after = plan._is_foreseeable() and plan._get_due_after(self.due_date)
        return (after - self.due_date).days if after else None

    def _place(self, days, is_wanted=False):
        """Look for somebody's time for these visits of one company.

        :param days: {visit: Date from which on}
        :param is_wanted: whether the customer wants that day and no other
        :return: {visit id: (technician or none, naive UTC start)}; who finds no time
            is not in it
        """
        company = self.company_id
        zone = company._get_aftersales_tz()
        tomorrow = company._aftersales_today() + timedelta(days=1)
        before = timedelta(days=max(self.plan_id.mapped("tolerance_days")))
        first = max(min(days.values()) - before, tomorrow)
        last = max([*days.values(), tomorrow]) + timedelta(days=HORIZON_DAYS)
        people = company._get_aftersales_workers()
        work = self._get_working_time(company, people, first, last)
        # What takes longer than anybody works without a break takes that.
        longest = max(map(_hours, sum(work.values(), [])), default=1.0)
        placed = place(
            [
                visit._get_request(people, days[visit], tomorrow, longest, is_wanted)
                for visit in self
            ],
            self._get_free_time(company, work, first, last),
            self._get_trips(company, first, last),
        )
        nobody = self.env["res.users"]
        return {
            key: (person or nobody, _to_utc(zone.localize(start)))
            for key, (person, start) in placed.items()
        }

    def _get_request(self, people, due, tomorrow, longest, is_wanted):
        """This visit as the rule of trips asks for it."""
        self.ensure_one()
        plan = self.plan_id
        skilled = people.filtered(lambda u: u._has_aftersales_skill(plan.product_id))
        preferred = plan.technician_id
        gap = self._get_gap_days()
        early = tomorrow + timedelta(days=NOTICE_DAYS - 1)
        until = gap and self.due_date + timedelta(days=gap)
        if until and (gap >= 7 or plan.lead_days < NOTICE_DAYS):
            # What is late is served, unless the next one is there already.
            until = max(until, due + timedelta(days=1))
        return Visit(
            key=self.id,
            customer=self.partner_id.commercial_partner_id.id,
            places=self._get_places(),
            due=due,
            # A visit that is late is not moved forward to tomorrow's trip.
            earliest=tomorrow if due == self.due_date else due,
            hours=min(plan.hours, longest),
            people=tuple(skilled or people) or (None,),
            preferred=preferred if preferred in people else None,
            around=0 if is_wanted else around(plan.tolerance_days, gap),
            series=None if is_wanted else plan.id,
            until=None if is_wanted else until,
            early=None if is_wanted else early,
        )

    def _get_places(self):
        """From the nearest to the widest: what is not on site is nobody's neighbour."""
        self.ensure_one()
        if self.service_mode != "onsite":
            return (None,)
        country = self.country_id.id
        code = "".join((self.zip or "").split()).casefold()
        city = " ".join((self.city or "").split()).casefold()
        return (code and (country, code), city and (country, city))

    def _get_working_time(self, company, people, first, last):
        """{person: intervals of work, less holidays and leave}.

        Naive, in the company's time zone. Without technicians the company's own hours
        count for nobody in particular.
        """
        zone = company._get_aftersales_tz()
        start, end = _whole_days(first, last, zone)
        if people:
            work = people._get_aftersales_work(start, end, company)
        else:
            calendar = company.resource_calendar_id
            work = {None: calendar._work_intervals_batch(start, end)[False]}
        return {
            person: [
                (_to_wall(begin, zone), _to_wall(stop, zone))
                for begin, stop, _meta in intervals
            ]
            for person, intervals in work.items()
        }

    def _is_working_day(self, day):
        """Whether anybody works on `day` who could do these visits."""
        company = self.company_id
        people = company._get_aftersales_workers()
        return any(self._get_working_time(company, people, day, day).values())

    def _get_free_time(self, company, work, first, last):
        """`work` without what is planned for these people already."""
        zone = company._get_aftersales_tz()
        start, end = _whole_days(first, last, zone)
        free = dict(work)
        for repair in self._get_planned_repairs(work, start, end):
            begin, stop = (
                _to_wall(pytz.utc.localize(moment), zone)
                for moment in (repair.schedule_date, repair.schedule_end)
            )
            taken = take(free[repair.user_id], begin, _hours((begin, stop)))
            free[repair.user_id] = taken
        return free

    def _get_planned_repairs(self, people, start, end):
        """Open repairs that take the time of `people` between two aware datetimes."""
        repairs = self.env["repair.order"]
        # All that is planned takes time, whether the user sees it or not.
        return repairs.sudo().search_fetch(
            repairs._get_open_repairs_domain()
            & Domain("user_id", "in", [user.id for user in people if user])
            & Domain("id", "not in", self.repair_id.ids)
            & Domain("schedule_date", "<", _to_utc(end))
            & Domain("schedule_end", ">", _to_utc(start)),
            ["user_id", "schedule_date", "schedule_end"],
        )

    def _get_trips(self, company, first, last):
        """The visits that take somebody somewhere on these days already."""
        start, end = _whole_days(first, last, company._get_aftersales_tz())
        others = self.search(
            Domain("state", "in", OPEN_STATES)
            & Domain("company_id", "=", company.id)
            & Domain("id", "not in", self.ids)
            & Domain("planned_date", ">=", _to_utc(start))
            & Domain("planned_date", "<=", _to_utc(end))
        )
        return [
            Trip(
                visit._get_day(),
                visit.technician_id or None,
                visit.partner_id.commercial_partner_id.id,
                visit._get_places(),
                visit.plan_id.id,
            )
            for visit in others
        ]

    def _prepare_repair_vals(self, technician, start):
        """Vals of the repair order: kind preventive, with parts, hours and checks."""
        self.ensure_one()
        plan, asset = self.plan_id, self.asset_id
        place_of_customer = self.partner_id.with_company(
            self.company_id
        ).property_stock_customer
        return {
            "asset_id": asset.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "product_id": asset.product_id.id,
            "lot_id": asset.lot_id.id,
            "product_qty": asset.quantity or 1.0,
            "product_uom": asset.uom_id.id,
            "product_location_src_id": place_of_customer.id,
            "product_location_dest_id": place_of_customer.id,
            "service_kind": "preventive",
            "service_mode": plan.service_mode,
            "user_id": technician.id,
            "schedule_date": start,
            "estimated_hours": plan.hours,
            "internal_notes": plan.instructions,
            "move_ids": [
                Command.create(
                    {
                        "product_id": part.product_id.id,
                        "product_uom_qty": part.quantity,
                        "product_uom": part.uom_id.id,
                        "repair_line_type": "add",
                    }
                )
                for part in plan.part_ids
            ],
            "check_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "name": line.name,
                        "is_required": line.is_required,
                    }
                )
                for sequence, line in enumerate(plan.checklist_id.line_ids)
            ],
        }


def _to_wall(moment, zone):
    """What the clock on the wall shows at `moment` (aware) in `zone`, naive."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _to_utc(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def _whole_days(first, last, zone):
    """Beginning of the day `first` and end of the day `last`, aware."""
    return (
        zone.localize(datetime.combine(first, time.min)),
        zone.localize(datetime.combine(last, time.max)),
    )


def _hours(interval):
    start, end = interval
    return (end - start).total_seconds() / 3600
