# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Days that come back every year, and the deliveries whose day has come."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

#: So many years are counted: longer ago nobody celebrates.
YEARS = range(1, 31)


def anniversary(start, years):
    """The same day `years` later; of 29 February, where there is none, the 28th.

    >>> from datetime import date
    >>> anniversary(date(2024, 2, 29), 1), anniversary(date(2024, 2, 29), 4)
    (datetime.date(2025, 2, 28), datetime.date(2028, 2, 29))
    """
    return start + relativedelta(years=years)


def end_of_first_year(start):
    """The last day of the first year.

    >>> from datetime import date
    >>> end_of_first_year(date(2025, 1, 1)), end_of_first_year(date(2024, 2, 29))
    (datetime.date(2025, 12, 31), datetime.date(2025, 2, 27))
    """
    return anniversary(start, 1) - timedelta(days=1)


def starts_of_anniversaries(day, years=YEARS):
    """{start: years} of what has its anniversary on `day`.

    >>> from datetime import date
    >>> sorted(starts_of_anniversaries(date(2025, 2, 28), range(1, 3)))
    [datetime.date(2023, 2, 28), datetime.date(2024, 2, 28), datetime.date(2024, 2, 29)]
    >>> sorted(starts_of_anniversaries(date(2024, 2, 29), range(1, 5)))
    [datetime.date(2020, 2, 29)]
    """
    starts = {}
    for number in years:
        earlier = day - relativedelta(years=number)
        for start in (earlier, earlier + timedelta(days=1)):
            if anniversary(start, number) == day:
                starts[start] = number
    return starts


def starts_of_first_years(day):
    """The starts whose first year ends on `day`.

    >>> from datetime import date
    >>> sorted(starts_of_first_years(date(2025, 2, 27)))
    [datetime.date(2024, 2, 28), datetime.date(2024, 2, 29)]
    """
    return set(starts_of_anniversaries(day + timedelta(days=1), [1]))
