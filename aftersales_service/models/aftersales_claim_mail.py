# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import format_date, format_time, html2plaintext

from .aftersales_claim import MAX_TEXT

#: Longer subjects stay whole in the message itself.
MAX_SUBJECT = 250


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def message_new(self, msg_dict, custom_values=None):
        # In place: the gateway posts the same texts on the claim afterwards.
        for name, value in msg_dict.items():
            if isinstance(value, str):
                msg_dict[name] = value.replace("\x00", "")
        values = {
            "subject": (msg_dict.get("subject") or self.env._("No Subject"))[
                :MAX_SUBJECT
            ],
            "description": html2plaintext(msg_dict.get("body") or "")[:MAX_TEXT],
            "email_from": msg_dict.get("email_from"),
            "partner_id": msg_dict.get("author_id"),
            "channel_id": self.env.ref("aftersales_service.channel_email").id,
            **(custom_values or {}),
        }
        if values.get("team_id"):
            team = self.env["aftersales.team"].browse(values["team_id"])
            values.setdefault("company_id", (team.company_id or self.env.company).id)
        claim = super().message_new(msg_dict, custom_values=values)
        claim._send_acknowledgement()
        return claim

    def _send_acknowledgement(self):
        """Tell the customers, each in their language, that the claim was received."""
        template = self.env.ref(
            "aftersales_service.mail_template_claim_received", raise_if_not_found=False
        )
        if not template:
            return
        for claim in self.filtered("partner_id.email"):
            # The company writes, not whoever registered the claim: a customer would
            # not be sent what they post themselves.
            claim.with_user(SUPERUSER_ID).message_post_with_source(
                template,
                author_id=claim.company_id.partner_id.id,
                partner_ids=claim.partner_id.ids,
                email_layout_xmlid="mail.mail_notification_light",
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )

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

    def _get_customer_url(self):
        """The address under which the customer follows the claim."""
        self.ensure_one()
        return self.get_base_url() + self.get_portal_url()

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
            message.message_type == "comment"
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
