# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import json
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: How many claims are recomputed in one transaction.
BATCH_SIZE = 200
#: How many changes one run of the scheduled action takes.
MAX_REQUESTS = 100


class AftersalesSlaRefresh(models.Model):
    """Open claims whose deadlines must follow a change of policy, hours or category.

    Whoever makes the change does not wait for the claims, however many there are: a
    scheduled action goes through them in batches and goes on where it stopped.
    """

    _name = "aftersales.sla.refresh"
    _description = "Deadlines to Recompute"
    _order = "id"

    domain = fields.Char(required=True, readonly=True, help="Of claims, in JSON.")
    last_claim_id = fields.Integer(
        readonly=True, help="The claims up to this one have been recomputed."
    )

    @api.model
    def _ask(self, domain):
        """Have the deadlines of the open claims in `domain` recomputed soon.

        :param domain: of aftersales.claim, of plain values
        """
        # Deadlines are the team's promise, whoever makes the change.
        claims = self.env["aftersales.claim"].sudo().with_context(active_test=False)
        if not claims.search_count(claims._get_open_domain() & Domain(domain), limit=1):
            return
        text = json.dumps(list(Domain(domain)))
        # As above: nobody reads or writes this ledger by hand.
        ledger = self.sudo()
        if not ledger.search_count(
            [("domain", "=", text), ("last_claim_id", "=", 0)], limit=1
        ):
            ledger.create({"domain": text})
        # As above.
        self.env.ref("aftersales_service.ir_cron_sla_refresh").sudo()._trigger()

    @api.model
    def _ask_for_policies(self, domain, criterion):
        """The same, if any policy looks at `criterion` at all."""
        policies = self.env["aftersales.sla"]._get_policies()
        if any(getattr(policy, criterion) for policy in policies):
            self._ask(domain)

    @api.model
    def _cron_refresh(self):
        """Recompute what was asked for, oldest first, each batch on its own."""
        cron = self.env["ir.cron"]
        waiting = self.search([], limit=MAX_REQUESTS)
        cron._commit_progress(remaining=self.search_count([]))
        for refresh in waiting:
            while refresh._process_batch():
                if not cron._commit_progress():
                    return
            refresh.unlink()
            if not cron._commit_progress(1):
                return

    def _process_batch(self):
        """Recompute the next claims; whether there may be more."""
        self.ensure_one()
        user = self.create_uid
        # The audit line names whoever made the change.
        claims = (
            self.env["aftersales.claim"]
            .with_user(user)
            .sudo()
            .with_context(active_test=False, lang=user.lang)
        )
        claims = claims.search(
            claims._get_open_domain()
            & Domain(json.loads(self.domain))
            & Domain("id", ">", self.last_claim_id),
            order="id",
            limit=BATCH_SIZE,
        )
        if claims:
            claims._refresh_sla()
            self.last_claim_id = claims[-1].id
        return len(claims) == BATCH_SIZE


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _refresh_sla(self):
        """Recompute a batch; one that can't be is left out and does not stop it."""
        try:
            with self.env.cr.savepoint():
                self._update_sla()
        except OperationalError:
            # Somebody changes one of them now: the batch is run again.
            raise
        except Exception:
            if len(self) == 1:
                _logger.exception("The deadlines of %s stay as they are", self)
                return
            for claim in self:
                claim._refresh_sla()
