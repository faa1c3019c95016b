"""What an Odoo log may say: no warning and no error but those allowed here."""

import re

LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
BAD = {"WARNING", "ERROR", "CRITICAL"}
# A pattern and why it is no fault of ours.
ALLOWED = ((r"PyPDF2 is deprecated", "Odoo 19 itself imports it"),)


def complaints(log):
    """The warnings and errors of a log, with what follows them, as text."""
    found, keep = [], False
    for line in log.splitlines():
        match = LINE.match(line)
        if match:
            keep = match["level"] in BAD and not any(
                re.search(pattern, line) for pattern, _why in ALLOWED
            )
        if keep:
            found.append(f"    {line}")
    return "\n".join(found)
