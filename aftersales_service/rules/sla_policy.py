# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Which SLA policies count for a claim."""

from typing import NamedTuple


class Policy(NamedTuple):
    """What a policy promises and for which claims; an empty criterion means any."""

    id: int
    target: str
    hours: float
    company_id: int
    team_ids: frozenset
    type_ids: frozenset
    minimum_priority: str


def applies(policy, company_id, team_id, type_id, priority):
    """Whether `policy` counts for a claim with these facts.

    >>> urgent = Policy(1, "solved", 8.0, 0, frozenset(), frozenset([7]), "3")
    >>> applies(urgent, company_id=1, team_id=2, type_id=7, priority="3")
    True
    >>> applies(urgent, company_id=1, team_id=2, type_id=7, priority="1")
    False
    >>> applies(urgent, company_id=1, team_id=2, type_id=9, priority="3")
    False
    """
    return (
        (not policy.company_id or policy.company_id == company_id)
        and (not policy.team_ids or team_id in policy.team_ids)
        and (not policy.type_ids or type_id in policy.type_ids)
        and priority >= policy.minimum_priority
    )
