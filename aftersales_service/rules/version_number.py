# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""The order of version numbers, as people write them."""

import re

#: What comes before the version it prepares.
PREPARATIONS = ("alpha", "beta", "dev", "pre", "preview", "rc")


def version_key(version):
    """What sorts versions: numbers by size, a preparation before what it prepares.

    >>> sorted(["2.10", "v2.9", "2.0-rc1", "2.0", "2.0b"], key=version_key)
    ['2.0-rc1', '2.0', '2.0b', 'v2.9', '2.10']
    >>> version_key("2.0.0") == version_key("V2")
    True
    """
    text = re.sub(r"^\s*v(?:er\.?|ersion)?\s*(?=[0-9])", "", version.lower())
    key = []
    for part in [*re.findall(r"[0-9]+|[a-z]+", text), ""]:
        if part.isdigit():
            key.append((3, int(part)))
            continue
        while key and key[-1] == (3, 0):
            key.pop()
        # A version that ends here sorts as (1,): between the two kinds of words.
        rank = 0 if part in PREPARATIONS else 2
        key.append((rank, part) if part else (1,))
    return tuple(key)


def is_between(version, first, last):
    """Whether `version` is one from `first` to `last`; either may be empty.

    >>> is_between("2.4.1", "2.0", "2.10")
    True
    >>> is_between("2.4.1", "", "2.4")
    False
    """
    key = version_key(version)
    return (not first or key >= version_key(first)) and (
        not last or key <= version_key(last)
    )
