# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Whether the receiving mail server vouches for who a mail says it is from."""

import re

VERDICT = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)


def is_authentic(results, server):
    """True, False, or None when the server `server` says nothing of the sender.

    `results` are the Authentication-Results headers, the topmost first. Anybody can
    write such a header: only those of the named, own server count, and of them the
    topmost, which it wrote last.

    >>> is_authentic(["mx.shop.com; dmarc=pass header.from=a.b"], "mx.shop.com")
    True
    >>> is_authentic(["mx.shop.com; dmarc=fail", "mx.shop.com; dmarc=pass"],
    ...              "mx.shop.com")
    False
    >>> is_authentic(["evil.com; dmarc=pass"], "mx.shop.com") is None
    True
    >>> is_authentic(["mx.shop.com; dmarc=pass"], "") is None
    True
    """
    for result in results if server else ():
        name, _semicolon, said = result.partition(";")
        if name.strip().partition(" ")[0].lower() != server.strip().lower():
            continue
        verdict = VERDICT.search(said)
        if not verdict:
            return None
        return {"pass": True, "none": None}.get(verdict.group(1).lower(), False)
    return None
