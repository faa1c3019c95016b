# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

BATCH = 200


class AftersalesMailIntake(models.Model):
    """Originals are personal data: they go when nobody needs them any more.

    What became of a mail stays in the ledger, so that it is never taken in again.
    """

    _inherit = "aftersales.mail.intake"

    end_date = fields.Datetime(
        string="Decided on",
        readonly=True,
        help="When it became what it is; from then on its original is kept as long as "
        "the settings say.",
    )

    _originals_idx = models.Index(
        "(company_id, end_date) WHERE attachment_id IS NOT NULL"
    )

    @api.model
    def _get_forgettable_domain(self):
        """Mails that ended well so long ago that their originals are not kept."""
        now = fields.Datetime.now()
        # What still waits for a decision has no end.
        return Domain("attachment_id", "!=", False) & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("end_date", "<", fields.Datetime.subtract(now, days=days))
            for company in self.env["res.company"].search([])
            if (days := company.aftersales_mail_days) > 0
        )

    @api.model
    def _cron_forget_originals(self):
        """Delete the originals that are not kept any longer, in batches."""
        domain = self._get_forgettable_domain()
        entries = self.search(domain, order="end_date", limit=BATCH)
        entries.attachment_id.unlink()
        self.env["ir.cron"]._commit_progress(
            len(entries), remaining=self.search_count(domain)
        )

    def _ensure_undecided(self):
        if self.filtered(lambda entry: not entry.attachment_id):
            raise UserError(
                self.env._("The original of this mail is not kept any longer.")
            )
        return super()._ensure_undecided()
