# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What the headers of a mail tell: for whom, from whom, which one, by hand or not."""

import hashlib
import re
from email import policy
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from .mail_charset import header

MAX_HEADERS = 256 * 1024
MAX_VALUE = 8_000
MAX_REPORT = 2**20
MAX_ADDRESSES = 200
#: Message-IDs are indexed; a longer one is replaced by a fingerprint.
MAX_MESSAGE_ID = 250
MAX_REFERENCES = 32
#: Where a recipient may stand: first what the sender wrote, then what servers added.
WRITTEN_TO = ("to", "cc", "resent-to", "resent-cc")
DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@]{1,64}@[^\s<>()\[\]\",;:@]{1,255}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto ?reply|autoreply|out of (the )?office|undeliverable"
    r"|respuesta autom[aá]tica|fuera de (la )?oficina|resposta autom[aà]tica"
    r"|fora de l'oficina|no se puede entregar)\b",
    re.IGNORECASE,
)
AUTOMATIC_PRECEDENCE = ("bulk", "junk", "list", "auto_reply", "auto-reply")
DAEMONS = ("mailer-daemon", "mail-daemon")


class Envelope:
    """The headers of the mail `raw` (bytes), cleaned and decoded.

    >>> mail = Envelope(b"From: Marta <M@Example.com>\\nTo: care@shop.com\\n\\nHello")
    >>> mail.sender, mail.recipients
    ('m@example.com', ['care@shop.com'])
    """

    def __init__(self, raw):
        head, self.body = split(raw)
        self.values = {}
        for name, value in _parse(head):
            self.values.setdefault(name, []).append(value)

    def get(self, name):
        """The first value of the header `name`, or an empty text."""
        return self.values.get(name, [""])[0]

    def get_all(self, *names):
        return ", ".join(value for name in names for value in self.values.get(name, ()))

    @property
    def subject(self):
        return self.get("subject")

    @property
    def email_from(self):
        """Who wrote it, with their name, as far as an address can be found."""
        for name in ("from", "sender", "reply-to", "return-path"):
            value = self.get(name)
            if ADDRESS.search(value):
                return value
        return self.get("from")

    @property
    def sender(self):
        """The address of who wrote it, in lower case; empty when there is none."""
        for _name, address in getaddresses([self.email_from]):
            if ADDRESS.fullmatch(address):
                return address.lower()
        found = ADDRESS.search(self.email_from)
        return found.group().lower() if found else ""

    @property
    def recipients(self):
        """Addresses the mail is for, those its author wrote before the servers'."""
        found = ADDRESS.findall(self.get_all(*WRITTEN_TO, *DELIVERED_TO).lower())
        return list(dict.fromkeys(found))[:MAX_ADDRESSES]

    @property
    def references(self):
        """Message-IDs of what the mail answers, the nearest first."""
        found = MESSAGE_ID.findall(self.get_all("references", "in-reply-to"))
        return list(dict.fromkeys(reversed(found)))[:MAX_REFERENCES]

    @property
    def fingerprint(self):
        """What two deliveries of the same mail have in common, whatever servers add."""
        body = self.body.replace(b"\r", b"").strip()
        parts = (self.sender, self.get("date"), self.subject)
        facts = "\n".join(parts).encode() + b"\n" + body
        return hashlib.sha256(facts).hexdigest()

    @property
    def message_id(self):
        """What identifies the mail: its Message-ID, or one made from its content."""
        found = MESSAGE_ID.search(self.get("message-id"))
        value = found.group() if found else self.get("message-id")
        if value and len(value) <= MAX_MESSAGE_ID:
            return value
        return f"<{self.fingerprint}@no-message-id.invalid>"

    @property
    def is_report(self):
        """Whether a mail server tells what became of another mail."""
        content_type = self.get("content-type").lower()
        is_receipt = "disposition-notification" in content_type
        return not is_receipt and (
            "multipart/report" in content_type
            or "report-type=delivery-status" in content_type
            or self.sender.partition("@")[0] in DAEMONS
        )

    @property
    def is_automatic(self):
        """Whether a machine wrote it: such a mail is never answered.

        >>> Envelope(b"Auto-Submitted: auto-replied\\n\\n").is_automatic
        True
        >>> Envelope(b"Auto-Submitted: no\\nReturn-Path: <a@b.c>\\n\\n").is_automatic
        False
        """
        submitted = self.get("auto-submitted").partition(";")[0].strip().lower()
        precedence = self.get("precedence").strip().lower()
        return bool(
            self.is_report
            or submitted not in ("", "no")
            or precedence in AUTOMATIC_PRECEDENCE
            or self.get("x-auto-response-suppress").strip().lower() not in ("", "none")
            or self.get("return-path").strip() == "<>"
            or "disposition-notification" in self.get("content-type").lower()
            or self.get("x-autoreply")
            or self.get("x-autorespond")
            or AUTOMATIC_SUBJECT.match(self.subject)
        )


def split(raw):
    """(headers, body) of the bytes of a mail.

    >>> split(b"A: b\\r\\n\\r\\nText")
    (b'A: b', b'Text')
    """
    # Some gateways put the line of an mbox before the mail.
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    found = re.search(rb"\r?\n\r?\n", raw[: MAX_HEADERS + 4])
    if not found:
        return raw[:MAX_HEADERS], raw[MAX_HEADERS:]
    return raw[: found.start()], raw[found.end() :]


def _parse(head):
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(head + b"\n\n")
    for name, value in message.raw_items():
        yield name.lower(), header(value[:MAX_VALUE])


def quoted_message_ids(raw):
    """Message-IDs that a bounce names in its body: of the mail that came back.

    >>> quoted_message_ids(b"To: a@b.c\\n\\nMessage-ID: <1@shop.com>\\nX-Id: <2@d.e>")
    ['<1@shop.com>']
    """
    body = split(raw)[1][:MAX_REPORT].decode("latin-1").replace("\x00", "")
    pattern = (
        r"(?im)^(?:>\s*)?(?:x-microsoft-original-)?message-id:\s*(<[^<>\s]{1,250}>)"
    )
    return list(dict.fromkeys(re.findall(pattern, body)))[:MAX_REFERENCES]


def bounced_address(raw):
    """The address a bounce says could not be reached, or an empty text.

    >>> bounced_address(b"\\n\\nFinal-Recipient: rfc822; Marta@Example.com\\n")
    'marta@example.com'
    """
    body = split(raw)[1][:MAX_REPORT].decode("latin-1").replace("\x00", "")
    found = re.search(r"(?im)^(?:final|original)-recipient:[^;\n]*;\s*(\S+)", body)
    address = found.group(1).strip("<>").lower() if found else ""
    return address if ADDRESS.fullmatch(address) else ""
