# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What a text mentions: words that may be a reference, a serial or an order number."""

import re
import unicodedata

#: A code has a digit and at least four characters; dates and prices look different.
CODE = re.compile(r"(?<![\w/.-])(?=[\w/.-]*\d)[A-Za-z0-9][\w/.-]{2,40}[A-Za-z0-9]")
MAX_CODES = 50


def codes(text):
    """Candidate reference, order and serial numbers in `text`, in order, once each.

    >>> codes("My bike EB-2026-001 (order S00042, claim AS/2026/00007) stops.")
    ['EB-2026-001', 'S00042', 'AS/2026/00007']
    >>> codes("No number here")
    []
    """
    found = dict.fromkeys(match.strip(".-/") for match in CODE.findall(text or ""))
    return [code for code in found if len(code) >= 4][:MAX_CODES]


def fold(text):
    """`text` in lower case without accents, for comparing words.

    >>> fold("Reparació")
    'reparacio'
    """
    decomposed = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def keyword_hits(text, keywords):
    """How many of the comma-separated `keywords` stand in `text` at a word's start.

    >>> keyword_hits("La bateria no càrrega. Vull la factura", "factura, pagament")
    1
    >>> keyword_hits("manufactura", "factura")
    0
    """
    folded = fold(text)
    words = [fold(word).strip() for word in (keywords or "").split(",")]
    return sum(
        bool(word) and re.search(rf"(?<!\w){re.escape(word)}", folded) is not None
        for word in words
    )
