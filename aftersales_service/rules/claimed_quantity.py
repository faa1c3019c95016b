# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""How much of what was delivered is still free to be claimed."""

#: A line in one of these states is at work and holds its quantity.
OPEN_STATES = ("draft", "decided", "in_progress")
#: These remedies use the goods up: once done, the quantity can't be claimed again.
FINAL_REMEDIES = ("replace", "refund")


def holds_quantity(state, remedy, returned):
    """Whether a claim line keeps its quantity from being claimed again.

    A repaired unit may fail again, so a done repair holds nothing. Goods that came
    back already lower the asset's own quantity and must not count twice.

    >>> holds_quantity("draft", None, False), holds_quantity("done", "repair", False)
    (True, False)
    >>> holds_quantity("done", "refund", False), holds_quantity("done", "refund", True)
    (True, False)
    """
    if state in OPEN_STATES:
        return not returned
    return state == "done" and remedy in FINAL_REMEDIES and not returned
