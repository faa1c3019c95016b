# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""When preventive care is due.

Dates are counted from the original start, never from the date before: a month that is
too short shortens its own date and no later one.
"""

from datetime import date, datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

#: What lies outside these days is a typing error, and can't be computed with.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)

UNITS = {"day": "days", "week": "weeks", "month": "months"}


def is_plannable(day):
    """Whether dates can be planned from or until `day`.

    >>> is_plannable(date(2026, 3, 1)), is_plannable(date(9999, 12, 31))
    (True, False)
    """
    return FIRST_DAY <= day <= LAST_DAY


def nth(start, number, unit, count):
    """The date `count` intervals of `number` `unit` after `start`.

    >>> from datetime import date
    >>> nth(date(2025, 1, 31), 1, "month", 1)
    datetime.date(2025, 2, 28)
    >>> nth(date(2025, 1, 31), 1, "month", 2)
    datetime.date(2025, 3, 31)
    >>> nth(date(2024, 2, 29), 12, "month", 4)
    datetime.date(2028, 2, 29)
    """
    if number <= 0:
        raise ValueError("An interval lasts at least one day")
    return start + relativedelta(**{UNITS[unit]: number * count})


def next_in_interval(start, number, unit, after):
    """The first date of the series from `start` that comes later than `after`.

    The start itself is no date of the series: care begins an interval later.

    >>> from datetime import date
    >>> next_in_interval(date(2025, 1, 31), 1, "month", date(2025, 2, 28))
    datetime.date(2025, 3, 31)
    >>> next_in_interval(date(2025, 1, 31), 1, "month", date(2024, 1, 1))
    datetime.date(2025, 2, 28)
    >>> next_in_interval(date(2025, 1, 1), 90, "day", date(2026, 1, 1))
    datetime.date(2026, 3, 27)
    """
    if unit == "month":
        passed = (after.year - start.year) * 12 + after.month - start.month
    else:
        passed = (after - start).days // (7 if unit == "week" else 1)
    count = max(passed // max(number, 1), 1)
    # The count of whole months may be one too many, by the day of the month.
    while count > 1 and nth(start, number, unit, count - 1) > after:
        count -= 1
    while nth(start, number, unit, count) <= after:
        count += 1
    return nth(start, number, unit, count)


def next_in_season(months, day, after):
    """The first date later than `after` that is `day` of one of `months`.

    A month that has no such day is served on its last one.

    >>> from datetime import date
    >>> next_in_season({3, 10}, 15, date(2026, 3, 15))
    datetime.date(2026, 10, 15)
    >>> next_in_season({2}, 31, date(2026, 3, 1))
    datetime.date(2027, 2, 28)
    >>> next_in_season({2}, 31, date(2027, 3, 1))
    datetime.date(2028, 2, 29)
    """
    if not set(months) & set(range(1, 13)):
        raise ValueError("A season has at least one month")
    first = after.replace(day=1)
    for ahead in range(14):
        month = first + relativedelta(months=ahead)
        if month.month in months:
            found = month + relativedelta(day=day)
            if found > after:
                return found
    raise AssertionError("a year has all months")


def next_target(start, interval, after):
    """The first reading of the series from `start` that is higher than `after`.

    >>> next_target(0.0, 250.0, 0.0)
    250.0
    >>> next_target(100.0, 250.0, 900.0)
    1100.0
    >>> next_target(0.0, 0.1, 0.3)
    0.4
    """
    if interval <= 0:
        raise ValueError("A counter's interval is more than nothing")
    # Steps of a tenth must not be lost by the binary fraction that stands for it.
    passed = max(int(round((after - start) / interval, 6)), 0)
    return round(start + interval * (passed + 1), 6)


def split_missed(dates, today):
    """Tell apart what can still be served of `dates`, in order.

    Of those that have passed only the last one is served: nobody comes three times
    at once because nobody came for three months.

    :return: (missed dates, dates to serve)

    >>> from datetime import date
    >>> days = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    >>> missed, served = split_missed(days, date(2026, 3, 15))
    >>> [day.month for day in missed], [day.month for day in served]
    ([1, 2], [3, 4])
    """
    past = [day for day in dates if day < today]
    missed = past[:-1]
    return missed, dates[len(missed) :]


def at_hour(day, hour, zone):
    """The moment of `hour` (float) o'clock on `day` in `zone`, as naive UTC.

    The customer's clock counts, on either side of the change of time.

    >>> from datetime import date
    >>> zone = pytz.timezone("Europe/Madrid")
    >>> at_hour(date(2026, 3, 28), 9, zone), at_hour(date(2026, 3, 29), 9, zone)
    (datetime.datetime(2026, 3, 28, 8, 0), datetime.datetime(2026, 3, 29, 7, 0))
    """
    wall = datetime.combine(day, time()) + timedelta(hours=hour)
    local = zone.normalize(zone.localize(wall))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def lateness(due, done, tolerance):
    """How many days after `due` it was done, and whether that is late.

    >>> from datetime import date
    >>> lateness(date(2026, 3, 1), date(2026, 3, 6), 7)
    (5, False)
    >>> lateness(date(2026, 3, 1), date(2026, 3, 9), 7)
    (8, True)
    >>> lateness(date(2026, 3, 1), date(2026, 2, 27), 7)
    (-2, False)
    """
    days = (done - due).days
    return days, days > tolerance
