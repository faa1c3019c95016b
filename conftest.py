"""Count the browser tests that ran: one skipped for want of a browser is a silent hole.

tools/test.py names a file in AFTERSALES_BROWSER_COUNT and reads the number there.
"""

import os
from pathlib import Path

from odoo.tests.common import HttpCase

finished = 0
plain_browser_js = HttpCase.browser_js


def counted_browser_js(self, *args, **kwargs):
    global finished
    result = plain_browser_js(self, *args, **kwargs)
    finished += 1
    return result


HttpCase.browser_js = counted_browser_js  # start_tour goes through it as well


def pytest_sessionfinish():
    if name := os.environ.get("AFTERSALES_BROWSER_COUNT"):
        Path(name).write_text(str(finished))
