# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How long a warranty runs.

Periods count from date to date, as the Spanish Civil Code (art. 5) and Regulation
(EEC, Euratom) 1182/71 (art. 3) count them: the day it starts is not part of the
count, and the last day is covered whole. Where the month of the end has no such
day, the period ends on the last day of that month.
"""

from dateutil.relativedelta import relativedelta

UNITS = {"day": "days", "month": "months", "year": "years"}


def last_covered_day(start, duration, unit):
    """Return the last covered day, inclusive, of a period that starts on `start`.

    >>> from datetime import date
    >>> last_covered_day(date(2025, 5, 3), 3, "year")
    datetime.date(2028, 5, 3)
    >>> last_covered_day(date(2024, 2, 29), 3, "year")
    datetime.date(2027, 2, 28)
    >>> last_covered_day(date(2025, 1, 31), 1, "month")
    datetime.date(2025, 2, 28)
    >>> last_covered_day(date(2025, 3, 1), 14, "day")
    datetime.date(2025, 3, 15)
    >>> last_covered_day(None, 3, "year") is None
    True
    """
    if duration <= 0 and start:
        raise ValueError("A warranty lasts at least one day, month or year")
    return end_of_periods(start, [(duration, unit)])


def end_of_periods(start, periods):
    """Return the last covered day of `periods`, one after the other from `start`.

    Always computed from the original start: a period that is made longer is not
    added to an end that a short month has already cut.

    :param periods: list of (number, unit), the unit day, month or year

    >>> from datetime import date
    >>> end_of_periods(date(2024, 2, 29), [(3, "year"), (12, "month")])
    datetime.date(2028, 2, 29)
    >>> end_of_periods(date(2025, 1, 31), [(1, "month"), (10, "day")])
    datetime.date(2025, 3, 10)
    """
    if not start:
        return None
    whole = relativedelta()
    for number, unit in periods:
        whole += relativedelta(**{UNITS[unit]: number})
    return start + whole


def is_covered(day, start, end):
    """Tell whether `day` lies between both dates, both included.

    >>> from datetime import date
    >>> is_covered(date(2028, 5, 3), date(2025, 5, 3), date(2028, 5, 3))
    True
    >>> is_covered(date(2028, 5, 4), date(2025, 5, 3), date(2028, 5, 3))
    False
    >>> is_covered(date(2028, 5, 3), None, None)
    False
    """
    return bool(start and end and start <= day <= end)
