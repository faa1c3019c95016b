# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict.get("bounced_message")
        if bounced and self._aftersales_has_failed(email_message):
            # Only looked for: which of our mails came back.
            mails = self.env["mail.mail"].sudo()
            mails = mails.search([("mail_message_id", "in", bounced.ids)])
            reason = html2plaintext(message_dict.get("body") or "").strip()
            self.env["aftersales.bulletin.recipient"]._note_mail_result(
                mails, reason or self.env._("The mail came back.")
            )
        return result

    def _aftersales_has_failed(self, report):
        """Whether a report (email.message.EmailMessage) says that a mail is lost.

        Others tell that it is late, has arrived or was read: RFC 3464, 2.3.3; RFC 8098.
        """
        if not report:
            return True
        if report.get_param("report-type") == "disposition-notification":
            return False
        actions = {
            str(fields.get("Action", "")).strip().lower()
            for part in report.walk()
            if part.get_content_type() == "message/delivery-status"
            and part.is_multipart()
            for fields in part.get_payload()
        } - {""}
        return not actions or "failed" in actions
