# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""The text of a mail apart from what it repeats: quoted history and signature."""

import hashlib
import re

from .recognise import fold

QUOTE = re.compile(r"^\s*>")
#: From such a line on a mail repeats older ones, in the words of mail programs.
HISTORY = re.compile(
    r"^\s*(-{2,}\s*(original message|mensaje original|missatge original"
    r"|forwarded message|mensaje reenviado|missatge reenviat)\s*-{2,}.*"
    r"|_{20,}"
    r"|(on|el|le|am)\b.{0,200}\b(wrote|escribi[oó]|va escriure|a écrit|schrieb)"
    r".{0,100}:"
    r"|en\s+\S.{0,200}\bescribi[oó].{0,100}:"
    r"|.{0,200}<\S+@\S+>\s*(wrote|escribi[oó]|va escriure)\s*:)\s*$",
    re.IGNORECASE,
)
#: Outlook repeats the headers instead: two such lines next to each other.
FIELD = re.compile(
    r"^\W{0,3}(from|sent|to|de|enviado( el)?|para|enviat( el)?|per a|data|fecha|date"
    r"|asunto|assumpte|subject)\W{0,3}:\s*\S",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"^(--\s?|(sent from|get outlook for|enviado desde|enviat des d).{0,80})$",
    re.IGNORECASE,
)
RULE = "―" * 20
REPLY_PREFIX = re.compile(r"^\s*((re|rv|fwd?|aw|sv|tr|resp)\s*(\[\d+\])?:\s*)+", re.I)


def split(text):
    r"""(what is new, what is repeated) in the `text` of a mail.

    >>> split("It stops.\n\nOn Mon, Marta <m@x.y> wrote:\n> Hello")
    ('It stops.', 'On Mon, Marta <m@x.y> wrote:\n> Hello')
    >>> split("> Does it charge?\nYes, it does.\n-- \nMarta")
    ('Yes, it does.', '> Does it charge?\n-- \nMarta')
    >>> split("Just this")
    ('Just this', '')
    """
    new, old, is_history = [], [], False
    lines = (text or "").splitlines()
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if not is_history:
            is_history = bool(
                HISTORY.match(line[:500])
                or HISTORY.match(f"{line} {following}"[:500])
                or SIGNATURE.match(line[:100])
                or (FIELD.match(line[:200]) and FIELD.match(following[:200]))
            )
        (old if is_history or QUOTE.match(line) else new).append(line)
    return "\n".join(new).strip(), "\n".join(old).strip()


def new_text_first(text):
    r"""The whole text, what is new at the top.

    >>> new_text_first("> Old\nNew") == f"New\n\n{RULE}\n> Old"
    True
    >>> new_text_first("> Only this")
    '> Only this'
    """
    new, old = split(text)
    return f"{new}\n\n{RULE}\n{old}" if new and old else new or old


def bare_subject(subject):
    """A subject without what mail programs put before it.

    >>> bare_subject("RE: Fwd: No carga")
    'No carga'
    """
    return REPLY_PREFIX.sub("", subject or "").strip()


def likeness(subject, text, files=()):
    """(same, alike): digests of what a mail says, the second without its numbers.

    `files` are digests of what is attached.

    >>> likeness("Ticket 1", "Thanks")[1] == likeness("Re: ticket 2", " thanks")[1]
    True
    >>> likeness("Ticket 1", "Thanks")[0] == likeness("Ticket 2", "Thanks")[0]
    False
    """
    told = f"{bare_subject(subject)}\n{split(text)[0]}"
    words = fold(told[:20_000])
    same = "\n".join([re.sub(r"\s", "", words), *sorted(files)])
    alike = re.sub(r"[\W\d_]", "", words)
    return tuple(hashlib.sha256(part.encode()).hexdigest() for part in (same, alike))
