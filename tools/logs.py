"""What an Odoo log may say: no warning and no error."""

import re

LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
BAD = {"WARNING", "ERROR", "CRITICAL"}


def complaints(log):
    """The warnings and errors of a log, with what follows them, as text."""
    found, keep = [], False
    for line in log.splitlines():
        match = LINE.match(line)
        if match:
            keep = match["level"] in BAD
        if keep:
            found.append(f"    {line}")
    return "\n".join(found)
