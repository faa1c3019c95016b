# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What fails next: which share of the units fails in which band of age or usage, and
when a part that wears out has to be changed.

A unit counts in a band once it has lived through the band: of units that were sold last
month nobody knows yet how they do in their second year, so they don't dilute it.
"""

import math

from dateutil.relativedelta import relativedelta

from .counter import predict

#: Ends of the bands of age, in months.
AGE_ENDS = (3, 6, 12, 24, 36, 48, 60, 84, 120)
DAYS_IN_MONTH = 365.25 / 12
#: A product with fewer failures, and a band with fewer units, tells nothing.
MIN_CASES = 5
MIN_UNITS = 5
#: Of usage at most so many bands are made.
USAGE_BANDS = 10


def age_ends():
    """The ends of the bands of age, in days.

    >>> age_ends()[:3]
    [91, 183, 365]
    """
    return [round(months * DAYS_IN_MONTH) for months in AGE_ENDS]


def usage_ends(highest):
    """Ends of even bands of usage that people like to read, up to `highest`.

    >>> usage_ends(1234)
    [200.0, 400.0, 600.0, 800.0, 1000.0, 1200.0]
    >>> usage_ends(0.5)
    [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]
    >>> usage_ends(0)
    []
    """
    if highest <= 0:
        return []
    power = 10.0 ** math.floor(math.log10(highest / USAGE_BANDS))
    step = next(
        power * one for one in (1, 2, 5, 10) if highest / (power * one) <= USAGE_BANDS
    )
    return [round(step * n, 9) for n in range(1, int(highest / step + 1e-9) + 1)]


def shares(count, lived, failed, cases):
    """What is known of each of `count` bands, or nothing when there are too few cases.

    :param lived: {number of bands lived through: units}
    :param failed: {band, from 0: units that failed in it, of those that lived it}
    :param cases: {band: failures of theirs}
    :return: [(band, units at risk, failed, cases, share of 1)]

    >>> shares(3, {1: 60, 2: 40}, {0: 5, 1: 4}, {0: 5, 1: 6})
    [(0, 100, 5, 5, 0.05), (1, 40, 4, 6, 0.1)]
    >>> shares(3, {1: 60, 2: 40}, {0: 4}, {0: 4})
    []
    """
    if sum(cases.values()) < MIN_CASES:
        return []
    found = []
    for band in range(count):
        at_risk = sum(units for bands, units in lived.items() if bands > band)
        if at_risk >= MIN_UNITS:
            broken = min(failed.get(band, 0), at_risk)
            found.append((band, at_risk, broken, cases.get(band, 0), broken / at_risk))
    return found


def wear_due(fitted, months, fitted_total, usage, points):
    """The day on which a part is worn out, and by what: (date, "age" or "usage").

    :param fitted: date on which it was fitted
    :param months: its life in months, or 0
    :param fitted_total: what the counter's total was then, or None
    :param usage: its life by that counter, or 0
    :param points: readings as of ``counter.predict``
    :return: (None, None) when nothing says so

    >>> from datetime import date as d
    >>> points = [(d(2026, 1, 1), 100.0), (d(2026, 1, 11), 150.0)]
    >>> wear_due(d(2026, 1, 31), 1, None, 0, [])
    (datetime.date(2026, 2, 28), 'age')
    >>> wear_due(d(2026, 1, 1), 12, 100.0, 100, points)
    (datetime.date(2026, 1, 21), 'usage')
    >>> wear_due(d(2026, 1, 1), 0, None, 100, points)
    (None, None)
    """
    found = []
    if months > 0:
        found.append((fitted + relativedelta(months=months), "age"))
    if usage > 0 and fitted_total is not None:
        day, _why = predict(points, fitted_total + usage)
        if day:
            found.append((day, "usage"))
    return min(found, default=(None, None))


def shortfall(planned, expected, available):
    """How much has to be got: what is needed beyond what there will be.

    >>> shortfall(4, 2.5, 5), shortfall(4, 2.5, 10), shortfall(0, 0, -3)
    (1.5, 0, 3)
    """
    return max(planned + expected - available, 0)
