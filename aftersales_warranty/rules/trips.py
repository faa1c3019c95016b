# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which day and whose hour: visits that lie together are served by one trip.

Free time is given as (start, end) datetimes, sorted, not overlapping; holidays, leave
and what is planned already are out of it. Days are those of the datetimes themselves:
give them in the zone of the people who work.
"""

from datetime import timedelta
from typing import NamedTuple


class Visit(NamedTuple):
    """What has to be placed.

    :param key: anything that tells it from others
    :param customer: who is visited
    :param places: where, from the nearest to the widest, e.g. (zip, city); empty for
        what is not served on site
    :param due: date
    :param earliest: date before which nobody comes
    :param hours: how long it takes, more than zero
    :param people: who may do it, in order
    :param preferred: who does it when there is time near the due date, or None
    :param around: how many days before or after it is due a trip is joined
    :param series: what it is one of several visits of, which are never on one day, or
        None
    :param until: date on which the next of its series is due, or None: it is placed
        before, or not at all
    :param early: date from which on it is rather done too early, by as many days as
        `around`, than later than that, or None
    """

    key: object
    customer: object
    places: tuple
    due: object
    earliest: object
    hours: float
    people: tuple
    preferred: object = None
    around: int = 0
    series: object = None
    until: object = None
    early: object = None


class Trip(NamedTuple):
    """A day on which somebody is on the way already."""

    day: object
    person: object
    customer: object
    places: tuple
    series: object = None


def around(tolerance, gap):
    """How many days a visit is moved to join a trip: it never meets the next one.

    That one is due `gap` days later.

    :param gap: days, or None when nobody knows

    >>> around(7, 30), around(7, 7), around(7, 1), around(7, None)
    (7, 3, 0, 7)
    """
    return tolerance if gap is None else min(tolerance, (gap - 1) // 2)


def nearness(visit, trip):
    """How well `visit` fits into `trip`: 0 the same customer, None not at all.

    >>> from datetime import date
    >>> day = date(2026, 3, 2)
    >>> visit = Visit(1, "marta", ("08001", "barcelona"), day, day, 1.0, ("pau",))
    >>> nearness(visit, Trip(day, "pau", "marta", ("08001", "barcelona")))
    0
    >>> nearness(visit, Trip(day, "pau", "jordi", ("08002", "barcelona")))
    2
    >>> nearness(visit, Trip(day, "pau", "jordi", ("17001", "girona"))) is None
    True
    >>> nearness(visit, Trip(day, "eva", "marta", ("08001", "barcelona"))) is None
    True
    """
    if trip.person not in visit.people or not visit.places:
        return None
    if visit.customer == trip.customer:
        return 0
    for rank, pair in enumerate(zip(visit.places, trip.places, strict=False), 1):
        if pair[0] and pair[0] == pair[1]:
            return rank
    return None


def first_gap(free, hours, earliest=None):
    """The start of the first piece of `free` that is long enough, or None.

    >>> from datetime import datetime as d
    >>> hours = [(9, 10), (12, 15)]
    >>> day = [(d(2026, 3, 2, start), d(2026, 3, 2, end)) for start, end in hours]
    >>> [gap and gap.hour for gap in (first_gap(day, 1), first_gap(day, 2))]
    [9, 12]
    >>> first_gap(day, 4) is None
    True
    """
    for start, end in free:
        start = max(start, earliest) if earliest else start
        if end - start >= timedelta(hours=hours):
            return start
    return None


def take(free, start, hours):
    """`free` without the `hours` from `start`."""
    end = start + timedelta(hours=hours)
    left = []
    for begin, stop in free:
        if stop <= start or end <= begin:
            left.append((begin, stop))
            continue
        if begin < start:
            left.append((begin, start))
        if end < stop:
            left.append((end, stop))
    return left


def _days(free):
    """{day: intervals} of `free`."""
    days = {}
    for start, end in free:
        days.setdefault(start.date(), []).append((start, end))
    return days


def place(visits, free, trips):
    """Choose day, hour and person of `visits`, those that lie together consecutively.

    A trip that somebody makes near the due date is joined, the nearest one first; else
    the first day from the due date on on which one of the people has the time.

    :param visits: list of Visit; the first due is placed first
    :param free: {person: [(start, end)]}
    :param trips: list of Trip
    :return: {key: (person, start)}; who finds no time is not in it
    """
    free = dict(free)
    trips = list(trips)
    placed = {}
    for visit in sorted(visits, key=lambda v: (v.due, str(v.places), str(v.customer))):
        found = _find(visit, free, trips)
        if not found:
            continue
        person, start = placed[visit.key] = found
        free[person] = take(free[person], start, visit.hours)
        day = start.date()
        trips.append(Trip(day, person, visit.customer, visit.places, visit.series))
    return placed


def _find(visit, free, trips):
    """(person, start) for `visit`, or None."""
    ours = visit.series is not None
    taken = {trip.day for trip in trips if ours and trip.series == visit.series}
    if visit.preferred is not None:
        alone = visit._replace(people=(visit.preferred,))
        found = _join(alone, free, trips, taken) or _begin(alone, free, taken)
        latest = max(visit.due, visit.earliest) + timedelta(days=visit.around)
        if found and found[1].date() <= latest:
            return found
    found = _join(visit, free, trips, taken) or _begin(visit, free, taken)
    if visit.early and (not found or found[1].date() > _latest(visit)):
        return _advance(visit, free, taken) or found
    return found


def _latest(visit):
    return visit.due + timedelta(days=visit.around)


def _advance(visit, free, taken):
    """The last day before it is due on which one of the people has the time."""
    earliest = max(visit.early, visit.due - timedelta(days=visit.around))
    found = []
    for rank, person in enumerate(visit.people):
        for day, pieces in _days(free.get(person, ())).items():
            start = earliest <= day < visit.due and first_gap(pieces, visit.hours)
            if start and _is_possible(visit, day, taken):
                found.append((-day.toordinal(), rank, (person, start)))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _is_possible(visit, day, taken):
    return day not in taken and (visit.until is None or day < visit.until)


def _join(visit, free, trips, taken):
    near = []
    for trip in trips:
        rank = nearness(visit, trip)
        apart = abs((trip.day - visit.due).days)
        if (
            rank is not None
            and apart <= visit.around
            and trip.day >= visit.earliest
            and _is_possible(visit, trip.day, taken)
        ):
            near.append((rank, apart, trip.day, trip.person))
    for _rank, _apart, day, person in sorted(near, key=lambda one: one[:3]):
        start = first_gap(_days(free.get(person, ())).get(day, ()), visit.hours)
        if start:
            return person, start
    return None


def _begin(visit, free, taken):
    """The first day on which one of the people has the time."""
    first = max(visit.due, visit.earliest)
    found = []
    for rank, person in enumerate(visit.people):
        days = _days(free.get(person, ()))
        for day in sorted(day for day in days if day >= first):
            if not _is_possible(visit, day, taken):
                continue
            start = first_gap(days[day], visit.hours)
            if start:
                found.append((day, rank, (person, start)))
                break
    return min(found, key=lambda one: one[:2])[2] if found else None
