# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""How much of what was delivered is still free to be claimed."""

#: A line in one of these states is at work and holds its quantity.
OPEN_STATES = ("draft", "decided", "in_progress")
#: These remedies use the goods up: once done, the quantity can't be claimed again.
FINAL_REMEDIES = ("replace", "refund")


def held_quantity(state, remedy, quantity, returned, is_returned):
    """How much of `quantity` a claim line keeps from being claimed again.

    A repaired unit may fail again, so a done repair holds nothing. Goods that came
    back already lower the asset's own quantity and must not count twice: neither
    while the line is open, nor once it has ended with their return.

    A compensation is given for no goods at all.

    :param returned: what came back and did not go to the customer again
    :param is_returned: whether the goods were to come back at all

    >>> held_quantity("decided", "refund", 3, 0, True)
    3
    >>> held_quantity("in_progress", "refund", 3, 2, True)
    1
    >>> held_quantity("done", "repair", 1, 0, False)
    0
    >>> held_quantity("done", "refund", 3, 2, True)
    0
    >>> held_quantity("done", "refund", 3, 0, False)
    3
    >>> held_quantity("in_progress", "compensate", 3, 0, False)
    0
    """
    if remedy == "compensate":
        return 0
    if state in OPEN_STATES:
        return max(quantity - returned, 0)
    if state == "done" and remedy in FINAL_REMEDIES and not is_returned:
        return quantity
    return 0
