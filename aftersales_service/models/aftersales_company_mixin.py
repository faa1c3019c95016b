# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesCompanyMixin(models.AbstractModel):
    """The core's check of companies, affordable for a thousand records at once.

    What it finds depends on the companies of both sides alone, so that one record
    speaks for all that have them in common. Comes before ``mail.thread``.
    """

    _name = "aftersales.company.mixin"
    _description = "Check of Companies, in Batches"

    def _check_company(self, fnames=None):
        if len(self) < 2:
            return super()._check_company(fnames)
        if fnames is None or "company_id" in fnames:
            fnames = self._fields
        for name in fnames:
            field = self._fields[name]
            if field.relational and field.check_company:
                examples = self.browse(self._get_company_examples(name))
                super(AftersalesCompanyMixin, examples)._check_company([name])
        return None

    def _get_company_examples(self, name):
        """Ids of one record for each pair of companies that `name` brings together."""
        examples = {}
        # Compared, not shown.
        for record in self.sudo():
            target = record[name]
            if target:
                owner = target.company_id if "company_id" in target._fields else target
                examples[record.company_id, owner] = record.id
        return examples.values()
