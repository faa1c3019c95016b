# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Until when goods may be given back because they do not please.

Defects are another matter: they are the warranty's.
"""

from datetime import timedelta


def last_return_day(delivered, days, withdrawal_days=0):
    """The last day, inclusive, on which goods may be given back, or None for never.

    The longer of what the shop grants and of what the law grants for sales at a
    distance; zero days of both is never. The day of the delivery is not counted.

    >>> from datetime import date
    >>> last_return_day(date(2026, 2, 15), 30)
    datetime.date(2026, 3, 17)
    >>> last_return_day(date(2026, 2, 15), 0, 14)
    datetime.date(2026, 3, 1)
    >>> last_return_day(date(2026, 2, 15), 0) is None
    True
    """
    longest = max(days, withdrawal_days)
    return delivered + timedelta(days=longest) if longest > 0 else None
