# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The appointment of a visit as an iCalendar file (RFC 5545) for the customer."""

from datetime import datetime

#: Octets of a line; longer ones go on in the next, after a space.
LINE_LENGTH = 73
EPOCH = datetime(2020, 1, 1)


def visit_event(
    uid, stamp, start, end, summary, location="", description="", cancelled=False
):
    """The file's content (str). A later one with the same `uid` takes its place.

    :param uid: names the visit for good
    :param stamp: now; also tells which of two files is the later one
    :param start: and `end`, `stamp`: naive UTC datetimes

    >>> day = datetime(2026, 12, 1, 9)
    >>> event = visit_event("repair-7@shop.example", day, day, day.replace(hour=10),
    ...                     "Visit; bike", "C. Major, 1\\nBarcelona")
    >>> print(event.replace(chr(13), ""))
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//After-Sales//Repair//EN
    METHOD:PUBLISH
    BEGIN:VEVENT
    UID:repair-7@shop.example
    SEQUENCE:218278800
    DTSTAMP:20261201T090000Z
    DTSTART:20261201T090000Z
    DTEND:20261201T100000Z
    SUMMARY:Visit\\; bike
    LOCATION:C. Major\\, 1\\nBarcelona
    STATUS:CONFIRMED
    END:VEVENT
    END:VCALENDAR
    <BLANKLINE>
    >>> "STATUS:CANCELLED" in visit_event("x", day, day, day, "Visit", cancelled=True)
    True
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//After-Sales//Repair//EN",
        f"METHOD:{'CANCEL' if cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{int((stamp - EPOCH).total_seconds())}",
        *(
            f"{name}:{moment:%Y%m%dT%H%M%SZ}"
            for name, moment in (("DTSTAMP", stamp), ("DTSTART", start), ("DTEND", end))
        ),
        *(
            f"{name}:{_escape(text)}"
            for name, text in (
                ("SUMMARY", summary),
                ("LOCATION", location),
                ("DESCRIPTION", description),
            )
            if text
        ),
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(_fold(line) for line in lines)


def _escape(text):
    r"""
    >>> print(_escape("a,b;c\\d\ne"))
    a\,b\;c\\d\ne
    """
    for found, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(found, written)
    return "\\n".join(text.split("\n"))


def _fold(line):
    """Break a line that is too long, never within a character.

    >>> [len(part.encode()) for part in _fold("ñ" * 80).split("\\r\\n ")]
    [72, 72, 16]
    """
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > LINE_LENGTH:
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
