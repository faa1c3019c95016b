# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""When a mail may arrive: plain Python, no database."""

from datetime import timedelta


def after_quiet_hours(moment, start, end):
    """The first moment from `moment` on that lies outside the quiet hours.

    :param moment: a datetime on the customer's clock
    :param start: the hour (float, 0 to 24) at which it gets quiet
    :param end: the hour at which it ends; before `start`, it is the next morning's.
        The same as `start`: it is never quiet.

    >>> from datetime import datetime
    >>> def at(hour, minute=0):
    ...     return datetime(2026, 3, 10, hour, minute)
    >>> after_quiet_hours(at(12), 20, 9) == at(12)
    True
    >>> print(after_quiet_hours(at(22, 15), 20, 9))
    2026-03-11 09:00:00
    >>> print(after_quiet_hours(at(3), 20, 8.5))
    2026-03-10 08:30:00
    >>> print(after_quiet_hours(at(14, 59), 13, 15))
    2026-03-10 15:00:00
    >>> after_quiet_hours(at(3), 8, 8) == at(3)
    True
    """
    hour = moment.hour + moment.minute / 60 + moment.second / 3600
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    morning = midnight + timedelta(hours=end)
    if start <= end:
        return morning if start <= hour < end else moment
    if hour >= start:
        return morning + timedelta(days=1)
    return morning if hour < end else moment


def anniversary_range(seen, today, months_before):
    """The days (first, last] whose later anniversary fell after `seen`, till `today`.

    :param months_before: a function that goes back the rule's months from a date

    The ranges of successive runs touch and don't overlap, whatever the month's length.

    >>> from datetime import date
    >>> def back(day):
    ...     year, month = divmod(day.year * 12 + day.month - 2, 12)
    ...     return date(year, month + 1, min(day.day, 28))
    >>> print(*anniversary_range(date(2026, 3, 9), date(2026, 3, 10), back))
    2026-02-09 2026-02-10
    """
    return months_before(seen), months_before(today)
