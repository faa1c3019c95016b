# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Keep the links of customers out of the server's log, which has many readers."""

import logging

from ..rules.link_tokens import hide_tokens

#: Who logs the path of a request.
LOGGERS = ("werkzeug", "odoo.http", "odoo.addons.http_routing.models.ir_http")


class HideTokens(logging.Filter):
    def filter(self, record):
        message = record.getMessage()
        hidden = hide_tokens(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


for name in LOGGERS:
    logging.getLogger(name).addFilter(HideTokens())
