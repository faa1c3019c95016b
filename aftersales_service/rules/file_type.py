# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Photos and videos as phones make them, told by their first bytes."""

#: Brands of ISO media files that hold a picture; all others hold a film.
PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif")
#: WebM and Matroska.
EBML = b"\x1aE\xdf\xa3"


def sniff(content):
    """The mimetype of phones' pictures and films that Odoo does not know, or None.

    >>> sniff(b"\\x00\\x00\\x00\\x18ftypheic" + bytes(20))
    'image/heic'
    >>> sniff(b"\\x00\\x00\\x00\\x14ftypqt  " + bytes(20))
    'video/mp4'
    >>> sniff(b"\\x1aE\\xdf\\xa3" + bytes(20))
    'video/webm'
    >>> sniff(b"<html>") is None
    True
    """
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in PICTURE_BRANDS else "video/mp4"
    return "video/webm" if content.startswith(EBML) else None
