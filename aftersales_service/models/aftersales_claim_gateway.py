# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from ast import literal_eval

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, html2plaintext
from odoo.tools.mail import email_normalize_all, email_split_tuples

from ..rules.mail_repair import strip_tags
from ..rules.mail_text import bare_subject, new_text_first
from ..rules.plain_text import clean
from .aftersales_text_mixin import MAX_TEXT

#: Longer subjects stay whole in the message itself.
MAX_SUBJECT = 250
AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
}
MAIL_FIELDS = {"customer_wrote", "has_unverified_mail"}


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    customer_wrote = fields.Selection(
        [
            ("waiting", "While we waited"),
            ("closed", "After it was closed"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="A message of the customer that nobody has looked at. It changes nothing "
        "by itself: an agent goes on with the claim or opens it again.",
    )
    has_unverified_mail = fields.Boolean(
        string="Unverified Mail",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Somebody wrote about the claim who has no part in it, or who says to be "
        "one of us. Only staff sees the message.",
    )
    mail_intake_ids = fields.One2many(
        "aftersales.mail.intake",
        "claim_id",
        string="Mails",
        readonly=True,
        groups="aftersales_service.group_manager",
    )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in MAIL_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # -- a mail becomes a claim

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = {
            # Not the subject, which the core would take for it.
            "name": "New",
            "subject": self._get_mail_subject(msg_dict),
            "description": self._get_mail_description(msg_dict),
            "email_from": msg_dict.get("email_from"),
            "partner_id": msg_dict.get("author_id"),
            "channel_id": self.env["aftersales.channel"]._get("email").id,
            **(custom_values or {}),
        }
        team = self.env["aftersales.team"].browse(values.get("team_id"))
        if team and not values.get("company_id"):
            values["company_id"] = (team.company_id or self.env.company).id
        if team and not team.active:
            # The address outlives the team: somebody else gets the claim.
            del values["team_id"]
        return super().message_new(msg_dict, custom_values=values)

    @api.model
    def _get_mail_subject(self, msg_dict):
        subject = clean(bare_subject(msg_dict.get("subject")))
        return subject[:MAX_SUBJECT] or self.env._("No Subject")

    @api.model
    def _get_mail_description(self, msg_dict):
        text = clean(new_text_first(self._to_plain_text(msg_dict.get("body"))))
        if len(text) <= MAX_TEXT:
            return text
        note = self.env._("[Cut here: the whole text is in the message.]")
        return f"{text[: MAX_TEXT - len(note) - 2]}\n\n{note}"

    @api.model
    def _to_plain_text(self, body):
        try:
            return html2plaintext(body or "")
        except (ValueError, TypeError, AttributeError, RecursionError):
            return strip_tags(body or "")

    def _fill_in_recognised(self):
        """Add the product a mail is about, when it can only be one of its sender's."""
        self.ensure_one()
        if not self.partner_id or self.line_ids:
            return
        assets = self._get_triage_proposal()["asset_ids"]
        if len(assets) != 1:
            return
        try:
            with self.env.cr.savepoint():
                self.line_ids = [Command.create({"asset_id": assets.id})]
        except UserError:
            # It is claimed already: whoever triages finds the other claim.
            self.invalidate_recordset()

    def _acknowledge_mail(self, address):
        """Tell who wrote from `address` that the claim is registered.

        :return: whether a mail was sent
        """
        self.ensure_one()
        template = self.env.ref(
            "aftersales_service.mail_template_claim_received", raise_if_not_found=False
        )
        company = self.company_id
        if not template or not company.aftersales_tell_received:
            return False
        if self.partner_id:
            self._send_acknowledgement()
            return True
        claim = self.with_user(SUPERUSER_ID).with_context(lang=company.partner_id.lang)
        content = template.with_env(claim.env)._generate_template(
            self.ids, ("subject", "body_html")
        )[self.id]
        claim.message_post(
            subject=content["subject"],
            body=Markup(content["body_html"]),
            **claim.company_id._get_aftersales_author(),
            outgoing_email_to=address,
            email_layout_xmlid="aftersales_service.mail_layout_customer",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            notify_skip_followers=True,
        )
        return True

    def _get_customer_name(self):
        """How to address the customer, who may be no partner yet."""
        self.ensure_one()
        if self.partner_id:
            return self.partner_id.name or ""
        names = email_split_tuples(self.email_from or "")
        return names[0][0] or names[0][1] if names else ""

    def _notify_by_email_get_base_mail_values(
        self, message, recipients_data, additional_values=None
    ):
        """Say of what nobody wrote by hand that nobody's machine should answer it."""
        values = super()._notify_by_email_get_base_mail_values(
            message, recipients_data, additional_values
        )
        if message.message_type == "auto_comment":
            headers = literal_eval(values.get("headers") or "{}")
            values["headers"] = repr({**headers, **AUTOMATIC_HEADERS})
        return values

    # -- who takes part

    def _knows_sender(self, partner, address):
        """Whether who writes from `address` takes part in the claim.

        That is the customer, who follows it, who was sent copies, and colleagues
        where the company lets them see each other's claims.
        """
        self.ensure_one()
        taking_part = {
            email_normalize(self.email_from),
            *email_normalize_all(self.email_cc or ""),
        }
        if address and address in taking_part:
            return True
        if partner & (self.partner_id | self.message_partner_ids):
            return True
        is_colleague = (
            partner
            and partner.commercial_partner_id == self.partner_id.commercial_partner_id
        )
        is_shared = self.company_id.aftersales_portal_scope == "company"
        return bool(is_colleague and is_shared and not self.is_confidential)

    # -- what staff has to see

    def _get_unverified_banner(self, sender, is_staff):
        if is_staff:
            text = self.env._(
                "Sent from the address of a colleague (%s), which anybody can write. "
                "The customer has not been sent it: answer on the claim.",
                sender,
            )
        else:
            text = self.env._(
                "Unverified sender: %s takes no part in this claim. Only staff sees "
                "this message, and its sender was told nothing.",
                sender or "–",
            )
        return Markup('<p class="text-warning"><b>%s</b></p>') % text

    def _note_unverified_mail(self):
        self.has_unverified_mail = True
        self._remind_staff(
            lambda env: env._("Look at the mail of an unverified sender")
        )

    def _note_bounce(self, address, reason):
        """Tell on the claim that a mail to `address` came back."""
        text = self.env._("A mail to %s could not be delivered.", address or "–")
        self._message_log(body=Markup("<p>%s</p><p><i>%s</i></p>") % (text, reason))
        self._remind_staff(lambda env: env._("Reach the customer: a mail came back"))

    def _note_customer_message(self, message):
        """Show that the customer wrote where nobody expects it any more.

        The claim stays as it is: no message decides on a state.
        """
        # Whether the author is staff must be known whoever posts.
        author = message.sudo().author_id
        if (
            message.message_type not in ("email", "comment")
            or message.subtype_id != self.env.ref("mail.mt_comment")
            or (author and not author.partner_share)
        ):
            return
        # The mark follows from the message; customers may not write on the claim.
        claim = self.sudo()
        if claim.stage_category == "waiting":
            claim.customer_wrote = "waiting"
        elif claim.stage_category in ("solved", "cancelled"):
            claim.customer_wrote = "closed"
            claim._remind_staff(
                lambda env: env._("Answer: the customer wrote after closing")
            )

    def _remind_staff(self, get_summary):
        """Give whoever works on the claim a task, unless they have it already.

        :param get_summary: function of an environment in the user's language
        """
        self.ensure_one()
        user = self.user_id or self.team_id.user_id
        if not user:
            return
        summary = get_summary(self.with_context(lang=user.lang).env)
        if any(activity.summary == summary for activity in self.activity_ids):
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo", summary=summary, user_id=user.id
        )

    def action_clear_mail_marks(self):
        """Say that the messages have been looked at."""
        self._ensure_is_agent()
        # Agents don't edit the marks, they follow from messages and from this step.
        self.sudo().write({"customer_wrote": False, "has_unverified_mail": False})
        return True

    def _after_stage_change(self, before):
        result = super()._after_stage_change(before)
        # Whoever changes the stage has seen what was written; as above.
        self.sudo().filtered("customer_wrote").customer_wrote = False
        return result

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._note_customer_message(message)
        return result
