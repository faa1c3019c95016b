# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""QR codes as vector pictures: sharp in print, and no imaging library is needed.

The core's own QR codes are bitmaps, for which many installations lack the backend.
"""

from reportlab.graphics.barcode import qrencoder

#: The margin a reader needs, in modules.
QUIET_ZONE = 4


def qr_svg(text):
    """A QR code of `text` (ASCII) as an SVG document.

    >>> svg = qr_svg("https://example.com/aftersales/q/7?s=EB-1")
    >>> svg.startswith("<svg xmlns=")
    True
    >>> "example" in svg
    False
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    path = "".join(
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z"
        for row in range(size)
        for start, length in _dark_runs([code.isDark(row, col) for col in range(size)])
    )
    side = size + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" '
        f'fill="#fff"/><path d="{path}"/></svg>'
    )


def _dark_runs(modules):
    """(start, length) of each run of dark modules.

    >>> list(_dark_runs([True, True, False, True]))
    [(0, 2), (3, 1)]
    """
    start = None
    for index, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = index
        elif not dark and start is not None:
            yield start, index - start
            start = None
