# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.aftersales_service.rules.plain_text import clean

#: What the customer agreed to, and what was decided: nobody edits it.
FIXED_FIELDS = {
    "approved_by_id",
    "approved_date",
    "author",
    "company_id",
    "consent_date",
    "consent_text",
    "partner_id",
    "state",
    "text",
    "user_input_id",
    "withdrawn_date",
}
MAX_TEXT = 2000
MAX_AUTHOR = 80


class AftersalesTestimonial(models.Model):
    """A customer's words that may be published, as long as the customer agrees."""

    _name = "aftersales.testimonial"
    _description = "Testimonial"
    _inherit = ["aftersales.text.mixin", "mail.thread"]
    _rec_name = "author"
    _order = "id desc"

    author = fields.Char(
        readonly=True, help="The name that the customer wants to be shown."
    )
    text = fields.Text(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    # Who reads the answer form holds the customer's link: nobody does.
    user_input_id = fields.Many2one(
        "survey.user_input",
        string="Answer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    state = fields.Selection(
        [
            ("to_approve", "To Approve"),
            ("published", "Published"),
            ("rejected", "Not Published"),
            ("withdrawn", "Withdrawn"),
        ],
        default="to_approve",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    consent_date = fields.Datetime(readonly=True)
    consent_text = fields.Char(
        string="Consent", readonly=True, help="The sentence the customer agreed to."
    )
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_date = fields.Datetime(readonly=True)
    withdrawn_date = fields.Datetime(readonly=True)

    _once_per_answer = models.UniqueIndex(
        "(user_input_id) WHERE user_input_id IS NOT NULL",
        "This answer has its testimonial already.",
    )
    _published_idx = models.Index(
        "(company_id, approved_date) WHERE state = 'published'"
    )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # -- by the customer, through the link

    @api.model
    def _give(self, answer, text, author, consent):
        """The testimonial of an answer, once.

        :param answer: survey.user_input, sent; whoever calls checked the link
        :param consent: the sentence the customer ticked, empty when not
        :raises ValidationError: without consent or text, or for a text too long
        """
        text, author = clean(text), clean(author)
        if not consent:
            raise ValidationError(
                self.env._("We need your agreement to publish your words.")
            )
        if not text or len(text) > MAX_TEXT or len(author) > MAX_AUTHOR:
            raise ValidationError(
                self.env._("Write some words, %s characters at most.", MAX_TEXT)
            )
        # Two clicks at once: the second waits here and finds the first one's.
        answer.lock_for_update()
        known = self.search([("user_input_id", "=", answer.id)])
        if known:
            return known
        return self.create(
            {
                "user_input_id": answer.id,
                "text": text,
                "author": author or self.env._("A customer"),
                "partner_id": answer.partner_id.id,
                "product_id": answer.product_id.id,
                "company_id": answer.aftersales_company_id.id,
                "consent_date": fields.Datetime.now(),
                "consent_text": consent,
            }
        )

    def _action_withdraw(self):
        """The customer takes the words back: they are erased, the fact stays."""
        self.write(
            {
                "state": "withdrawn",
                "withdrawn_date": fields.Datetime.now(),
                "text": False,
                "author": False,
                "partner_id": False,
            }
        )

    # -- by staff

    def action_publish(self):
        """Show the words on the page of testimonials.

        :raises UserError: for one that the customer has withdrawn
        """
        self._ensure_manager()
        self._ensure_not_withdrawn()
        # The rights are checked above; the state is not written by hand.
        self.sudo().write(
            {
                "state": "published",
                "approved_by_id": self.env.uid,
                "approved_date": fields.Datetime.now(),
            }
        )
        return True

    def action_reject(self):
        """Don't publish the words, or not any more."""
        self._ensure_manager()
        self._ensure_not_withdrawn()
        # The rights are checked above; the state is not written by hand.
        self.sudo().write({"state": "rejected"})
        return True

    def action_withdraw(self):
        """The customer asked by phone or mail to take the words back."""
        self._ensure_manager()
        # The rights are checked above; the words are not written by hand.
        self.sudo()._action_withdraw()
        return True

    def _ensure_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(self.env._("Only after-sales managers can do this."))

    def _ensure_not_withdrawn(self):
        if self.filtered(lambda t: t.state == "withdrawn"):
            raise UserError(self.env._("The customer has taken these words back."))
