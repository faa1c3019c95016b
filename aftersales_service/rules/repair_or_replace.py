# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Is it better to repair or to replace? A recommendation: a person decides."""

#: From this share of what a new one costs on, a repair is not worth it.
REPLACE_FROM = 0.7


def recommend(repair_cost, replacement_cost, in_stock, parts_available=True):
    """("repair" or "replace" or None, key of the reason).

    :param repair_cost: estimate, or None when nothing is known
    :param replacement_cost: what a new one costs the company
    :param in_stock: whether a new one is at hand
    :param parts_available: whether the parts can still be got

    >>> recommend(100, 1000, True)
    ('repair', 'cheaper')
    >>> recommend(800, 1000, True)
    ('replace', 'dear')
    >>> recommend(800, 1000, False)
    ('repair', 'no_stock')
    >>> recommend(1200, 1000, False)
    ('replace', 'dearer')
    >>> recommend(100, 1000, True, parts_available=False)
    ('replace', 'no_parts')
    >>> recommend(None, 1000, True)
    (None, 'unknown')
    >>> recommend(100, 0, True)
    (None, 'unknown')
    """
    if not parts_available:
        return "replace", "no_parts"
    if repair_cost is None or replacement_cost <= 0:
        return None, "unknown"
    if repair_cost >= replacement_cost:
        return "replace", "dearer"
    if repair_cost < REPLACE_FROM * replacement_cost:
        return "repair", "cheaper"
    return ("replace", "dear") if in_stock else ("repair", "no_stock")
