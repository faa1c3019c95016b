# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""The way of a claim as its customer sees it: which steps, and where it stands."""

from dataclasses import dataclass
from datetime import datetime

#: What may still come, has begun, or is over.
AHEAD, BEGUN, OVER = "ahead", "begun", "over"


@dataclass(frozen=True)
class Facts:
    """What is known of a claim; dates are naive UTC or None where unknown.

    ``goods`` (the parcel to us), ``parts``, ``repair`` and ``shipping`` are None for
    what this claim has not got, else one of AHEAD, BEGUN and OVER.
    """

    category: str
    received: datetime | None = None
    diagnosis: datetime | None = None
    waiting: datetime | None = None
    closed: datetime | None = None
    has_quote: bool = False
    goods: str | None = None
    goods_date: datetime | None = None
    parts: str | None = None
    repair: str | None = None
    repair_date: datetime | None = None
    shipping: str | None = None
    shipping_date: datetime | None = None


def steps(facts):
    """The steps in order, as [(key, date or None, "done" | "current" | "ahead")].

    Keys: received, diagnosis, goods_expected, goods, parts, repair, repaired, shipping,
    shipped, waiting, quote, solved, cancelled. At most one step is current.

    >>> steps(Facts("new"))[0]
    ('received', None, 'current')
    >>> [key for key, _date, _state in steps(Facts("in_progress", repair=BEGUN))]
    ['received', 'diagnosis', 'repair', 'solved']
    >>> [state for _key, _date, state in steps(Facts("in_progress", repair=BEGUN))]
    ['done', 'done', 'current', 'ahead']
    """
    is_closed = facts.category in ("solved", "cancelled")
    known = [step for step in _known(facts) if step[2]]
    if is_closed:
        end = [(facts.category, facts.closed, "done")]
        return [
            (key, date, "done") for key, date, phase in known if phase != AHEAD
        ] + end
    last = max(i for i, (_key, _date, phase) in enumerate(known) if phase != AHEAD)
    is_waiting = facts.has_quote or facts.category == "waiting"
    found = []
    for index, (key, date, phase) in enumerate(known):
        if index == last and not is_waiting:
            state = "current"
        else:
            state = "ahead" if phase == AHEAD else "done"
        found.append((key, date, state))
    if is_waiting:
        key = "quote" if facts.has_quote else "waiting"
        found.insert(last + 1, (key, facts.waiting, "current"))
    return [*found, ("solved", None, "ahead")]


def _known(facts):
    """[(key, date, phase)] of the steps before the end; phase None: it has none."""
    later = (facts.goods, facts.parts, facts.repair, facts.shipping)
    has_begun = facts.category != "new" or BEGUN in later or OVER in later
    goods_key = "goods" if facts.goods == OVER else "goods_expected"
    return [
        ("received", facts.received, OVER),
        ("diagnosis", facts.diagnosis, BEGUN if has_begun else AHEAD),
        (goods_key, facts.goods_date, facts.goods),
        ("parts", None, facts.parts),
        (
            "repaired" if facts.repair == OVER else "repair",
            facts.repair_date,
            facts.repair,
        ),
        (
            "shipped" if facts.shipping == OVER else "shipping",
            facts.shipping_date,
            facts.shipping,
        ),
    ]
