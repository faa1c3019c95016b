# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Telephone numbers as people write them: which ones may be the same."""

import re

#: The end of a number that tells it from others, whatever its prefix.
SIGNIFICANT = 9
#: With fewer digits every second number would match.
MINIMUM = 4
#: The shortest national number that is looked for behind an international prefix.
SHORTEST_WHOLE = 6
PHONE = re.compile(r"[+(\d][\d\s()./+-]*")


def digits(text):
    """The digits of `text`.

    >>> digits("+34 (600) 11-22.33")
    '34600112233'
    """
    return re.sub(r"[^0-9]", "", text or "")


def is_phone(text):
    """Whether `text` can be a telephone number, or the end of one.

    >>> [is_phone(text) for text in ("600 11 22 33", "+34600", "VU3-0150", "12")]
    [True, True, False, False]
    """
    found = PHONE.fullmatch((text or "").strip())
    return found is not None and len(digits(text)) >= MINIMUM


def needles(text):
    """What a stored number must end with, and what it may be as a whole.

    The second part is for numbers that were stored without the international prefix
    and are shorter than what is significant elsewhere.

    >>> needles("0034 600 112 233")
    ('600112233', ['112233', '0112233', '00112233', '600112233'])
    >>> needles("600112233")
    ('600112233', [])
    >>> needles("+376 812 345")
    ('376812345', ['812345', '6812345', '76812345'])
    """
    number = digits(text)
    is_international = text.strip().startswith(("+", "00"))
    national = number.removeprefix("00") if is_international else number
    wholes = [
        national[-length:]
        for length in range(SHORTEST_WHOLE, min(len(national), SIGNIFICANT + 1))
    ]
    return national[-SIGNIFICANT:], wholes if is_international else []
