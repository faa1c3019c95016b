# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Spreading a quantity over the deliveries or invoice lines it came from."""


def allocate(quantity, sources, rounding=0.001):
    """Take `quantity` from `sources` in their order.

    :param sources: [(key, free quantity)]; what is not free gives nothing
    :param rounding: what counts as nothing
    :return: ([(key, taken)], what could not be taken)

    >>> allocate(5, [("a", 3), ("b", 4)])
    ([('a', 3), ('b', 2)], 0)
    >>> allocate(5, [("a", 0), ("b", -1), ("c", 2)])
    ([('c', 2)], 3)
    """
    taken = []
    for key, free in sources:
        part = min(quantity, free)
        if part >= rounding:
            taken.append((key, part))
            quantity -= part
    return taken, quantity if quantity >= rounding else 0


def credit_quantity(quantity, invoiced, kept, tolerance=0):
    """How much of a refunded `quantity` needs a credit note.

    What the customer was never invoiced is not credited: not being invoiced is its
    refund. So no more is credited than makes the invoiced quantity what they keep.

    :param invoiced: quantity on the invoices less what was credited
    :param kept: quantity of the sale that remains the customer's to pay
    :param tolerance: what the sale's own unit can't tell, as one unit of a dozen

    >>> credit_quantity(2, 10, 8)
    2
    >>> credit_quantity(2, 6, 8)
    0
    >>> credit_quantity(2, 9, 8)
    1
    >>> credit_quantity(1, 12, 11.04, tolerance=0.12)
    1
    """
    owed = invoiced - kept
    if owed <= tolerance:
        return 0
    return quantity if owed >= quantity - tolerance else owed
