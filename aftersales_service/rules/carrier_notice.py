# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Until when a carrier must be told in writing, and by which law.

Ley 15/2009 rules carriage by road within Spain, the CMR convention carriage by road
between countries. The day of the delivery itself is never counted. A period that is
missed does not end a claim, but from then on the sender has to prove that the goods
were damaged on the way.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

#: Days after the delivery: what is visible is reserved on delivery, delay in 21 days.
NOTICE_DAYS = {"damage": 0, "hidden": 7, "delay": 21}
#: Days until goods count as lost: after the day agreed, or after they were handed over.
LOST_DAYS = {"es": (20, 30), "cmr": (30, 60)}
SUNDAY = 6

SOURCES = {
    ("es", "damage"): "Ley 15/2009, art. 60.1",
    ("es", "hidden"): "Ley 15/2009, art. 60.1",
    ("es", "delay"): "Ley 15/2009, art. 60.3",
    ("es", "loss"): "Ley 15/2009, art. 54 / 79",
    ("cmr", "damage"): "CMR, art. 30.1",
    ("cmr", "hidden"): "CMR, art. 30.1",
    ("cmr", "delay"): "CMR, art. 30.3",
    ("cmr", "loss"): "CMR, art. 20 / 32",
}


def legal_basis(countries):
    """The law for a way through `countries` (ISO codes, unknown ones left out).

    >>> legal_basis({"ES"}), legal_basis(set()), legal_basis({"ES", "FR"})
    ('es', 'es', 'cmr')
    >>> legal_basis({"FR"})
    'cmr'
    """
    return "cmr" if set(countries) - {"ES"} else "es"


def notice_deadline(basis, kind, delivered=None, promised=None, shipped=None):
    """The last day to tell the carrier, or None while it can't be known.

    :param basis: "es" or "cmr"
    :param kind: "damage" (visible on delivery), "hidden", "delay" or "loss"
    :param delivered: date on which the carrier delivered
    :param promised: date that was agreed for the delivery
    :param shipped: date on which the carrier took the goods over

    >>> from datetime import date
    >>> notice_deadline("es", "hidden", date(2026, 3, 2))
    datetime.date(2026, 3, 9)
    >>> notice_deadline("cmr", "hidden", date(2026, 3, 2))
    datetime.date(2026, 3, 10)
    >>> notice_deadline("es", "loss", promised=date(2026, 3, 2))
    datetime.date(2027, 3, 22)
    """
    if kind == "loss":
        lost = lost_from(basis, promised, shipped)
        # Nothing has to be reserved; after a year the right itself is gone.
        return lost and lost + relativedelta(years=1)
    if not delivered:
        return None
    days = NOTICE_DAYS[kind]
    if (basis, kind) == ("cmr", "hidden"):
        # Public holidays are not counted either; they differ by place.
        return _add_days_but_sundays(delivered, days)
    return delivered + timedelta(days=days)


def lost_from(basis, promised=None, shipped=None):
    """From which day goods that never came count as lost, or None.

    >>> from datetime import date
    >>> lost_from("cmr", shipped=date(2026, 1, 1))
    datetime.date(2026, 3, 2)
    """
    after_promise, after_handover = LOST_DAYS[basis]
    if promised:
        return promised + timedelta(days=after_promise)
    return shipped and shipped + timedelta(days=after_handover)


def _add_days_but_sundays(day, count):
    while count:
        day += timedelta(days=1)
        if day.weekday() != SUNDAY:
            count -= 1
    return day
