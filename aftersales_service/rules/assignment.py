# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Who of a team gets the next claim."""

from typing import NamedTuple


class Member(NamedTuple):
    """A member as seen by the assignment; a capacity of 0 has no limit."""

    id: int
    load: int = 0
    capacity: int = 0
    category_ids: frozenset = frozenset()
    is_away: bool = False


def choose(method, members, category_ids=frozenset(), last_id=0):
    """The id of the member who gets a claim, or None when nobody can take it.

    Who is away or at capacity is skipped. Those skilled in one of the claim's
    `category_ids` (with all that are above them) come first, then those without any
    skill, who take anything; a claim about no known product is for everybody.

    :param method: "round_robin" (in turn, after `last_id`) or "balanced" (the fewest
        open claims; among equals in turn)

    >>> ann, bob = Member(1, load=4), Member(2, load=1)
    >>> choose("round_robin", [ann, bob], last_id=2)
    1
    >>> choose("balanced", [ann, bob], last_id=2)
    2
    >>> choose("balanced", [ann, bob._replace(capacity=1)])
    1
    >>> choose("balanced", [ann._replace(category_ids={7}), bob], {7, 3})
    1
    >>> choose("round_robin", [ann._replace(is_away=True)]) is None
    True
    """
    able = [
        member
        for member in members
        if not member.is_away and (not member.capacity or member.load < member.capacity)
    ]
    if category_ids:
        skilled = [m for m in able if not m.category_ids.isdisjoint(category_ids)]
        able = skilled or [m for m in able if not m.category_ids]
    if not able:
        return None

    def turn(member):
        return (member.id <= last_id, member.id)

    if method == "balanced":
        return min(able, key=lambda member: (member.load, turn(member))).id
    return min(able, key=turn).id
