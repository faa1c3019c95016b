# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from ast import literal_eval
from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize
from odoo.tools.mail import email_split

from ..rules import mail_authentication, mail_text
from ..rules.link_tokens import hide_tokens
from ..rules.mail_envelope import ADDRESS, Envelope, bounced_address
from ..rules.mail_repair import repair

CLAIM = "aftersales.claim"
#: The same text so often from one sender is a loop.
MAX_SAME = 5
#: From here on nobody is told any more that such a mail was received.
MAX_ALIKE_ACKNOWLEDGED = 3
MAX_COPIES = 30
#: How mails without layout are shown.
PLAIN = "white-space: pre-wrap; font-family: inherit; font-size: inherit;"
#: No mail is older.
EPOCH = datetime(1990, 1, 1)
MAX_REASON = 500
NOBODY = re.compile(r"^(no|not|do-?not|sin)[-_.]?(reply|responder|respondre|resposta)")


class AftersalesMailIntake(models.Model):
    _inherit = "aftersales.mail.intake"

    def _route(self, claim=None, is_forced=False, **options):
        """Make of the mail what it is.

        :param claim: where a person puts it
        :param is_forced: a person has looked: it is neither automatic nor a loop
        :return: values of the entry, its state among them
        """
        raw = self.attachment_id.raw
        envelope = Envelope(raw)
        if envelope.is_report and not claim:
            return self._note_bounce(raw, envelope)
        found = claim or self._get_claim(envelope, options.get("thread_id"))
        if envelope.is_automatic and not is_forced:
            return {"state": "automatic", "claim_id": found.id}
        reason = not is_forced and self._get_loop_reason(envelope)
        if reason:
            return {"state": "loop", "error": reason, "claim_id": found.id}
        message, values = self._parse(raw, envelope, options)
        digests = self._get_digests(values)
        same, alike = self._count_alike(*digests)
        self.write({"same_digest": digests[0], "alike_digest": digests[1]})
        reason = not is_forced and self._get_repetition_reason(same, alike)
        if reason:
            return {"state": "loop", "error": reason, "claim_id": found.id}
        sender = self._get_sender(found, envelope, values)
        if found:
            return self._post_on(found, message, values, sender)
        self._check_alias(message, values, sender)
        is_repeated = alike >= MAX_ALIKE_ACKNOWLEDGED
        return self._create_claim(
            message, values, sender, options.get("custom_values"), is_repeated
        )

    def _get_claim(self, envelope, thread_id):
        claims = self.env[CLAIM]
        claim = claims.browse(thread_id).exists() if thread_id else claims
        return claim or self._find_claim(envelope)

    # -- automatic mails and loops

    def _note_bounce(self, raw, envelope):
        """Tell on its claim that a message did not arrive."""
        message = self._find_bounced_message(raw, envelope)
        claim = self.env[CLAIM].browse(message.res_id).exists()
        actions = re.findall(rb"(?im)^action:\s*(\w+)", raw)
        has_failed = not actions or any(a.lower() == b"failed" for a in actions)
        if not claim or not has_failed:
            return {"state": "automatic", "claim_id": claim.id}
        address = bounced_address(raw)
        partner = self.env["res.partner"]
        if address:
            partner = partner.search([("email_normalized", "=", address)])
        elif len(message.notification_ids.res_partner_id) == 1:
            partner = message.notification_ids.res_partner_id
        reason = self._get_report_text(raw)
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": address or partner.email_normalized,
                "bounced_partner": partner,
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
                "email_from": envelope.sender,
                "to": self.address,
                "message_id": self.message_id,
                "body": reason,
            },
        )
        claim._note_bounce(address or partner[:1].email or "", reason)
        return {"state": "bounce", "claim_id": claim.id}

    def _get_report_text(self, raw):
        body = repair(raw, as_text=True).message.get_body(("plain",))
        return body.get_content().strip()[:MAX_REASON] if body else ""

    def _get_loop_reason(self, envelope):
        """Why a mail must be our own that came back, in words, or None."""
        if self._has_own_address([envelope.sender] if envelope.sender else []):
            return self.env._("It comes from an address of our own.")
        if self._has_own_address(ADDRESS.findall(envelope.get_all("x-loop").lower())):
            return self.env._("It passed this mailbox before, as its X-Loop says.")
        if any("-loop-detection-bounce-email@" in ref for ref in envelope.references):
            return self.env._("It answers our notice of a loop.")
        if self._find_message([self.message_id], Domain("message_type", "!=", "email")):
            return self.env._("It is a message of our own that came back.")
        return None

    def _get_digests(self, values):
        files = [
            self.env["ir.attachment"]._compute_checksum(_to_bytes(file.content))
            for file in values.get("attachments", ())
        ]
        return mail_text.likeness(values["subject"], values["text"], files)

    def _get_loop_limits(self):
        """(minutes, mails): the core's own limits for what it takes for a loop."""
        get_param = self.env["ir.config_parameter"].get_param
        return (
            int(get_param("mail.gateway.loop.minutes", 120)),
            int(get_param("mail.gateway.loop.threshold", 20)),
        )

    def _count_alike(self, same_digest, alike_digest):
        """How many (same, alike) mails their sender sent lately."""
        minutes, _mails = self._get_loop_limits()
        groups = self._read_group(
            [
                ("email_normalized", "=", self.email_normalized),
                ("date", ">=", self.date - timedelta(minutes=minutes)),
                ("alike_digest", "=", alike_digest),
                ("id", "!=", self.id),
            ],
            ["same_digest"],
            ["__count"],
        )
        return dict(groups).get(same_digest, 0), sum(count for _key, count in groups)

    def _get_repetition_reason(self, same, alike):
        """Why it is a loop by what the sender keeps writing, in words, or None.

        A dealer who reports many products writes alike as well: that takes far more,
        and whom the core's list allows is never stopped.
        """
        _minutes, mails = self._get_loop_limits()
        if same < MAX_SAME and alike < mails:
            return None
        allowed = self.env["mail.gateway.allowed"]
        if allowed.search_count([("email_normalized", "=", self.email_normalized)]):
            return None
        return self.env._(
            "The sender has sent almost the same text %s times within a short time.",
            max(same, alike) + 1,
        )

    # -- reading it

    def _parse(self, raw, envelope, options):
        """(message, values) as of the core's ``message_parse``, of the repaired mail.

        ``values["text"]`` has the body as plain text as well.
        """
        thread = self.env["mail.thread"]
        try:
            repaired = repair(raw)
            values = thread.message_parse(repaired.message)
        except Exception:
            # Some HTML breaks every parser: its words are enough.
            repaired = repair(raw, as_text=True)
            values = thread.message_parse(repaired.message)
        # Who answers quotes our mail: its link is for no other reader of the claim.
        body = hide_tokens(values["body"] or "")
        # As lines that a phone can break, and no code.
        values["body"] = Markup(body.replace("<pre>", f'<pre style="{PLAIN}">'))
        values.update(
            message_id=self.message_id,
            subject=envelope.subject[:MAX_REASON] or False,
            email_from=values["email_from"] or self.email_from,
            text=self.env[CLAIM]._to_plain_text(values["body"]),
            is_bounce=False,
        )
        if not self._is_credible(values.get("date")):
            values.pop("date", None)
        if options.get("strip_attachments"):
            values.pop("attachments", None)
        if repaired.is_cut or options.get("save_original"):
            original = thread._Attachment("original.eml", raw, {})
            values.setdefault("attachments", []).append(original)
        if repaired.is_cut:
            values["body"] += Markup("<p><i>%s</i></p>") % self.env._(
                "This mail was too big or too nested to be shown whole: the attached "
                "original.eml is what was sent."
            )
        return repaired.message, values

    def _is_credible(self, date):
        """Whether a mail may have been written at `date` (text of a Datetime)."""
        try:
            moment = fields.Datetime.to_datetime(date)
        except ValueError:
            return False
        return moment and EPOCH < moment < self.date + timedelta(days=1)

    # -- who wrote it

    def _get_sender(self, claim, envelope, values):
        """Who wrote the mail, and what they may be believed.

        The address in From proves nothing. Staff is believed only when the own mail
        server vouches for it, others when they take part in the claim.

        :return: dict ``partner``, ``is_staff``, ``is_verified``
        """
        vouched = mail_authentication.is_authentic(
            envelope.values.get("authentication-results", ()),
            self.env["ir.config_parameter"].get_param(
                "aftersales_service.mail_authentication_server", ""
            ),
        )
        partner = self._find_partner(claim, values["email_from"])
        is_staff = any(user._is_internal() for user in partner.user_ids)
        if is_staff:
            is_verified = vouched is True
        else:
            is_verified = vouched is not False and (
                not claim or claim._knows_sender(partner, envelope.sender)
            )
        # An author is named where it is true: nobody writes in a colleague's name.
        is_named = is_verified or not is_staff
        values["author_id"] = is_named and partner.id
        return {
            "partner": partner,
            "is_staff": is_staff,
            "is_verified": is_verified,
            "vouched": vouched,
        }

    def _find_partner(self, claim, address):
        if not email_normalize(address):
            return self.env["res.partner"]
        records = claim or self.env["mail.thread"]
        return records._partner_find_from_emails_single([address], no_create=True)[:1]

    def _check_alias(self, message, values, sender):
        """Refuse who may not write to the team, as its alias says."""
        alias = self.alias_id
        if not alias or alias.alias_contact == "everyone":
            return
        error = self.team_id._alias_get_error(message, values, alias)
        if error and not error.is_config_error and sender["vouched"] is not False:
            alias._alias_bounce_incoming_email(message, values, set_invalid=False)
        if error:
            # The core's words, e.g. "restricted to known authors".
            raise UserError(self.env._("The team's mail address is %s.", error.message))

    # -- what becomes of it

    def _post_on(self, claim, message, values, sender):
        """Post the mail on `claim`.

        From who has no part in the claim, or says to be staff, it is a note that only
        staff reads: nobody is told, and its sender learns nothing.
        """
        is_verified = sender["is_verified"]
        if not is_verified:
            values.update(cc="", is_internal=True, partner_ids=[], parent_id=False)
            banner = claim._get_unverified_banner(self.email_from, sender["is_staff"])
            values["body"] = banner + values["body"]
        else:
            self._set_parent(claim, values, sender)
        self._hand_to_core(message, values, claim.id, {})
        if is_verified:
            self._add_followers(claim, values)
        else:
            claim._note_unverified_mail()
        return {"state": "reply", "claim_id": claim.id, "is_verified": is_verified}

    def _set_parent(self, claim, values, sender):
        parent = self.env["mail.message"].browse(values.get("parent_id") or [])
        if parent.model != CLAIM or parent.res_id != claim.id:
            values.update(parent_id=False, is_internal=False)
        if not sender["is_staff"]:
            values["is_internal"] = False

    def _create_claim(self, message, values, sender, custom_values, is_repeated):
        defaults = literal_eval(self.alias_id.alias_defaults or "{}")
        defaults.setdefault("team_id", self.team_id.id)
        defaults.setdefault("company_id", self.company_id.id)
        if sender["is_staff"]:
            # Someone's colleague who passes a mail on is not the customer.
            defaults["partner_id"] = False
        values["parent_id"] = False
        claim_id = self._hand_to_core(
            message, values, False, {**defaults, **(custom_values or {})}
        )
        claim = self.env[CLAIM].browse(claim_id)
        claim._fill_in_recognised()
        if sender["vouched"] is False:
            claim._note_unverified_mail()
        is_acknowledged = not is_repeated and self._acknowledge(claim, sender)
        # After the acknowledgement, which is for who wrote.
        self._add_followers(claim, values)
        return {
            "state": "claim",
            "claim_id": claim_id,
            "is_verified": sender["is_verified"],
            "is_acknowledged": is_acknowledged,
        }

    def _hand_to_core(self, message, values, thread_id, custom_values):
        """Let the core create or update the claim and post the message.

        Without the alias: the core would set it invalid for one bad mail.
        """
        values = {name: value for name, value in values.items() if name != "text"}
        partner_ids = values.get("partner_ids")
        author_id = values["author_id"]
        route = (CLAIM, thread_id, custom_values, SUPERUSER_ID, None)
        # Photos stay as they were sent: one that is cut off breaks the core's resizing.
        thread = self.env["mail.thread"].with_context(image_no_postprocess=True)
        values.update(thread._message_parse_post_process(message, values, [route]))
        if partner_ids is not None:
            values["partner_ids"] = partner_ids
        values["author_id"] = author_id
        return thread._message_route_process(message, values, [route])

    def _add_followers(self, claim, values):
        """Partners we know who were sent a copy follow the claim."""
        copies = email_split(values.get("cc") or "")[:MAX_COPIES]
        if not copies:
            return
        partners = claim._partner_find_from_emails_single(copies, no_create=True)
        claim.message_subscribe((partners - claim.message_partner_ids).ids)

    def _acknowledge(self, claim, sender):
        """Tell the sender that the claim is registered, once; not to machines."""
        address = email_normalize(claim.email_from) or ""
        is_staff, vouched = sender["is_staff"], sender["vouched"]
        if is_staff or vouched is False or not address or NOBODY.match(address):
            return False
        return claim._acknowledge_mail(address)


def _to_bytes(content):
    return content if isinstance(content, bytes) else str(content).encode()
