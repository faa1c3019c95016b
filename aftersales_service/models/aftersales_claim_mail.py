# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import format_date, format_time


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _send_acknowledgement(self):
        """Tell the customers, each in their language, that the claim was received."""
        template = self.env.ref(
            "aftersales_service.mail_template_claim_received", raise_if_not_found=False
        )
        if template:
            # Whether it is sent is the company's setting, which not all may read.
            told = self.sudo().filtered(lambda claim: claim._is_told("received"))
            told._post_status(template)

    def _get_answer_deadline(self):
        """By when the customer hears from a person, in words of their language."""
        self.ensure_one()
        # The customer is told this one fact of the SLA, which they can't read.
        promised = self.sudo().sla_status_ids.filtered(
            lambda s: s.target == "first_response" and s.state != "reached"
        )
        deadline = min(filter(None, promised.mapped("deadline")), default=None)
        if not deadline:
            return ""
        zone = self.company_id._get_aftersales_tz().zone
        local_day = self.company_id._aftersales_date(deadline)
        day = format_date(self.env, local_day, date_format="full")
        return f"{day}, {format_time(self.env, deadline, tz=zone, time_format='HH:mm')}"

    def _message_compute_subject(self):
        """A reference alone tells the customer nothing."""
        title = self._get_mail_title()
        return f"{self.name}: {title}" if title else super()._message_compute_subject()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._note_response(message)
        return result

    def _note_response(self, message):
        """Count what staff write to the customer; the first one stops its clock.

        Log notes and automatic messages are no response.
        """
        author = message.author_id
        # Whether the author is one of the staff must be known whoever posts.
        is_response = (
            # A mail has staff as its author only when the mail server vouches for them.
            message.message_type in ("comment", "email")
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and author.sudo().user_ids.filtered(lambda u: u._is_internal())
            and author != self.partner_id
        )
        if not is_response:
            return
        now = fields.Datetime.now()
        # Whoever may post has answered; the clock is not theirs to write.
        claim = self.sudo()
        claim.response_count += 1
        claim.customer_wrote = False
        if not claim.first_response_date:
            claim.first_response_date = now
            claim._reach_sla("first_response", now)

    def _notify_get_reply_to(self, default=None, author_id=False):
        # Customers who post can't read the team: its address is public anyway.
        aliases = self.sudo().team_id._notify_get_reply_to(
            default=default, author_id=author_id
        )
        # As above: only the address is taken.
        result = {
            claim.id: aliases.get(claim.sudo().team_id.id)
            for claim in self
            if claim.sudo().team_id.alias_email
        }
        leftover = self.filtered(lambda c: c.id not in result)
        if leftover:
            result.update(
                super(AftersalesClaim, leftover)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return result
