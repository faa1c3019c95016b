# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import secrets

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, is_html_empty, verify_hash_signed

from .aftersales_claim_tracking import OWN_COPY, put_links

#: The customer's answer is asked for so long, and followed up after so many days.
LINK_HOURS = 24 * 60
FOLLOW_UP_DAYS = 3
SCOPE = "aftersales_remote_steps"
KEY_BYTES = 12


class RepairOrder(models.Model):
    _inherit = "repair.order"

    article_id = fields.Many2one(
        "aftersales.article", string="Guide", help="Its text is sent as the steps."
    )
    remote_steps = fields.Html(
        string="Steps",
        sanitize_style=True,
        compute="_compute_remote_steps",
        store=True,
        readonly=False,
        copy=False,
    )
    answer_key = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Signed with the link that asks for the answer; a new one ends the link.",
    )
    remote_sent_on = fields.Datetime(string="Steps Sent On", readonly=True, copy=False)
    remote_result = fields.Selection(
        [("worked", "It Worked"), ("failed", "It Did Not Work")],
        string="Did It Work?",
        copy=False,
    )

    @api.depends("article_id")
    def _compute_remote_steps(self):
        for repair in self:
            # They are read by the customer.
            lang = repair.partner_id.lang or self.env.lang
            guide = repair.article_id.with_context(lang=lang)
            repair.remote_steps = guide.body or repair.remote_steps

    def action_send_steps(self):
        """Send the steps to the customer, with a link to say whether they worked.

        :raises UserError: without steps, or without the customer's address
        """
        self.ensure_one()
        repair = self._as_technician()
        if is_html_empty(repair.remote_steps):
            raise UserError(self.env._("Write the steps for the customer first."))
        if not repair.partner_id.email:
            raise UserError(self.env._("The customer has no e-mail address."))
        repair._post_steps()
        repair.write({"remote_sent_on": fields.Datetime.now(), "remote_result": False})
        user = repair.user_id or self.env.user
        repair.activity_schedule(
            "mail.mail_activity_data_todo",
            fields.Date.add(fields.Date.context_today(self), days=FOLLOW_UP_DAYS),
            summary=repair.with_context(lang=user.lang).env._(
                "Ask the customer whether the steps worked"
            ),
            user_id=user.id,
        )
        return True

    def _post_steps(self):
        translated = self.with_context(lang=self.partner_id.lang)
        body = Markup("<p>%s</p>%s<p><a href='%s'>%s</a></p>") % (
            translated.env._("Please try these steps with your product:"),
            translated.remote_steps,
            self._get_steps_url(),
            translated.env._("Tell us whether it worked"),
        )
        # The answer by mail comes to the claim, where the customer's messages are.
        is_own = self.claim_id.partner_id == self.partner_id
        document = self.claim_id if is_own else self
        document.message_post(
            body=body,
            subject=translated.env._("%s: steps to try", document.name),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
        )

    # -- the link to answer

    def _get_steps_url(self):
        """The address of the steps for who signs in, for mails and messages.

        In the customer's own copy of a mail their link takes its place.
        """
        self.ensure_one()
        return f"{self.get_base_url()}/my/repairs/{self.id}/steps"

    def _get_answer_url(self):
        return f"{self.get_base_url()}{self._get_answer_path()}"

    def _get_answer_path(self):
        """The customer's link, in their language."""
        self.ensure_one()
        language = self.env["res.lang"]._get_data(code=self.partner_id.lang)
        prefix = f"/{language.url_code}" if language else ""
        return f"{prefix}/aftersales/steps?answer={self._get_answer_token()}"

    def _get_answer_token(self):
        # Whoever causes a mail to the customer may not read what is in it.
        repair = self.sudo()
        if not repair.answer_key:
            repair.answer_key = secrets.token_urlsafe(KEY_BYTES)
        return hash_sign(
            repair.env,
            SCOPE,
            [repair.id, repair.answer_key],
            expiration_hours=LINK_HOURS,
        )

    def _end_answer_link(self):
        self.filtered("answer_key").answer_key = False

    def write(self, vals):
        if "partner_id" in vals:
            moved = self.filtered(lambda r: r.partner_id.id != vals["partner_id"])
            # Follows from a change of customer that the user was allowed to make.
            moved.sudo()._end_answer_link()
        return super().write(vals)

    @api.model
    def _find_by_answer_token(self, token):
        """The repair a customer was asked about, or none for a wrong or old link."""
        # The signed link is the right to answer for this one repair.
        repairs = self.sudo()
        try:
            signed = token and verify_hash_signed(repairs.env, SCOPE, token)
        except ValueError:
            signed = None
        repair_id, key = signed or (0, "")
        repair = repairs.browse(repair_id or ()).exists()
        is_current = bool(repair.answer_key) and repair.answer_key == key
        return repair if is_current else repairs.browse()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) != 1 or not self.remote_steps:
            return groups

        def is_own_copy(recipient):
            return recipient["id"] == self.partner_id.id and recipient["type"] != "user"

        # The repair itself is no page for customers: no button leads to it.
        own = {"active": True, "has_button_access": False}
        return [(OWN_COPY, is_own_copy, own), *groups]

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        body = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
        if recipients_group.get("notification_group_name") != OWN_COPY:
            return body
        return put_links(body, {self._get_steps_url(): self._get_answer_url})

    # -- the answer

    def _answer_steps(self, worked):
        """Note the customer's answer; the responsible goes on from there."""
        self.ensure_one()
        if self.remote_result or self.state in ("done", "cancel"):
            return
        self.remote_result = "worked" if worked else "failed"
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if worked:
            self._tell_responsible(lambda env: env._("The steps worked"))
        else:
            self._tell_responsible(lambda env: env._("The steps did not work"))


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _get_private_links(self):
        links = super()._get_private_links()
        # Whoever causes a mail may not see the repairs of the claim.
        asked = self.sudo().repair_ids.filtered(
            lambda r: r.remote_steps and r.partner_id == self.partner_id
        )
        return links | {r._get_steps_url(): r._get_answer_url for r in asked}
