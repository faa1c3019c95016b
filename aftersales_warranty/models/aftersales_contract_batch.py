# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from odoo import api, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class AftersalesContract(models.Model):
    """How the scheduled actions go through the contracts that are due."""

    _inherit = "aftersales.contract"

    @api.model
    def _work_off(self, domain, work, batch_size):
        """Do `work` to all contracts of `domain`, batch by batch.

        The cost grows with what is due. What can't be done is left out, with a line
        in the log, and the others go on.

        :param work: function of contracts that writes whatever takes them out of the
            domain
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        last_id = 0
        while due := self.search(
            domain & Domain("id", ">", last_id), order="id", limit=batch_size
        ):
            last_id = due[-1:].id
            locked = due.try_lock_for_update().filtered_domain(domain)
            for contract in locked:
                contract._work_off_one(work)
            if not cron._commit_progress(len(due)):
                break

    def _work_off_one(self, work):
        try:
            with self.env.cr.savepoint():
                work(self)
        except Exception:
            _logger.exception("Nothing was done about contract %s", self.id)
