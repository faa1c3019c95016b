# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import hmac

from ..rules.address import household

#: No window is longer; older attempts are forgotten.
KEPT_HOURS = 24


class AftersalesRateLimit(models.Model):
    """Attempts at what strangers may do, counted for each address.

    Addresses are kept as hashes, and only for a day.
    """

    _name = "aftersales.rate.limit"
    _description = "Attempt from Outside"

    purpose = fields.Char(required=True, readonly=True)
    visitor_hash = fields.Char(required=True, readonly=True)

    _attempts_idx = models.Index("(purpose, visitor_hash, create_date)")
    _created_idx = models.Index("(create_date)")

    @api.model
    def _is_exceeded(self, purpose, visitor, limit, minutes):
        """Count an attempt, unless there were too many already.

        :param purpose: string, what is attempted
        :param visitor: string that tells visitors apart: an internet or mail address
        :param limit: how many attempts are allowed in the last `minutes`
        :return: whether this one is too many
        """
        # Strangers have no rights on the attempts that are counted.
        attempts = self.sudo()
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        visitor_hash = hmac(attempts.env, f"aftersales_rate_limit_{purpose}", visitor)
        found = attempts.search_count(
            [
                ("purpose", "=", purpose),
                ("visitor_hash", "=", visitor_hash),
                ("create_date", ">", since),
            ],
            limit=limit,
        )
        if found >= limit:
            return True
        attempts.create({"purpose": purpose, "visitor_hash": visitor_hash})
        return False

    @api.model
    def _is_request_exceeded(self, purpose, limit, minutes):
        """As `_is_exceeded`, for the internet address of the current request."""
        visitor = household(request.httprequest.remote_addr)
        return self._is_exceeded(purpose, visitor, limit, minutes)

    @api.autovacuum
    def _gc_attempts(self):
        before = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        self.search([("create_date", "<", before)], limit=10_000).unlink()
