# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""The words of a text, as the search of articles compares them."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+")
#: Longer strings are no words, and a database refuses very long ones.
MAX_WORD = 64
#: More text than this adds nothing to what an article is about.
MAX_WORDS = 20_000


def fold(text):
    """`text` without accents.

    >>> fold("reparación, señal, façana")
    'reparacion, senal, facana'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text, limit=MAX_WORDS):
    """The words of `text` in lower case, in order; Catalan's l·l is one letter.

    >>> words("L'E-Bike no s'instal·la: ERROR_E07!")
    ['l', 'e', 'bike', 'no', 's', 'installa', 'error', 'e07']
    >>> words(None)
    []
    """
    text = unicodedata.normalize("NFC", text or "").lower().replace("·", "")
    found = (match.group() for match in WORD.finditer(text))
    return [word for word, _index in zip(found, range(limit), strict=False)]


def query_words(text, limit):
    """Each word of `text` once, at most `limit`, without lone letters.

    >>> query_words("Una batería, una bateria y una batería", 3)
    ['una', 'batería', 'bateria']
    """
    usable = (word for word in words(text) if 1 < len(word) <= MAX_WORD)
    return list(dict.fromkeys(usable))[:limit]
