# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Text that people send, made fit to be stored."""


def clean(text):
    """`text` without what a database refuses: NUL and lone surrogates.

    Anything but text, as a file under the name of a text field, is empty.

    >>> clean("a\\x00b\\ud800c  ")
    'abc'
    """
    text = text.replace("\x00", "") if isinstance(text, str) else ""
    return text.encode("utf-8", "ignore").decode("utf-8").strip()
