# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Ranges of serial numbers, as people write them: from EB-0100 to EB-0250."""

import re
from dataclasses import dataclass

#: The last number in a serial counts; what is around it must be the same.
PARTS = re.compile(r"(.*?)([0-9]+)([^0-9]*)", re.DOTALL)


@dataclass(frozen=True)
class SerialRange:
    """Serials of one series; ``low`` and ``high`` are None where it is open."""

    prefix: str
    suffix: str
    low: int | None
    high: int | None

    @property
    def pattern(self):
        """A regular expression, of Python and PostgreSQL, with the number in it."""
        prefix, suffix = re.escape(self.prefix), re.escape(self.suffix)
        return f"^{prefix}([0-9]+){suffix}$"

    def __contains__(self, serial):
        found = re.match(self.pattern, serial)
        number = found and int(found[1])
        return number is not None and (
            (self.low is None or number >= self.low)
            and (self.high is None or number <= self.high)
        )


def serial_range(first, last):
    """The range between two serials, both included; one of them may be empty.

    :raises ValueError: "number" for a serial without one, "series" for two that
        differ in more than their last number, "order" when the first is the higher

    >>> "EB-0150" in serial_range("EB-0100", "EB-0250")
    True
    >>> "EB-0150-B" in serial_range("EB-0100", "EB-0250")
    False
    >>> "EB-1000" in serial_range("EB-0100", "")
    True
    >>> serial_range("EB-0250", "EB-0100")
    Traceback (most recent call last):
    ValueError: order
    """
    parts = [PARTS.fullmatch(serial) for serial in (first, last) if serial]
    if not parts or None in parts:
        raise ValueError("number")
    if len({(part[1], part[3]) for part in parts}) > 1:
        raise ValueError("series")
    low = int(parts[0][2]) if first else None
    high = int(parts[-1][2]) if last else None
    if first and last and low > high:
        raise ValueError("order")
    return SerialRange(parts[0][1], parts[0][3], low, high)
