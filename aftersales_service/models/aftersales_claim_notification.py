# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 50


class AftersalesClaimNotification(models.Model):
    """The ledger of what was told once, in the transaction of the mail itself."""

    _name = "aftersales.claim.notification"
    _description = "Message Sent about a Claim"
    _rec_name = "kind"

    claim_id = fields.Many2one(
        "aftersales.claim", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Char(required=True, readonly=True)
    level = fields.Integer(
        readonly=True,
        required=True,
        help="Which event of its kind: the round of the claim, or the record's id.",
    )

    state = fields.Selection(
        [("noted", "Noted"), ("due", "To Send"), ("failed", "Failed")],
        readonly=True,
        required=True,
        default="noted",
    )

    _due_idx = models.Index("(id) WHERE state = 'due'")
    _once = models.UniqueIndex("(claim_id, kind, level)")

    @api.model
    def _note_once(self, kind, levels, later=False):
        """Enter events into the ledger and tell which of them are new.

        :param kind: string
        :param levels: {aftersales.claim: integer that tells events of a kind apart}
        :param later: leave the sending to the scheduled action
        :return: the claims whose event was not in the ledger
        """
        claims = self.env["aftersales.claim"].union(*levels)
        if not claims:
            return claims
        claims.flush_recordset(["name"])
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO aftersales_claim_notification
                    (claim_id, kind, level, state, create_uid, create_date)
                VALUES %(rows)s
                ON CONFLICT (claim_id, kind, level) DO NOTHING
                RETURNING claim_id
                """,
                rows=SQL(", ").join(
                    SQL(
                        "(%s, %s, %s, %s, %s, %s)",
                        claim.id,
                        kind,
                        level,
                        "due" if later else "noted",
                        self.env.uid,
                        fields.Datetime.now(),
                    )
                    for claim, level in levels.items()
                ),
            )
        )
        return claims.browse([claim_id for (claim_id,) in rows])

    @api.model
    def _cron_send_due(self):
        """Send what a step on many claims left to be sent, each once.

        One that can't be sent is marked and does not stop the others.
        """
        due = self.search([("state", "=", "due")], order="id", limit=BATCH)
        for event in due:
            event = event.try_lock_for_update().filtered_domain([("state", "=", "due")])
            if not event:
                continue
            try:
                with self.env.cr.savepoint():
                    event.claim_id._send_status(event.kind)
                    event.state = "noted"
            except (UserError, ValueError):
                _logger.exception("Message %s of %s", event.kind, event.claim_id.name)
                event.state = "failed"
            self.env["ir.cron"]._commit_progress(1)
        left = self.search_count([("state", "=", "due")])
        self.env["ir.cron"]._commit_progress(remaining=left)
