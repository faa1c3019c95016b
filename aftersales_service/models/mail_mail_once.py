# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

#: Goes out with mails of which nobody must get a second one.
SEND_ONCE = "X-Aftersales-Once"
#: Written by nobody: what answers such mails by itself need not answer.
ONCE_HEADERS = {SEND_ONCE: "1", "Auto-Submitted": "auto-generated"}


class MailMail(models.Model):
    """Mails that are sent at most once, also when the server is killed meanwhile.

    The core sends a mail again when it could not note any more that it had gone out.
    Of these it is noted before that they are on their way: those cut off stay as
    failed, with a reason, for somebody to decide.
    """

    _inherit = "mail.mail"

    def _send(self, auto_commit=False, *args, **options):
        mails = self.with_context(aftersales_send_once=auto_commit)
        return super(MailMail, mails)._send(auto_commit, *args, **options)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        prepared = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        once = self.env.context.get("aftersales_send_once")
        if once and SEND_ONCE in (self.headers or ""):
            # The core has just written that it failed.
            self.env["ir.cron"]._commit_progress()
        return prepared
