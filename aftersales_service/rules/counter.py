# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What the readings of a usage counter tell: whether one can be, how much a product is
used, and on which day it will have been used so much.

The total of a counter goes on where its display begins anew: after it rolled over, and
after another counter was fitted.
"""

import math
from collections import namedtuple
from datetime import timedelta

#: One reading: moment (datetime or date), what the display showed, how it follows the
#: reading before ("normal", "rolled_over" or "replaced"), and for a counter that was
#: replaced what the new one showed when it was fitted.
Reading = namedtuple("Reading", "moment value kind start", defaults=("normal", 0.0))

#: What is used a day is judged by the readings of so many days before the last one.
WINDOW_DAYS = 365
#: Readings that lie closer together tell nothing of a day.
MIN_DAYS = 7
#: What is further ahead is no date to plan by.
MAX_DAYS = 20 * 365
#: No counter shows that much, and none was read before that year.
TOO_MUCH = 1e9
FIRST_YEAR = 1970
#: A jump is judged over one day at least: two readings of one morning are no pace.
MIN_JUMP_DAYS = 1.0


def refusal(value, highest, moment, now, delivered):
    """Why there can't be such a reading, or None.

    :param highest: the highest value the display can show; 0 when there is no limit
    :param moment, now: datetimes; `delivered`: datetime of the delivery or None

    >>> from datetime import datetime as d
    >>> now, sold = d(2026, 3, 2), d(2025, 3, 2)
    >>> refusal(12.5, 0, d(2026, 3, 1), now, sold)
    >>> refusal(float("nan"), 0, d(2026, 3, 1), now, sold)
    'not_a_number'
    >>> refusal(100000, 99999, d(2026, 3, 1), now, sold)
    'overflow'
    >>> refusal(12, 0, d(2026, 3, 3), now, sold)
    'future'
    """
    if not math.isfinite(value):
        return "not_a_number"
    if value < 0:
        return "negative"
    if value >= TOO_MUCH:
        return "too_much"
    if highest and value > highest:
        return "overflow"
    if moment > now:
        return "future"
    if moment.year < FIRST_YEAR or delivered and moment < delivered:
        return "before_delivery"
    return None


def question(reading, before, after, highest_a_day, delivered=None):
    """Why a person has to look at `reading`, or None.

    :param before, after: its counted neighbours in time, or None
    :param highest_a_day: more than that in a day is absurd; 0 when nothing is
    :param delivered: datetime from which on it was used, for the first reading, or None

    >>> from datetime import datetime as d
    >>> first, second = Reading(d(2026, 1, 1), 100), Reading(d(2026, 1, 11), 300)
    >>> question(second, first, None, 24)
    >>> question(second._replace(value=99), first, None, 24)
    'lower'
    >>> question(second._replace(value=400), first, None, 24)
    'jump'
    >>> question(Reading(d(2026, 1, 5), 301), first, second, 0)
    'higher'
    """
    if before and reading.value < before.value:
        return "lower"
    if after and after.kind == "normal" and reading.value > after.value:
        return "higher"
    since = before.moment if before else delivered
    if since and highest_a_day:
        days = (reading.moment - since).total_seconds() / 86400
        used = reading.value - (before.value if before else 0)
        if used > highest_a_day * max(days, MIN_JUMP_DAYS):
            return "jump"
    return None


def step(reading, before, highest):
    """How much was used from the reading `before` to `reading`; never less than zero.

    >>> step(Reading(2, 15, "rolled_over"), Reading(1, 990), 999)
    25
    >>> step(Reading(2, 40, "replaced", 10), Reading(1, 990), 999)
    30
    >>> step(Reading(2, 40), Reading(1, 990), 999)
    -950
    """
    if reading.kind == "rolled_over":
        # After the highest value the display shows zero: that is a step too.
        return highest + 1 - before.value + reading.value
    if reading.kind == "replaced":
        return reading.value - reading.start
    return reading.value - before.value


def going_on(readings, highest):
    """Whether each of `readings`, sorted by time, goes on from the last one that does.

    >>> going_on([Reading(1, 100), Reading(2, 1000), Reading(3, 300)], 0)
    [True, True, False]
    >>> going_on([Reading(1, 500), Reading(2, 30), Reading(3, 510)], 0)
    [True, False, True]
    """
    found = []
    before = None
    for reading in readings:
        goes_on = before is None or step(reading, before, highest) >= 0
        found.append(goes_on)
        if goes_on:
            before = reading
    return found


def totals(readings, highest):
    """The total after each of `readings`, which are sorted by time and go on.

    The first one counts as it stands: what was used before it is on the display.

    >>> totals([Reading(1, 990), Reading(2, 15, "rolled_over")], 999)
    [990, 1015]
    >>> totals([Reading(1, 990), Reading(2, 40, "replaced", 10), Reading(3, 50)], 999)
    [990, 1020, 1030]
    """
    found = []
    before = None
    for reading in readings:
        if before is None:
            found.append(reading.value)
        else:
            found.append(found[-1] + step(reading, before, highest))
        before = reading
    return found


def usage_per_day(points):
    """How much is used a day, and why that is not known: (float, None) or (None, why).

    :param points: (date, total), sorted; what was used lately counts
    :return: why is "few" (fewer than two days were read), "close" (they lie less than a
        week apart) or "unused" (the counter stands still)

    >>> from datetime import date as d
    >>> usage_per_day([(d(2026, 1, 1), 100.0), (d(2026, 1, 11), 150.0)])
    (5.0, None)
    >>> usage_per_day([(d(2026, 1, 1), 100.0)])
    (None, 'few')
    >>> usage_per_day([(d(2026, 1, 1), 100.0), (d(2026, 1, 2), 150.0)])
    (None, 'close')
    """
    if len({day for day, _total in points}) < 2:
        return None, "few"
    last_day, last = points[-1]
    recent = [
        point for point in points if point[0] >= last_day - timedelta(days=WINDOW_DAYS)
    ]
    if (last_day - recent[0][0]).days < MIN_DAYS:
        # Nothing else within the year: an older one is better than none.
        older = [point for point in points if (last_day - point[0]).days >= MIN_DAYS]
        if not older:
            return None, "close"
        recent = older[-1:]
    first_day, first = recent[0]
    if last <= first:
        return None, "unused"
    return (last - first) / (last_day - first_day).days, None


def predict(points, target):
    """The day on which the total reaches `target`: (date, None) or (None, why not).

    It may have passed: `target` was reached then, or should have been since the last
    reading.

    :param points: as of `usage_per_day`
    :return: why as there, or "far" (more than twenty years ahead)

    >>> from datetime import date as d
    >>> points = [(d(2026, 1, 1), 100.0), (d(2026, 1, 11), 150.0)]
    >>> predict(points, 250.0)
    (datetime.date(2026, 1, 31), None)
    >>> predict(points, 120.0)
    (datetime.date(2026, 1, 11), None)
    >>> predict(points, 1e9)
    (None, 'far')
    """
    for day, total in points:
        if total >= target:
            return day, None
    per_day, why = usage_per_day(points)
    if why:
        return None, why
    last_day, last = points[-1]
    days = (target - last) / per_day
    if days > MAX_DAYS:
        return None, "far"
    # Whoever comes on that day still comes in time.
    return last_day + timedelta(days=int(days)), None


def parse_number(text, decimal_point, thousands_sep):
    """The number that a person wrote, or None when it is none.

    Of a point and a comma the last one stands before the decimals, whatever the
    language of the page.

    >>> parse_number("12.345,5", ",", "."), parse_number("12 345 km", ",", ".")
    (12345.5, 12345.0)
    >>> parse_number("12.5", ",", "."), parse_number("1.250", ",", ".")
    (12.5, 1250.0)
    >>> parse_number("1e9", ".", ","), parse_number("nan", ".", ",")
    (None, None)
    """
    text = "".join(text.replace("\u00a0", " ").split()).rstrip("kmh")
    if "." in text and "," in text:
        decimal_point, thousands_sep = sorted(".,", key=text.rfind, reverse=True)
        groups = text.rpartition(decimal_point)[0].split(thousands_sep)
        if not all(len(group) == 3 for group in groups[1:]):
            return None
    grouped = thousands_sep and decimal_point not in text and text.count(thousands_sep)
    if grouped:
        groups = text.split(thousands_sep)
        # “12.5” is no thousand, wherever the point stands for thousands.
        if not all(len(group) == 3 for group in groups[1:]):
            if grouped > 1 or thousands_sep not in ".,":
                return None
            decimal_point, thousands_sep = thousands_sep, ""
    if thousands_sep:
        text = text.replace(thousands_sep, "")
    text = text.replace(decimal_point, ".")
    whole, _point, part = text.removeprefix("-").partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit():
        return None
    return float(text)
