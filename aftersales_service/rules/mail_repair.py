# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""A mail made fit for the parser of the core, which gives up on what is malformed."""

import email
import html
import re
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, getaddresses

from .mail_charset import decode_base64, header, to_text
from .mail_envelope import ADDRESS, Envelope, split

MAX_DEPTH = 30
MAX_PARTS = 250
MAX_FILES = 100
MAX_TEXT = 200_000
MAX_NAME = 150
#: Bigger mails are not taken apart: they come as one file.
MAX_SIZE = 40 * 2**20
MAX_SHORT = 1_000
ADDRESS_HEADERS = ("from", "to", "cc", "delivered-to", "resent-to", "resent-cc")
#: What nested parts are recognised by before they are parsed.
NESTING = (b"boundary=", b"message/rfc822")
#: What Python's parser may raise, and whoever reads its result.
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
#: Of no use once the mail is here.
TRACE_HEADERS = ("received", "dkim-signature", "arc-seal", "arc-message-signature")
#: Written anew, as the mail is put together anew.
OWN_HEADERS = ("mime-version", "subject", "message-id", *ADDRESS_HEADERS)
OWN_HEADERS += TRACE_HEADERS


@dataclass
class Repaired:
    """A clean, flat `message`, and what had to be left out of it."""

    message: EmailMessage
    is_cut: bool = False


@dataclass
class Content:
    texts: list = field(default_factory=list)
    files: list = field(default_factory=list)
    parts: int = 0
    is_cut: bool = False


def repair(raw, as_text=False):
    r"""The mail `raw` (bytes) as a message that the core's parser reads.

    :param as_text: make plain text of HTML as well
    :return: Repaired

    >>> raw = b"From: m@x.y\nContent-Type: text/plain; charset=x-none\n\nm\xc3\xa1s"
    >>> repair(raw).message.get_content().strip()
    'más'
    """
    envelope = Envelope(raw)
    content = Content()
    try:
        if _is_too_much(raw):
            raise ValueError("too much")
        _collect(email.message_from_bytes(raw, policy=policy.compat32), content, 0)
    except UNREADABLE:
        content = Content(texts=[("plain", _first_text(raw))], is_cut=True)
    message = EmailMessage(policy=policy.SMTP)
    _set_headers(message, envelope)
    _set_content(message, content, as_text)
    return Repaired(message, content.is_cut)


def _is_too_much(raw):
    if len(raw) > MAX_SIZE:
        return True
    lowered = raw.lower()
    return any(lowered.count(word) > MAX_PARTS for word in NESTING)


def _first_text(raw):
    """What can be read of a mail that is not taken apart."""
    body = split(raw)[1]
    start = re.search(rb"(?i)\ncontent-type:[ \t]*text/plain[^\n]*\n", body)
    if start:
        body = split(body[start.end() : start.end() + 4 * MAX_TEXT])[1]
        body = body.partition(b"\n--")[0]
    return to_text(body[:MAX_TEXT])


def _collect(part, content, depth):
    """Add the texts and files of `part` to `content`."""
    content.parts += 1
    if depth > MAX_DEPTH or content.parts > MAX_PARTS:
        content.is_cut = True
        return
    kind = part.get_content_type()
    children = part.get_payload() if part.is_multipart() else None
    if isinstance(children, list) and kind == "multipart/alternative":
        _collect_alternative(children, content, depth)
    elif isinstance(children, list) and part.get_content_maintype() != "message":
        for child in children:
            _collect(child, content, depth + 1)
    elif _is_text(part, kind):
        text = to_text(_get_bytes(part), _get_charset(part))
        content.texts.append(("html" if kind == "text/html" else "plain", text))
    elif len(content.files) < MAX_FILES:
        content.files.append(_get_file(part, kind))
    else:
        content.is_cut = True


def _collect_alternative(children, content, depth):
    """Of several forms of one text keep the richest, and the files of all."""
    forms = []
    for child in children:
        form = Content(parts=content.parts)
        _collect(child, form, depth + 1)
        content.parts, content.is_cut = form.parts, content.is_cut or form.is_cut
        room = MAX_FILES - len(content.files)
        content.files += form.files[:room]
        content.is_cut |= len(form.files) > room
        if any(text.strip() for _kind, text in form.texts):
            forms.append(form.texts)
    rich = [texts for texts in forms if any(kind == "html" for kind, _text in texts)]
    content.texts += (rich or forms or [[]])[-1]


def _is_text(part, kind):
    if kind.startswith("multipart/"):
        # The line that should divide it is nowhere: it reads as one text.
        return True
    disposition = str(part.get("content-disposition") or "").strip().lower()
    return (
        kind in ("text/plain", "text/html")
        and not disposition.startswith("attachment")
        and not _get_filename(part)
    )


def _get_bytes(part):
    if part.is_multipart():
        return _flatten(part)
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()
    payload = part.get_payload()
    if encoding == "base64" and isinstance(payload, str):
        return decode_base64(payload.encode("utf-8", "surrogateescape"))
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    if data is None:
        data = str(payload or "").encode("utf-8", "surrogateescape")
    return data


def _flatten(part):
    """The bytes of a mail inside the mail."""
    inner = part.get_payload()
    inner = inner[0] if isinstance(inner, list) and inner else part
    try:
        return inner.as_bytes(policy=policy.compat32)
    except UNREADABLE:
        return str(inner.get_payload()).encode("utf-8", "surrogateescape")


def _get_charset(part):
    try:
        return part.get_content_charset()
    except UNREADABLE:
        return None


def _get_filename(part):
    try:
        name = header(str(part.get_filename() or ""))
    except UNREADABLE:
        return "file"
    # Only the name: the path on the sender's disk is of no use, and may be an attack.
    name = re.split(r"[/\\]", name)[-1].strip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_NAME:
        name = f"{stem[: MAX_NAME - 20]}.{ending[:19]}" if dot else name[:MAX_NAME]
    return name


def _get_file(part, kind):
    """(name, bytes, Content-ID)"""
    name = _get_filename(part)
    if not name:
        name = {"message/rfc822": "mail.eml", "text/calendar": "invite.ics"}.get(
            kind, "attachment"
        )
    if kind == "message/rfc822" and not name.lower().endswith(".eml"):
        name += ".eml"
    content_id = header(str(part.get("content-id") or "")).strip("<> ")[:MAX_NAME]
    return name, _get_bytes(part), re.sub(r"[\s\"<>]", "", content_id)


def _set_headers(message, envelope):
    for name, values in envelope.values.items():
        if name not in OWN_HEADERS and not name.startswith("content-"):
            _set(message, name, " ".join(values))
    for name in ADDRESS_HEADERS:
        value = envelope.email_from if name == "from" else envelope.get_all(name)
        _set(message, name, _clean_addresses(value) or value[:MAX_SHORT])
    _set(message, "subject", envelope.subject[:MAX_SHORT])
    _set(message, "message-id", envelope.message_id)


def _set(message, name, value):
    """Leave out a header that even the lenient parser refuses: the raw mail has it."""
    if not value or not re.fullmatch(r"[!-9;-~]{1,100}", name):
        return
    try:
        message[name] = value
        str(message[name])
    except UNREADABLE:
        del message[name]


def _clean_addresses(value):
    pairs = [
        (name[:MAX_NAME], address)
        for name, address in getaddresses([value])
        if ADDRESS.fullmatch(address) and address.isascii()
    ]
    if not pairs:
        found = ADDRESS.findall(value)
        pairs = [("", address) for address in found if address.isascii()]
    return ", ".join(_format(*pair) for pair in pairs[:100])


def _format(name, address):
    """As formataddr, but readable: what is encoded now would be decoded by nobody."""
    quoted = name.replace("\\", "").replace('"', "'")
    return f'"{quoted}" <{address}>' if quoted else formataddr(("", address))


def _set_content(message, content, as_text):
    kind, text = _join(content.texts, as_text)
    if len(text) > MAX_TEXT:
        text, content.is_cut = text[:MAX_TEXT], True
    message.set_content(text, subtype=kind, charset="utf-8", cte="base64")
    for name, data, content_id in content.files:
        message.add_attachment(
            data,
            maintype="application",
            subtype="octet-stream",
            filename=name,
            cid=f"<{content_id}>" if content_id else None,
        )


def _join(texts, as_text):
    """(subtype, text) of all `texts`, HTML when one of them is."""
    texts = [(kind, text) for kind, text in texts if text.strip()]
    if as_text:
        texts = [("plain", strip_tags(t) if k == "html" else t) for k, t in texts]
    if any(kind == "html" for kind, _text in texts):
        joined = "".join(
            text if kind == "html" else f"<pre>{html.escape(text)}</pre>"
            for kind, text in texts
        )
        return "html", joined
    return "plain", "\n\n".join(text for _kind, text in texts)


def strip_tags(markup):
    """The words of HTML that nothing else can read.

    >>> strip_tags("<p>One</p><style>x{}</style>T&amp;wo")
    'One\\nT&wo'
    """
    for tag in ("script", "style", "head"):
        markup = _without(markup, tag)
    text = re.sub(r"(?i)<(br|/p|/div|/tr|/li)\b[^<>]*>", "\n", markup)
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()


def _without(markup, tag):
    lowered, kept, position = markup.lower(), [], 0
    while (start := lowered.find(f"<{tag}", position)) >= 0:
        kept.append(markup[position:start])
        end = lowered.find(f"</{tag}", start)
        position = end if end >= 0 else len(markup)
    return "".join(kept) + markup[position:]
