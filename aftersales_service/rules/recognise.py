# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What a text mentions: words that may be a reference, a serial or an order number."""

import re
import unicodedata

#: A code has a digit and at least four characters; dates and prices look different.
CODE = re.compile(r"(?<![\w/.-])(?=[\w/.-]*\d)[A-Za-z0-9][\w/.-]{2,40}[A-Za-z0-9]")
MAX_CODES = 50
#: What people write before a number, in the languages of the addons, without accents.
LABELS = {
    "serial": r"serial(?: number| no| nr)?|s/?n"
    r"|(?:numero|num|no?)[.o]{0,2} (?:de )?serie",
    "order": r"(?:sales |purchase )?order(?: number| no| nr)?|pedido|comanda",
}
# Every repetition is bounded: texts are strangers'.
NUMBERED = re.compile(
    r"(?<![\w/.-])(?:(?P<serial>{serial})|(?P<order>{order}))"
    r"(?: (?:is|es|number|numero|num|no|nr))?[ .:#°]{{0,4}}[ :#]"
    r"(?P<code>(?=[\w/.-]{{0,40}}\d)\w[\w/.-]{{1,40}}\w)".format(**LABELS)
)
ADDRESS = re.compile(r"(?<!\S)[^\s@]{1,64}@\S{1,200}|(?:https?://|www\.)\S{1,500}")
#: Letters and at least three digits: too odd for a word, a date or a model's name.
ODD = re.compile(r"(?=.{5,20}$)(?=.*[A-Za-z])(?:\D*\d){3}")
MAX_NUMBERED_TEXT = 20_000


def codes(text):
    """Candidate reference, order and serial numbers in `text`, in order, once each.

    >>> codes("My bike EB-2026-001 (order S00042, claim AS/2026/00007) stops.")
    ['EB-2026-001', 'S00042', 'AS/2026/00007']
    >>> codes("No number here")
    []
    """
    found = dict.fromkeys(match.strip(".-/") for match in CODE.findall(text or ""))
    return [code for code in found if len(code) >= 4][:MAX_CODES]


def spellings(codes):
    """`codes` as written and in upper and lower case: people are not exact.

    >>> spellings(["eb-1"])
    ['eb-1', 'EB-1']
    """
    return list(
        dict.fromkeys(
            spelling
            for code in codes
            for spelling in (code, code.upper(), code.lower())
        )
    )


def numbers(text):
    """{code: what the text says it is} of the numbers in `text`: "serial", "order", or
    an empty text for what only looks like one of them.

    >>> numbers("Serial number: 4711, order S00042, and EB-9999 of 2026-05-03, 18V")
    {'4711': 'serial', 'S00042': 'order', 'EB-9999': ''}
    >>> numbers("El número de sèrie és WM-1. Comanda núm. 777")
    {'WM-1': 'serial', '777': 'order'}
    >>> numbers("In order to see it at 600 123 456, ordered on 12/03/2026")
    {}
    """
    text = unicodedata.normalize("NFC", (text or "")[:MAX_NUMBERED_TEXT])
    found, text = {}, " ".join(ADDRESS.sub(" ", text).split())
    folded = fold(text)
    # Folding hardly ever changes the length; where it does, the code is as folded.
    source = text if len(folded) == len(text) else folded
    for match in NUMBERED.finditer(folded):
        code = source[slice(*match.span("code"))].strip(".-/")
        found[code] = "serial" if match["serial"] else "order"
    for code in codes(text):
        if ODD.match(code):
            found.setdefault(code, "")
    return dict(list(found.items())[:MAX_CODES])


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
