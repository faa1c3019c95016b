# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Keep the links of customers out of the server's log, which has many readers."""

import logging
import re

TOKEN = re.compile(r"(/aftersales/claim/(?:confirm/)?)[\w.~%-]{20,}")
#: Who logs the path of a request.
LOGGERS = ("werkzeug", "odoo.http", "odoo.addons.http_routing.models.ir_http")


class HideTokens(logging.Filter):
    def filter(self, record):
        message = record.getMessage()
        if "/aftersales/claim/" in message:
            record.msg, record.args = TOKEN.sub(r"\1***", message), ()
        return True


for name in LOGGERS:
    logging.getLogger(name).addFilter(HideTokens())
