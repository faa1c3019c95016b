# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Which SLA policies count for a claim."""

from typing import NamedTuple


class Policy(NamedTuple):
    """What a policy promises and for which claims; an empty criterion means any.

    One that is restricted counts only for claims that are entitled to it.
    """

    id: int
    target: str
    hours: float
    company_id: int = 0
    team_ids: frozenset = frozenset()
    type_ids: frozenset = frozenset()
    minimum_priority: str = "0"
    warning_percent: int = 25
    channel_ids: frozenset = frozenset()
    partner_category_ids: frozenset = frozenset()
    product_category_ids: frozenset = frozenset()
    is_restricted: bool = False


class Facts(NamedTuple):
    """What a policy looks at; the categories come with all that are above them."""

    company_id: int = 0
    team_id: int = 0
    type_id: int = 0
    priority: str = "1"
    channel_id: int = 0
    partner_category_ids: frozenset = frozenset()
    product_category_ids: frozenset = frozenset()
    entitled_ids: frozenset = frozenset()


def applies(policy, facts):
    """Whether `policy` counts for a claim with these `facts`.

    >>> urgent = Policy(1, "solved", 8.0, type_ids={7}, minimum_priority="3")
    >>> applies(urgent, Facts(type_id=7, priority="3"))
    True
    >>> applies(urgent, Facts(type_id=7, priority="1"))
    False
    >>> applies(urgent, Facts(type_id=9, priority="3"))
    False
    >>> gold = Policy(2, "solved", 8.0, partner_category_ids={4, 5})
    >>> applies(gold, Facts(partner_category_ids={5, 6}))
    True
    >>> applies(gold, Facts())
    False
    >>> bought = Policy(3, "solved", 4.0, is_restricted=True)
    >>> applies(bought, Facts()), applies(bought, Facts(entitled_ids={3}))
    (False, True)
    """
    return (
        (not policy.is_restricted or policy.id in facts.entitled_ids)
        and (not policy.company_id or policy.company_id == facts.company_id)
        and (not policy.team_ids or facts.team_id in policy.team_ids)
        and (not policy.type_ids or facts.type_id in policy.type_ids)
        and (not policy.channel_ids or facts.channel_id in policy.channel_ids)
        and facts.priority >= policy.minimum_priority
        and _meets(policy.partner_category_ids, facts.partner_category_ids)
        and _meets(policy.product_category_ids, facts.product_category_ids)
    )


def _meets(wanted, present):
    return not wanted or not wanted.isdisjoint(present)
