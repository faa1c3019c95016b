# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Who may give a customer how much, and what is left of it."""

#: From the one that may least to the one that may most.
ROLES = ("agent", "lead", "manager")


def decider(amount, limits):
    """The lowest role whose limit covers `amount`, or None where no limit does.

    :param limits: {role: up to how much}

    >>> decider(50, {"agent": 50, "lead": 200, "manager": 1000})
    'agent'
    >>> decider(50.01, {"agent": 50, "lead": 200, "manager": 1000})
    'lead'
    >>> decider(1001, {"agent": 50, "lead": 200, "manager": 1000})
    """
    return next((role for role in ROLES if amount <= limits[role]), None)


def may_decide(role, needed):
    """Whether `role` may decide what the role `needed` may.

    >>> may_decide("manager", "lead"), may_decide("agent", "lead")
    (True, False)
    >>> may_decide("manager", None)
    False
    """
    return needed is not None and ROLES.index(role) >= ROLES.index(needed)


def deducted_quantity(refunded, compensated, kept, is_same):
    """Of how much of what is refunded the price was reduced before.

    :param compensated: for how much the reduction was given
    :param kept: how much of the purchase the customer keeps after the refund
    :param is_same: whether it was given for the very goods that are refunded; else
        it stays with what is kept, as long as that is enough

    >>> deducted_quantity(1, 1, 3, True)
    1
    >>> deducted_quantity(1, 1, 3, False), deducted_quantity(2, 1, 0, False)
    (0, 1)
    >>> deducted_quantity(2, 3, 2, False)
    1
    """
    if is_same:
        return min(refunded, compensated)
    return max(0, min(refunded, compensated - kept))
