# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # What is sent on no document may be the mail of a visit.
        loose = self.filtered(lambda mail: not mail.model)
        if loose:
            # Whoever sends the queue need not see visits.
            visits = self.env["aftersales.plan.visit"].sudo()
            visits.search([("mail_id", "in", loose.ids)])._note_sending(
                failure_type, failure_reason
            )
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
