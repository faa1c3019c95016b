# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Which records take part in a survey: plain Python, no database."""

from hashlib import sha256


def is_sampled(key, percent):
    """Whether the record named by `key` belongs to the sampled `percent`.

    The answer depends on the key only, so that a retry, a second worker or a
    later run never draws again: a record is in or out for good.

    >>> is_sampled("1:aftersales.claim:7", 100)
    True
    >>> is_sampled("1:aftersales.claim:7", 0)
    False
    >>> is_sampled("1:aftersales.claim:7", 30) == is_sampled(
    ...     "1:aftersales.claim:7", 30
    ... )
    True
    >>> 2800 < sum(is_sampled(f"1:claim:{i}", 30) for i in range(10_000)) < 3200
    True
    """
    return int(sha256(key.encode()).hexdigest()[:8], 16) % 100 < percent
