# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class AftersalesBatchMixin(models.AbstractModel):
    """How the scheduled actions go through the records that are due."""

    _name = "aftersales.batch.mixin"
    _description = "Work in Batches"

    @api.model
    def _work_off(self, domain, work, batch_size):
        """Do `work` to all records of `domain`, batch by batch.

        The cost grows with what is due. What can't be done is left out, with a line
        in the log, and the others go on.

        :param work: function of records that writes whatever takes them out of the
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
            try:
                with self.env.cr.savepoint():
                    work(locked)
            except Exception:
                locked._work_off_one_by_one(work)
            if not cron._commit_progress(len(due)):
                break

    def _work_off_one_by_one(self, work):
        for record in self:
            try:
                with self.env.cr.savepoint():
                    work(record)
            except OperationalError:
                _logger.info("%s is busy, it waits", record)
            except Exception as error:
                _logger.exception("Nothing was done about %s", record)
                record._note_failure(error)

    def _note_failure(self, error):
        """Called for the one record that `error` is about. To be extended."""

    @api.model
    def _get_dates_domain(self, condition):
        """A domain on dates with, for each company, its own today.

        :param condition: function of a date, returns a domain
        """
        companies = {}
        # What day it is in each company is no secret.
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            companies.setdefault(company._aftersales_today(), []).append(company.id)
        return Domain.OR(
            Domain("company_id", "in", ids) & Domain(condition(today))
            for today, ids in companies.items()
        )
