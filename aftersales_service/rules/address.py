# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Who is behind an internet address, as far as a limit on visits can tell."""

import ipaddress

#: One household or office has a whole IPv6 network of this size.
IPV6_PREFIX = 64


def household(address):
    """What is counted as one visitor: an IPv4 address, or the network of an IPv6 one.

    >>> household("192.0.2.7")
    '192.0.2.7'
    >>> household("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> household("::ffff:192.0.2.7")
    '192.0.2.7'
    >>> household("nonsense")
    'unknown'
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
