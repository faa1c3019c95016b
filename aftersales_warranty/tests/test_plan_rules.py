# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date, datetime

import pytz

from odoo.tests import BaseCase, tagged

from ..rules import schedule, trips
from ..rules.schedule import (
    at_hour,
    lateness,
    next_in_interval,
    next_in_season,
    next_target,
    nth,
    split_missed,
)
from ..rules.trips import Trip, Visit, around, place

# (start, number, unit, the first dates of the series)
SERIES = [
    (
        date(2025, 1, 31),
        1,
        "month",
        [date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)],
    ),
    (
        date(2023, 12, 31),
        2,
        "month",
        [date(2024, 2, 29), date(2024, 4, 30), date(2024, 6, 30), date(2024, 8, 31)],
    ),
    (
        date(2024, 2, 29),
        12,
        "month",
        [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)],
    ),
    (
        date(2025, 8, 30),
        6,
        "month",
        [date(2026, 2, 28), date(2026, 8, 30), date(2027, 2, 28)],
    ),
    (
        date(2026, 2, 1),
        2,
        "week",
        [date(2026, 2, 15), date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 29)],
    ),
    (
        date(2024, 2, 1),
        28,
        "day",
        [date(2024, 2, 29), date(2024, 3, 28), date(2024, 4, 25)],
    ),
    (date(2025, 12, 31), 1, "day", [date(2026, 1, 1), date(2026, 1, 2)]),
    # A century that is no leap year.
    (
        date(2096, 2, 29),
        24,
        "month",
        [date(2098, 2, 28), date(2100, 2, 28), date(2102, 2, 28), date(2104, 2, 29)],
    ),
    # The longest of the intervals, from the last day that can be planned with.
    (date(2199, 12, 31), 3650, "month", [date(2504, 2, 29)]),
]

# (months, day, after, next date)
SEASONS = [
    ({3, 10}, 15, date(2026, 1, 1), date(2026, 3, 15)),
    ({3, 10}, 15, date(2026, 3, 14), date(2026, 3, 15)),
    ({3, 10}, 15, date(2026, 3, 15), date(2026, 10, 15)),
    ({3, 10}, 15, date(2026, 10, 15), date(2027, 3, 15)),
    ({2}, 30, date(2026, 1, 1), date(2026, 2, 28)),
    ({2}, 30, date(2027, 12, 31), date(2028, 2, 29)),
    ({2}, 30, date(2028, 2, 29), date(2029, 2, 28)),
    (set(range(1, 13)), 31, date(2026, 4, 30), date(2026, 5, 31)),
    ({12}, 1, date(2026, 12, 1), date(2027, 12, 1)),
    # A winter: on either side of the new year.
    ({11, 12, 1}, 31, date(2026, 10, 31), date(2026, 11, 30)),
    ({11, 12, 1}, 31, date(2026, 11, 30), date(2026, 12, 31)),
    ({11, 12, 1}, 31, date(2026, 12, 31), date(2027, 1, 31)),
    ({11, 12, 1}, 31, date(2027, 1, 31), date(2027, 11, 30)),
    ({12, 1}, 1, date(2026, 12, 31), date(2027, 1, 1)),
]

# (start, interval, after, next reading)
TARGETS = [
    (0.0, 250.0, 0.0, 250.0),
    (0.0, 250.0, 249.9, 250.0),
    (0.0, 250.0, 250.0, 500.0),
    (1200.0, 5000.0, 1200.0, 6200.0),
    (1200.0, 5000.0, 900.0, 6200.0),
    (0.0, 0.1, 0.7, 0.8),
    (0.0, 1000.0, 999_999.0, 1_000_000.0),
]

MADRID = pytz.timezone("Europe/Madrid")
# (day, hour on the wall, naive UTC)
MOMENTS = [
    (date(2026, 3, 28), 9, datetime(2026, 3, 28, 8)),
    (date(2026, 3, 29), 9, datetime(2026, 3, 29, 7)),
    (date(2026, 10, 24), 9, datetime(2026, 10, 24, 7)),
    (date(2026, 10, 25), 9, datetime(2026, 10, 25, 8)),
    (date(2026, 7, 1), 16.5, datetime(2026, 7, 1, 14, 30)),
    # An hour that does not exist on that night: the clock shows three by then.
    (date(2026, 3, 29), 2.5, datetime(2026, 3, 29, 1, 30)),
]

MONDAY = date(2026, 3, 2)
BCN = (("es", "08001"), ("es", "barcelona"))
BCN_2 = (("es", "08002"), ("es", "barcelona"))
GIRONA = (("es", "17001"), ("es", "girona"))


def _day(day, *hours):
    """The working hours of `day`, as intervals."""
    return [
        (
            datetime(day.year, day.month, day.day, start),
            datetime(day.year, day.month, day.day, end),
        )
        for start, end in hours
    ]


def _week(first=MONDAY, days=5):
    week = []
    for offset in range(days):
        week += _day(date.fromordinal(first.toordinal() + offset), (8, 12), (13, 17))
    return week


def _visit(key, customer="marta", places=BCN, due=MONDAY, hours=1.0, **more):
    people = more.pop("people", ("pau",))
    return Visit(key, customer, places, due, MONDAY, hours, people, **more)


@tagged("post_install", "-at_install")
class TestPlanRules(BaseCase):
    def test_doctests(self):
        for module in (schedule, trips):
            with self.subTest(module=module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)

    def test_series_do_not_drift(self):
        for start, number, unit, dates in SERIES:
            with self.subTest(start=start, number=number, unit=unit):
                found = [nth(start, number, unit, n + 1) for n in range(len(dates))]
                self.assertEqual(found, dates)
                # The same, one after the other from any day in between.
                after = start
                for expected in dates:
                    self.assertEqual(
                        next_in_interval(start, number, unit, after), expected
                    )
                    eve = date.fromordinal(expected.toordinal() - 1)
                    if eve >= after:
                        self.assertEqual(
                            next_in_interval(start, number, unit, eve), expected
                        )
                    after = expected

    def test_a_series_begins_after_its_start(self):
        self.assertEqual(
            next_in_interval(date(2026, 6, 1), 1, "month", date(2020, 1, 1)),
            date(2026, 7, 1),
        )

    def test_a_series_of_decades_is_found_at_once(self):
        found = next_in_interval(date(1990, 1, 31), 1, "month", date(2026, 2, 27))
        self.assertEqual(found, date(2026, 2, 28))
        found = next_in_interval(date(1990, 1, 1), 1, "day", date(2026, 2, 27))
        self.assertEqual(found, date(2026, 2, 28))

    def test_no_interval_is_no_series(self):
        for number in (0, -1):
            with self.subTest(number=number), self.assertRaises(ValueError):
                nth(MONDAY, number, "day", 1)

    def test_seasons(self):
        for months, day, after, expected in SEASONS:
            with self.subTest(months=months, day=day, after=after):
                self.assertEqual(next_in_season(months, day, after), expected)
        for months in (set(), {13}):
            with self.subTest(months=months), self.assertRaises(ValueError):
                next_in_season(months, 1, MONDAY)

    def test_targets(self):
        for start, interval, after, expected in TARGETS:
            with self.subTest(start=start, interval=interval, after=after):
                self.assertEqual(next_target(start, interval, after), expected)
        with self.assertRaises(ValueError):
            next_target(0.0, 0.0, 1.0)

    def test_hours_are_those_of_the_customer(self):
        for day, hour, expected in MOMENTS:
            with self.subTest(day=day, hour=hour):
                self.assertEqual(at_hour(day, hour, MADRID), expected)

    def test_missed(self):
        days = [date(2026, month, 1) for month in (1, 2, 3)]
        for today, missed in (
            (date(2025, 12, 31), 0),
            (date(2026, 1, 1), 0),
            (date(2026, 1, 2), 0),
            (date(2026, 2, 2), 1),
            (date(2026, 12, 1), 2),
        ):
            with self.subTest(today=today):
                self.assertEqual(
                    split_missed(days, today), (days[:missed], days[missed:])
                )
        self.assertEqual(split_missed([], MONDAY), ([], []))

    def test_lateness(self):
        for done, tolerance, expected in (
            (MONDAY, 0, (0, False)),
            (date(2026, 3, 3), 0, (1, True)),
            (date(2026, 3, 9), 7, (7, False)),
            (date(2026, 3, 10), 7, (8, True)),
            (date(2026, 2, 27), 7, (-3, False)),
        ):
            with self.subTest(done=done, tolerance=tolerance):
                self.assertEqual(lateness(MONDAY, done, tolerance), expected)

    # -- trips

    def _place(self, visits, free=None, trips_=(), earliest=MONDAY, around=7):
        visits = [visit._replace(earliest=earliest, around=around) for visit in visits]
        return place(visits, free or {"pau": _week()}, list(trips_))

    def test_neighbours_share_a_trip(self):
        placed = self._place(
            [
                _visit(1, due=date(2026, 3, 3)),
                _visit(2, "jordi", BCN_2, due=date(2026, 3, 5)),
                _visit(3, "lluís", GIRONA, due=date(2026, 3, 4)),
            ]
        )
        self.assertEqual(placed[1], ("pau", datetime(2026, 3, 3, 8)))
        # Two days before it is due, right after the first.
        self.assertEqual(placed[2], ("pau", datetime(2026, 3, 3, 9)))
        self.assertEqual(placed[3], ("pau", datetime(2026, 3, 4, 8)))

    def test_a_trip_of_others_is_joined(self):
        tuesday = date(2026, 3, 3)
        trip = Trip(tuesday, "pau", "jordi", BCN_2)
        placed = self._place([_visit(1, due=date(2026, 3, 6))], trips_=[trip])
        self.assertEqual(placed[1], ("pau", datetime(2026, 3, 3, 8)))
        # Not one that is too far from the due date, nor one that is over.
        placed = self._place([_visit(1, due=date(2026, 3, 6))], trips_=[trip], around=2)
        self.assertEqual(placed[1][1].date(), date(2026, 3, 6))
        placed = self._place(
            [_visit(1, due=date(2026, 3, 4))],
            trips_=[trip],
            earliest=date(2026, 3, 4),
        )
        self.assertEqual(placed[1][1].date(), date(2026, 3, 4))

    def test_the_same_customer_comes_before_the_same_city(self):
        placed = self._place(
            [_visit(1, due=date(2026, 3, 4))],
            trips_=[
                Trip(date(2026, 3, 4), "pau", "jordi", BCN_2),
                Trip(date(2026, 3, 6), "pau", "marta", BCN),
            ],
        )
        self.assertEqual(placed[1][1].date(), date(2026, 3, 6))

    def test_a_full_day_sends_to_the_next(self):
        placed = self._place([_visit(n, due=MONDAY, hours=4.0) for n in (1, 2, 3)])
        self.assertEqual(
            [placed[n][1] for n in (1, 2, 3)],
            [
                datetime(2026, 3, 2, 8),
                datetime(2026, 3, 2, 13),
                datetime(2026, 3, 3, 8),
            ],
        )

    def test_nobody_works_on_holidays_and_leave(self):
        free = {"pau": _week(date(2026, 3, 9)), "eva": _day(date(2026, 3, 4), (9, 11))}
        visits = [_visit(n, people=("pau", "eva"), hours=2.0) for n in (1, 2)]
        placed = self._place(visits, free)
        self.assertEqual(placed[1], ("eva", datetime(2026, 3, 4, 9)))
        self.assertEqual(placed[2], ("pau", datetime(2026, 3, 9, 8)))

    def test_the_preferred_one_is_waited_for_but_not_for_ever(self):
        visit = _visit(1, people=("eva", "pau"), preferred="pau")
        free = {"eva": _week(), "pau": _day(date(2026, 3, 6), (9, 12))}
        self.assertEqual(
            self._place([visit], free)[1], ("pau", datetime(2026, 3, 6, 9))
        )
        free["pau"] = _day(date(2026, 3, 20), (9, 12))
        self.assertEqual(
            self._place([visit], free)[1], ("eva", datetime(2026, 3, 2, 8))
        )

    def test_who_finds_no_time_is_left_out(self):
        placed = self._place([_visit(1, hours=9.0), _visit(2, hours=1.0)])
        self.assertEqual(set(placed), {2})
        self.assertEqual(self._place([_visit(1)], {"pau": []}), {})

    def test_what_is_late_is_served_as_soon_as_possible(self):
        placed = self._place(
            [_visit(1, due=date(2026, 1, 7))], earliest=date(2026, 3, 3)
        )
        self.assertEqual(placed[1][1], datetime(2026, 3, 3, 8))

    def test_visits_of_one_series_never_meet(self):
        for gap, count in ((7, 4), (3, 8), (1, 10)):
            near = around(7, gap)
            free = {"pau": _week(days=40)}
            visits = [
                _visit(
                    n,
                    due=date.fromordinal(MONDAY.toordinal() + n * gap),
                    series="bike",
                )
                for n in range(count)
            ]
            placed = self._place(visits, free, around=near)
            days = [placed[n][1].date() for n in range(count)]
            with self.subTest(gap=gap):
                self.assertEqual(days, [visit.due for visit in visits])

    def test_the_next_of_a_series_is_not_waited_for(self):
        # Nobody works on the weekend: Saturday's is overtaken by Monday's.
        saturday = date(2026, 3, 7)
        free = {"pau": _week() + _week(date(2026, 3, 9))}
        late = _visit(1, due=saturday, series="bike", until=date(2026, 3, 9))
        self.assertEqual(self._place([late], free), {})
        placed = self._place([late._replace(until=date(2026, 3, 10))], free)
        self.assertEqual(placed[1][1].date(), date(2026, 3, 9))
        # A trip of its own series is not joined, nor another begun on that day.
        trip = Trip(date(2026, 3, 9), "pau", "marta", BCN, "bike")
        alone = late._replace(until=None)
        placed = self._place([alone], free, [trip])
        self.assertEqual(placed[1][1].date(), date(2026, 3, 10))

    def test_rather_early_than_too_late(self):
        due = date(2026, 3, 10)
        visit = _visit(1, due=due, early=date(2026, 3, 5))
        # Nobody works from the 9th to the 20th.
        free = {"pau": _week() + _week(date(2026, 3, 23))}
        placed = self._place([visit], free)
        self.assertEqual(placed[1], ("pau", datetime(2026, 3, 6, 8)))
        for early, near, day in (
            (date(2026, 3, 7), 7, date(2026, 3, 23)),
            (date(2026, 3, 5), 3, date(2026, 3, 23)),
            (date(2026, 3, 5), 13, date(2026, 3, 23)),
            (None, 7, date(2026, 3, 23)),
        ):
            with self.subTest(early=early, around=near):
                placed = self._place([visit._replace(early=early)], free, around=near)
                self.assertEqual(placed[1][1].date(), day)
        placed = self._place([visit], {"pau": _week()})
        self.assertEqual(placed[1][1].date(), date(2026, 3, 6))

    def test_the_workshop_has_no_neighbours(self):
        placed = self._place(
            [
                _visit(1, places=(None,), due=date(2026, 3, 3)),
                _visit(2, "jordi", (None,), due=date(2026, 3, 4)),
                _visit(3, places=(None,), due=date(2026, 3, 5)),
            ]
        )
        self.assertEqual(placed[2][1].date(), date(2026, 3, 4))
        # But who brings one thing brings the other, too.
        self.assertEqual(placed[3][1].date(), date(2026, 3, 3))
