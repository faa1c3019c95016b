# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from lxml import etree, html
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, is_html_empty, plaintext2html

from ..rules.plain_text import clean
from .aftersales_claim_portal import MAX_DESCRIPTION

#: Sent again within so many seconds, a message is the same click.
DOUBLE_CLICK_SECONDS = 120
#: What a mail quotes of other mails, with other people's addresses.
QUOTES = "//*[@data-o-mail-quote or @data-o-mail-quote-container] | //blockquote"
MAX_MESSAGES = 100


class AftersalesClaim(models.Model):
    """What the customer sees and does with the link in a mail, without a login."""

    _inherit = "aftersales.claim"

    def _get_guest_values(self):
        """What the page behind the link shows, in the language of the env.

        :return: dict with ``claim`` (superuser record) and, unless the claim is
            confidential, ``timeline``, ``next_step``, ``quotes`` (sale.order to
            answer), ``products`` (list of names), ``messages`` (see
            `_get_guest_messages`), ``parcels`` and ``can_confirm``
        """
        self.ensure_one()
        # The token in the link gives the right to these facts.
        claim = self.sudo()
        values = {"claim": claim, "is_minimal": claim.is_confidential}
        if claim.is_confidential:
            return values
        lines = claim.line_ids
        return {
            **values,
            "timeline": claim._get_portal_timeline(),
            "next_step": claim._get_portal_next_step(),
            "quotes": claim._get_portal_quotes(),
            "products": [
                name
                for line in lines
                if (name := line.asset_id.name or line.product_id.name)
            ],
            "messages": claim._get_guest_messages(),
            "parcels": claim._get_portal_parcel_vals(),
            "can_confirm": claim._can_confirm_in_portal(),
        }

    def _get_guest_messages(self):
        """What staff and the customer wrote to each other, the newest first.

        Notes, automatic messages and what other people wrote are left out.

        :return: list of dicts: ``author`` (name of staff, or "" for the customer),
            ``date_text``, ``body`` (Markup), ``attachments`` (ir.attachment)
        """
        self.ensure_one()
        messages = self._find_guest_messages()
        staff = self._get_staff(messages.author_id)
        return [
            {
                "author": message.author_id.name if message.author_id in staff else "",
                "date_text": self._format_company_moment(message.date),
                "body": self._strip_quotes(message.body),
                "attachments": message.attachment_ids,
            }
            for message in messages
        ]

    def _find_guest_messages(self):
        # Chosen below: of the claim the link belongs to, what anybody may read.
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "in", ("comment", "email")),
                    ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                    ("is_internal", "=", False),
                ],
                order="id desc",
                limit=MAX_MESSAGES,
            )
        )
        staff = self._get_staff(messages.author_id)
        return messages.filtered(
            lambda message: (message.author_id in staff or self._is_by_guest(message))
            and not (is_html_empty(message.body) and not message.attachment_ids)
        )

    def _is_by_guest(self, message):
        """Whether `message` was written by who has the link, contact or not yet."""
        if self.partner_id:
            return message.author_id == self.partner_id
        if message.author_id:
            return message.author_id == self._get_guest_author()
        address = email_normalize(self.email_from or "")
        return bool(address) and email_normalize(message.email_from or "") == address

    def _get_staff(self, partners):
        # Who is staff must be known to tell their answers from others' mails.
        users = (
            self.env["res.users"].sudo().search([("partner_id", "in", partners.ids)])
        )
        return users.filtered(lambda user: user._is_internal()).partner_id

    def _strip_quotes(self, body):
        if not body:
            return Markup()
        fragment = html.fragment_fromstring(str(body), create_parent="div")
        for node in fragment.xpath(QUOTES):
            if node.getparent() is not None:
                node.drop_tree()
        # Sanitized when it was stored; only parts were taken out.
        return Markup(etree.tostring(fragment, encoding="unicode", method="html"))

    def _find_guest_file(self, attachment_id):
        """The attachment (superuser record) of a message the link shows, or none."""
        self.ensure_one()
        # As above: the claim is the link's.
        claim = self.sudo()
        if claim.is_confidential:
            return self.env["ir.attachment"]
        files = claim._find_guest_messages().attachment_ids
        return files.filtered(lambda file: file.id == attachment_id)

    # -- what the customer does

    def _post_guest_message(self, text, files):
        """Add what the customer writes; the same click only once.

        Runs in the visitor's environment, so that files are stored inert.

        :param text: string
        :param files: list of (name, bytes)
        :raises UserError: in the customer's words, when there is nothing or too much
        """
        self.ensure_one()
        text = clean(text)
        if not text and not files:
            raise UserError(self.env._("Write something or choose a photo, please."))
        if len(text) > MAX_DESCRIPTION:
            raise UserError(
                self.env._(
                    "The message may have %s characters at most.", MAX_DESCRIPTION
                )
            )
        self._check_portal_files(files)
        self._take_turn()
        body = plaintext2html(text) if text else Markup()
        if self._is_repeated(body, files):
            return
        # The link gives the right to write in the customer's name.
        self.sudo().message_post(
            body=body,
            author_id=self.sudo()._get_guest_author().id,
            attachments=[(clean(name) or "file", content) for name, content in files],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_guest_author(self):
        return self.partner_id or self.env.ref("base.public_partner")

    def _is_repeated(self, body, files):
        # Of the claim the link belongs to.
        latest = self.sudo().message_ids.filtered(
            lambda message: message.message_type == "comment"
            and message.author_id == self.sudo()._get_guest_author()
        )[:1]
        since = fields.Datetime.now() - latest.date if latest else None
        return bool(
            latest
            and since.total_seconds() < DOUBLE_CLICK_SECONDS
            and self._to_text(latest.body) == self._to_text(body)
            and sorted(latest.attachment_ids.mapped("file_size"))
            == sorted(len(content) for _name, content in files)
        )

    def _to_text(self, body):
        return str(body or "").strip()
