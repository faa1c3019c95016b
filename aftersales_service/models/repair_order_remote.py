# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, is_html_empty, verify_hash_signed

#: The customer's answer is asked for so long, and followed up after so many days.
LINK_HOURS = 24 * 60
FOLLOW_UP_DAYS = 3
SCOPE = "aftersales_remote_steps"


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
    remote_sent_on = fields.Datetime(string="Steps Sent On", readonly=True, copy=False)
    remote_result = fields.Selection(
        [("worked", "It Worked"), ("failed", "It Did Not Work")],
        string="Did It Work?",
        copy=False,
    )

    @api.depends("article_id")
    def _compute_remote_steps(self):
        for repair in self:
            repair.remote_steps = repair.article_id.body or repair.remote_steps

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
            f"{self.get_base_url()}/aftersales/steps?answer={self._get_answer_token()}",
            translated.env._("Tell us whether it worked"),
        )
        # The answer by mail comes to the claim, where the customer's messages are.
        document = self.claim_id or self
        document.message_post(
            body=body,
            subject=translated.env._("%s: steps to try", document.name),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
        )

    def _get_answer_token(self):
        return hash_sign(self.env(su=True), SCOPE, self.id, expiration_hours=LINK_HOURS)

    @api.model
    def _find_by_answer_token(self, token):
        """The repair a customer was asked about, or none for a wrong or old link."""
        try:
            repair_id = token and verify_hash_signed(self.env(su=True), SCOPE, token)
        except ValueError:
            repair_id = None
        # The signed link is the right to answer for this one repair.
        return self.sudo().browse(repair_id or ()).exists()

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
