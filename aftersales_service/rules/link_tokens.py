# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Links that give a right to whoever has them, for texts that many people read."""

import re

#: A slash, also as services that check links write it in theirs.
SLASH = r"(?:/|%2F)"
TOKEN = re.compile(
    rf"({SLASH}aftersales{SLASH}claim{SLASH}(?:confirm{SLASH})?"
    rf"|{SLASH}aftersales{SLASH}(?:notice|greeting){SLASH}"
    rf"|{SLASH}aftersales{SLASH}steps(?:\?|%3F)answer(?:=|%3D)"
    r"|\baccess_token(?:=|%3D))[\w.~%-]{20,}",
    re.IGNORECASE,
)


def hide_tokens(text):
    """`text` with the secret part of such links taken out.

    >>> hide_tokens("GET /es/aftersales/claim/n0bodyKnowsThisTokenAtAll/message")
    'GET /es/aftersales/claim/***/message'
    >>> hide_tokens("POST /ca/aftersales/notice/n0bodyKnowsThisTokenAtAll")
    'POST /ca/aftersales/notice/***'
    >>> hide_tokens("/aftersales/claim/new /my/claims/7?access_token=" + "0" * 32)
    '/aftersales/claim/new /my/claims/7?access_token=***'
    """
    return TOKEN.sub(r"\1***", text)
