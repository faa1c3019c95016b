# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How long a maintenance contract runs, when it is billed, and what is left of it.

A term is a span of whole days: one year from 1 January ends on 31 December. Every
date is computed from the first day, so that a short month never moves what follows.
"""

from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .period import UNITS

#: Months of each period that is billed; what is billed at once has no period.
PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

#: What lies outside was mistyped.
YEARS = range(2000, 2200)
LONGEST = {"day": 366 * 50, "month": 12 * 50, "year": 50}


def is_plausible(day):
    """Tell whether a contract may begin or end on `day`.

    >>> from datetime import date
    >>> is_plausible(date(2026, 1, 1)), is_plausible(date(9999, 12, 31))
    (True, False)
    """
    return day.year in YEARS


def last_day_of_term(start, number, unit):
    """Return the last day, inclusive, of a term that starts on `start`.

    >>> from datetime import date
    >>> last_day_of_term(date(2026, 1, 1), 1, "year")
    datetime.date(2026, 12, 31)
    >>> last_day_of_term(date(2024, 2, 29), 1, "year")
    datetime.date(2025, 2, 27)
    >>> last_day_of_term(date(2026, 1, 31), 1, "month")
    datetime.date(2026, 2, 27)

    :raises ValueError: for a term of nothing, of over 50 years, or in no such year
    """
    if not 0 < number <= LONGEST[unit] or not is_plausible(start):
        raise ValueError("A contract lasts between one day and 50 years")
    return start + relativedelta(**{UNITS[unit]: number}) - timedelta(days=1)


def billing_periods(start, end, months):
    """List the (first, last) days of the periods of `months` from `start` to `end`.

    They leave no day out and share none; the last one ends with the term.

    >>> from datetime import date
    >>> billing_periods(date(2026, 1, 31), date(2026, 4, 29), 1)[:2]
    [(datetime.date(2026, 1, 31), datetime.date(2026, 2, 27)), \
(datetime.date(2026, 2, 28), datetime.date(2026, 3, 30))]
    >>> len(billing_periods(date(2024, 2, 29), date(2025, 2, 27), 1))
    12
    """
    periods, number, first = [], 0, start
    while first <= end:
        number += 1
        following = start + relativedelta(months=months * number)
        periods.append((first, min(following - timedelta(days=1), end)))
        first = following
    return periods


def renewal_day(end, notice_days):
    """Return the day on which the customer is offered to go on.

    >>> from datetime import date
    >>> renewal_day(date(2026, 12, 31), 30)
    datetime.date(2026, 12, 1)
    """
    return end - timedelta(days=notice_days)


def unpaid_since(due_dates, grace_days):
    """Return the first day on which a contract with these open invoices stops.

    An invoice may be paid on the day it is due, and `grace_days` after it.

    >>> from datetime import date
    >>> unpaid_since([date(2026, 3, 31), date(2026, 2, 28)], 10)
    datetime.date(2026, 3, 11)
    >>> unpaid_since([], 10) is None
    True
    """
    if not due_dates:
        return None
    return min(due_dates) + timedelta(days=grace_days + 1)


def taken_back(billed, refunds):
    """Return the quantity of a billed line that credit notes took back in full.

    A lower price for all of it, or all of it for a part of the price, takes back what
    was paid back.

    :param billed: (quantity, amount)
    :param refunds: [(quantity, amount)]

    >>> taken_back((3.0, 90.0), [(1.0, 30.0)]), taken_back((3.0, 90.0), [(3.0, 45.0)])
    (1.0, 1.5)
    >>> taken_back((1.0, 30.0), [(1.0, 30.0), (1.0, 30.0)]), taken_back((2.0, 0.0), [])
    (1.0, 0.0)
    """
    quantity, amount = billed
    units = sum((refund[0] for refund in refunds), 0.0)
    paid_back = sum((refund[1] for refund in refunds), 0.0)
    worth = quantity * paid_back / amount if amount else units
    return round(min(quantity, units, worth), 2)


@dataclass(frozen=True)
class Allowance:
    """What a contract includes of something, and what was used of it."""

    included: float = 0.0
    used: float = 0.0
    is_unlimited: bool = False

    @property
    def left(self):
        """What is left; None where there is no limit.

        >>> Allowance(10, 4).left, Allowance(1, 3).left
        (6, 0.0)
        >>> Allowance(is_unlimited=True).left is None
        True
        """
        if self.is_unlimited:
            return None
        return max(self.included - self.used, 0.0)

    @property
    def has_some(self):
        """Whether anything is left."""
        return self.is_unlimited or self.left > 0

    def get_part(self, needed):
        """How much of `needed` is left.

        >>> Allowance(10, 7).get_part(5), Allowance(10, 7).get_part(2)
        (3, 2)
        >>> Allowance(is_unlimited=True).get_part(50)
        50
        """
        return needed if self.is_unlimited else min(needed, self.left)


def overlaps(one, other):
    """Tell whether two (first, last) spans of days have a day in common.

    >>> from datetime import date
    >>> year = (date(2026, 1, 1), date(2026, 12, 31))
    >>> overlaps(year, (date(2026, 12, 31), date(2027, 1, 1)))
    True
    >>> overlaps(year, (date(2027, 1, 1), date(2027, 12, 31)))
    False
    """
    return one[0] <= other[1] and other[0] <= one[1]
