# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Links that give a right to whoever has them, for texts that many people read."""

import re

#: Where such links lie: those of all our addons, and those of the core's surveys.
AREAS = ("aftersales", "survey")
#: A slash and the signs of a query, also as services that check links write them.
SLASH = r"(?:/|%2F)"
MARK = r"(?:[?&]|&amp;|%3F|%26|\b)"
EQUALS = r"(?:=|%3D)"
#: Longer than any word of an address.
SECRET = r"(?:(?!%2F|%3F|%26|%3D)[\w.~%-]){20,}"
#: What comes before it, e.g. "claim" and "confirm", or a part that is hidden already.
WORDS = rf"(?:{SLASH}(?:[a-z_]{{1,30}}|\*\*\*)){{0,3}}"
IN_PATH = re.compile(
    rf"({SLASH}(?:{'|'.join(AREAS)}){WORDS}{SLASH}){SECRET}", re.IGNORECASE
)
IN_QUERY = re.compile(
    rf"({MARK}(?:\w*token|answer|signature|hash){EQUALS}){SECRET}", re.IGNORECASE
)


def hide_tokens(text):
    """`text` with the secret parts of such links taken out.

    >>> hide_tokens("GET /es/aftersales/claim/n0bodyKnowsThisTokenAtAll/message")
    'GET /es/aftersales/claim/***/message'
    >>> hide_tokens("POST /ca/aftersales/notice/n0bodyKnowsThisTokenAtAll")
    'POST /ca/aftersales/notice/***'
    >>> hide_tokens("/aftersales/claim/new /my/claims/7?access_token=" + "0" * 32)
    '/aftersales/claim/new /my/claims/7?access_token=***'
    >>> hide_tokens(f"/survey/{'a1' * 16}/{'b2' * 16}")
    '/survey/***/***'
    """
    found = 1
    while found:
        # Each pass takes the first secret part of each path.
        text, found = IN_PATH.subn(r"\1***", text)
    return IN_QUERY.sub(r"\1***", text)
