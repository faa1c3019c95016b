# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""How much to set aside for warranties that still run."""


def expected_cost(cost, past_days, future_days):
    """What the days still covered will cost if they go as those behind us.

    :param cost: what warranty has cost in the days behind us
    :param past_days: covered days of all units in that time
    :param future_days: covered days of all units still to come
    :return: amount; 0.0 where nothing is known

    >>> expected_cost(1000.0, 20_000, 5_000)
    250.0
    >>> expected_cost(1000.0, 0, 5_000)
    0.0
    >>> expected_cost(0.0, 20_000, 5_000)
    0.0
    """
    return cost * future_days / past_days if past_days > 0 else 0.0
