# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Time that counts: deadlines in working hours, with pauses.

Intervals are (start, end) pairs of datetimes, sorted, not overlapping, all naive in
UTC or all aware. The calendar's own time zone, holidays and DST are already in them:
whoever builds the intervals (Odoo's ``resource.calendar``) knows them.
"""

from datetime import timedelta


def subtract(intervals, pauses):
    """The parts of `intervals` that lie in none of `pauses`.

    >>> from datetime import datetime as d
    >>> day = [(d(2026, 3, 2, 9), d(2026, 3, 2, 17))]
    >>> lunch = (d(2026, 3, 2, 11), d(2026, 3, 2, 12))
    >>> [(start.hour, end.hour) for start, end in subtract(day, [lunch])]
    [(9, 11), (12, 17)]
    """
    remaining = list(intervals)
    for pause_start, pause_end in pauses:
        pieces = []
        for start, end in remaining:
            if pause_end <= start or end <= pause_start:
                pieces.append((start, end))
                continue
            if start < pause_start:
                pieces.append((start, pause_start))
            if pause_end < end:
                pieces.append((pause_end, end))
        remaining = pieces
    return remaining


def deadline(start, hours, intervals, pauses=()):
    """The moment at which `hours` of working time have passed since `start`.

    Return None when the intervals end before that.

    >>> from datetime import datetime as d
    >>> week = [(d(2026, 3, day, 9), d(2026, 3, day, 17)) for day in (2, 3)]
    >>> deadline(d(2026, 3, 2, 15), 4, week)
    datetime.datetime(2026, 3, 3, 11, 0)
    >>> deadline(d(2026, 3, 2, 15), 40, week) is None
    True
    """
    left = timedelta(hours=hours)
    for begin, end in subtract(intervals, pauses):
        begin = max(begin, start)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None
