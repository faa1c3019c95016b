# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Text out of the bytes of a mail, whatever charset they claim to be in."""

import base64
import binascii
import quopri
import re

from .plain_text import clean

#: What a Western text is called when nobody looked; UTF-8 is often behind it.
VAGUE = ("", "ascii", "us-ascii", "latin-1", "iso-8859-1", "windows-1252", "cp1252")
ENCODED = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
RUN = re.compile(rf"{ENCODED.pattern}(?:\s*{ENCODED.pattern})*")
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINE_END = re.compile(r"\s*[\r\n]+\s*")


def to_text(data, charset=None):
    """The text in `data`: as it says, else as UTF-8, else as Windows Western.

    >>> to_text("càrrega".encode(), "x-unknown")
    'càrrega'
    >>> to_text("más".encode("latin-1"), "utf-8")
    'más'
    >>> to_text("más".encode(), "iso-8859-1")
    'más'
    >>> to_text(b"a\\x00b", "binary")
    'ab'
    """
    charset = (charset or "").strip().strip("\"'").lower()
    names = [charset, "utf-8"] if charset not in VAGUE else ["utf-8", charset]
    for name in [*names, "cp1252"]:
        try:
            return _strip(data.decode(name))
        except (LookupError, ValueError):
            continue
    return _strip(data.decode("latin-1"))


def _strip(text):
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return CONTROL.sub("", text)


def header(value):
    """One line of text out of a raw header value, encoded words decoded.

    >>> header("=?utf-8?q?No_c=C3=A0rrega?=")
    'No càrrega'
    >>> header("=?utf-8?b?bcOh?= =?utf-8?b?cw==?=")
    'más'
    >>> header("=?utf-8?q?a=0D=0ABcc:_x?=")
    'a Bcc: x'
    >>> header("=?x-none?b?!!!?= tail")
    'tail'
    """
    text = value
    if not value.isascii():
        text = to_text(value.encode("utf-8", "surrogateescape"))
    text = RUN.sub(_decode_run, LINE_END.sub(" ", text))
    # What was hidden in an encoded word must not be decoded a second time.
    return LINE_END.sub(" ", clean(_strip(text))).replace("=?", "= ?")


def _decode_run(match):
    """Neighbouring words are one text: a character may be cut between two of them."""
    text, pending, charset = "", b"", None
    for name, encoding, content in ENCODED.findall(match.group()):
        name = name.partition("*")[0].lower()
        if name != charset:
            text, pending = text + to_text(pending, charset), b""
        charset = name
        pending += _decode_word(encoding.lower(), content)
    return text + to_text(pending, charset)


def _decode_word(encoding, content):
    data = content.encode("utf-8", "replace")
    if encoding == "q":
        return quopri.decodestring(data, header=True)
    return decode_base64(data)


def decode_base64(data):
    """What can be saved of broken base64.

    >>> decode_base64(b"bcOh cw")
    b'm\\xc3\\xa1s'
    """
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    # A single character left over carries no byte.
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    try:
        return base64.b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""
