# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
import secrets

from odoo import api, fields, models
from odoo.tools import email_normalize

TOKEN_BYTES = 24
#: Name of the group of recipients that is the customer alone.
OWN_COPY = "aftersales_customer"


class AftersalesClaim(models.Model):
    """The link under which the customer follows a claim without a login.

    Its token is in no page, list or message that anybody else reads: it is put into
    the customer's own mail while that is sent.
    """

    _inherit = "aftersales.claim"

    tracking_token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _tracking_token_uniq = models.UniqueIndex(
        "(tracking_token) WHERE tracking_token IS NOT NULL"
    )

    def _hand_over_from(self, customer, address):
        result = super()._hand_over_from(customer, address)
        if customer or not self._is_same_party(customer, address):
            self._end_links()
        if address and address == customer.email_normalized:
            # Who came after may have no address: the former one's must not stay.
            self.email_from = self.partner_id.email
        return result

    def _end_links(self):
        """Let end what leads to the claims without a login.

        Also the link that confirmed the public form: it leads on to the claim's own.
        """
        self.tracking_token = False
        self.repair_ids._end_answer_link()
        pending = self.env["aftersales.claim.pending"]
        pending.search([("claim_id", "in", self.ids)]).unlink()

    @api.model
    def _find_by_tracking_token(self, token):
        """The claim that the link with `token` shows (superuser record), or none."""
        # The token is what proves the right to see the claim.
        claims = self.sudo()
        if not token or not re.fullmatch(r"[\w-]{20,64}", token, re.ASCII):
            return claims.browse()
        claim = claims.search([("tracking_token", "=", token)], limit=1)
        survivor = claim._get_survivor()
        # Who merged it may have put it on a colleague's.
        is_own = survivor.active and survivor.partner_id == claim.partner_id
        return survivor if is_own else claim

    def _get_tracking_url(self):
        """The customer's link, in their language; the only way to learn the token."""
        self.ensure_one()
        # Whoever causes a mail to the customer may not read what is in it.
        claim = self.sudo()
        if not claim.tracking_token:
            claim.tracking_token = secrets.token_urlsafe(TOKEN_BYTES)
        reader = claim.partner_id or claim.company_id.partner_id
        language = self.env["res.lang"]._get_data(code=reader.lang)
        prefix = f"/{language.url_code}" if language else ""
        path = f"{prefix}/aftersales/claim/{claim.tracking_token}"
        return claim.get_base_url() + path

    def _get_customer_url(self):
        """The claim's address in the portal, for mails and messages.

        In the customer's own copy of a mail their link takes its place.
        """
        self.ensure_one()
        return f"{self.get_base_url()}/my/claims/{self.id}"

    def action_revoke_tracking_link(self):
        """Let the link that was sent end; the next mail to the customer has a new one.

        :raises AccessError: without the right to change the claim
        """
        self._ensure_is_agent()
        # Nobody reads or writes tokens; ending one is an agent's right.
        self.sudo()._end_links()
        for claim in self:
            claim._message_log(
                body=self.env._(
                    "The link to follow the claim without a login was revoked. The "
                    "next mail to the customer has a new one."
                )
            )
        return True

    # -- the customer's own copy of a mail

    def _get_private_links(self):
        """What stands in a message and leads, in the customer's own copy, elsewhere.

        :return: {address for who signs in: function that gives the customer's link}
        """
        self.ensure_one()
        return {self._get_customer_url(): self._get_tracking_url}

    def _is_own_copy(self, recipient):
        """Whether `recipient` (as of the core) is the customer, or who wrote at first
        and is no contact yet."""
        if recipient["id"]:
            is_customer = recipient["id"] == self.partner_id.id
            return is_customer and recipient["type"] != "user"
        address = email_normalize(self.email_from or "")
        return not self.partner_id and recipient["email_normalized"] == address

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) != 1 or not (self.partner_id or self.email_from):
            return groups
        own = {
            "active": True,
            "has_button_access": True,
            "button_access": {
                "title": self.env._("Follow your request"),
                "url": self._get_tracking_url(),
            },
        }
        return [(OWN_COPY, self._is_own_copy, own), *groups]

    def _notify_by_email_render_layout(
        self, message, recipients_group, msg_vals=False, render_values=None
    ):
        body = super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
        if recipients_group.get("notification_group_name") != OWN_COPY:
            return body
        return put_links(body, self._get_private_links())


def put_links(body, links):
    """`body` (HTML) with `links` as of ``_get_private_links`` put in."""
    for address, get_link in links.items():
        pattern = re.escape(address) + r"(?![\w/])"
        body = type(body)(re.sub(pattern, lambda _found, get=get_link: get(), body))
    return body
