# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr, hash_sign, verify_hash_signed

from ..rules.plain_text import clean
from .aftersales_claim_portal import MAX_DESCRIPTION, MAX_KEY, MAX_SUBJECT

SCOPE = "aftersales_claim_pending"
HOURS_TO_CONFIRM = 48
MAX_LINE = 100
#: Mails with a link to confirm that one address gets in an hour, whoever asks for them.
MAX_MAILS_PER_HOUR = 5


class AftersalesClaimPending(models.Model):
    """What a stranger reports in the public form, until they confirm it by mail.

    Whoever sends the form learns nothing: neither whether the address is a customer's
    nor whether the serial or the order exists.
    """

    _name = "aftersales.claim.pending"
    _description = "Claim to Confirm"
    _rec_name = "subject"

    form_key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    name = fields.Char(required=True, readonly=True)
    email = fields.Char(required=True, readonly=True)
    phone = fields.Char(readonly=True)
    reference = fields.Char(
        string="Serial or Order Number", readonly=True, help="As the sender wrote it."
    )
    subject = fields.Char(required=True, readonly=True)
    description = fields.Text(readonly=True)
    lang = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    claim_id = fields.Many2one(
        "aftersales.claim", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _form_key_uniq = models.UniqueIndex("(form_key)", "This form was sent already.")

    # -- the form

    @api.model
    def _submit(self, form):
        """Keep what the form says and mail a link to confirm it; a form only once.

        :param form: dict with ``name``, ``email``, ``phone``, ``reference``,
            ``subject``, ``description`` and ``form_key``; anything else is ignored
        :raises UserError: in the sender's words, when something is missing or too long
        """
        values = self._prepare_from_form(form)
        # Strangers have no rights here: the form's fields are all they decide.
        pending = self.sudo()
        if pending.search_count([("form_key", "=", values["form_key"])], limit=1):
            return
        limits = self.env["aftersales.rate.limit"]
        if limits._is_exceeded("claim_mail", values["email"], MAX_MAILS_PER_HOUR, 60):
            # Said to nobody: it would tell that others write in this name.
            return
        pending.create(values)._send_link()

    @api.model
    def _prepare_from_form(self, form):
        values = {
            name: clean(form.get(name))
            for name in ("name", "phone", "reference", "subject", "description")
        }
        key = clean(form.get("form_key"))
        if not key or len(key) > MAX_KEY:
            raise UserError(self.env._("The form has expired. Open it again, please."))
        if not values["name"]:
            raise UserError(self.env._("Tell us your name."))
        email = email_normalize(clean(form.get("email")))
        if not email or len(email) > MAX_LINE:
            raise UserError(self.env._("Tell us a mail address where we reach you."))
        if not values["subject"]:
            raise UserError(self.env._("Tell us in a few words what happens."))
        limits = {"subject": MAX_SUBJECT, "description": MAX_DESCRIPTION}
        if any(len(text) > limits.get(name, MAX_LINE) for name, text in values.items()):
            raise UserError(self.env._("One of the texts is too long."))
        # One line each: they become the name of a contact and a mail's headers.
        for name in ("name", "phone", "reference", "subject"):
            values[name] = " ".join(values[name].split())
        return {
            **values,
            "form_key": key,
            "email": email,
            "lang": self.env.lang,
            "company_id": self.env.company.id,
        }

    def _send_link(self):
        self.ensure_one()
        template = self.env.ref("aftersales_service.mail_template_claim_confirm")
        template.send_mail(
            self.id, email_layout_xmlid="aftersales_service.mail_layout_customer"
        )
        # Strangers may not wake the queue; their link is waited for.
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_recipient(self):
        self.ensure_one()
        return formataddr((self.name, self.email))

    def _get_confirm_url(self):
        """The link in the mail: signed, and good for two days."""
        self.ensure_one()
        # Signing needs the database's secret.
        token = hash_sign(
            self.sudo().env, SCOPE, self.id, expiration_hours=HOURS_TO_CONFIRM
        )
        language = self.env["res.lang"]._get_data(code=self.lang)
        prefix = f"/{language.url_code}" if language else ""
        return f"{self.get_base_url()}{prefix}/aftersales/claim/confirm/{token}"

    # -- the link

    @api.model
    def _find_by_token(self, token):
        """What the link with `token` confirms (superuser record), or none."""
        # The signature proves that the link was in our mail.
        pending = self.sudo()
        try:
            record_id = verify_hash_signed(pending.env, SCOPE, token)
        except (ValueError, TypeError):
            return pending.browse()
        return pending.browse(record_id or ()).exists()

    def _confirm(self, files):
        """Register the claim, once, for whoever has the mail address.

        Runs in the visitor's environment, so that files are stored inert.

        :param files: list of (name, bytes)
        :return: the claim, as superuser record
        :raises UserError: in the sender's words, when the files are not accepted
        """
        self.ensure_one()
        # Whoever has the link has the mail address.
        pending = self.sudo()
        pending.lock_for_update()
        pending.invalidate_recordset(["claim_id"])
        if pending.claim_id:
            return pending.claim_id
        claims = self.env["aftersales.claim"]
        claims._check_portal_files(files)
        partner = pending._find_or_make_partner()
        claim = claims.sudo().create(pending._prepare_claim_vals(partner))
        pending.claim_id = claim
        pending._add_named_product(claim)
        pending._note_what_was_said(claim)
        if files:
            claim.sudo(False)._post_guest_message("", files)
        claim._send_acknowledgement()
        return claim

    def _find_or_make_partner(self):
        """The contact with the confirmed address, known before or new."""
        partners = self.env["res.partner"].with_company(self.company_id)
        [partner] = partners._find_or_create_from_emails(
            [self._get_recipient()],
            filter_found=lambda p: p.company_id
            in (p.company_id.browse(), self.company_id),
            additional_values={
                self.email: {
                    "name": self.name,
                    "phone": self.phone,
                    "lang": self.lang,
                    "company_id": self.company_id.id,
                }
            },
        )
        return partner

    def _prepare_claim_vals(self, partner):
        return {
            "subject": self.subject,
            "description": self.description,
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "channel_id": self.env["aftersales.channel"]._get("web").id,
        }

    def _add_named_product(self, claim):
        """Add the product with the serial they named, if it is their own."""
        if not self.reference:
            return
        assets = self.env["aftersales.asset"].search(
            [
                ("lot_id.name", "=", self.reference),
                ("company_id", "=", claim.company_id.id),
                ("state", "=", "in_service"),
                ("partner_id", "child_of", claim.partner_id.commercial_partner_id.id),
            ],
            limit=1,
        )
        if not assets:
            return
        try:
            with self.env.cr.savepoint():
                claim.line_ids = [Command.create({"asset_id": assets.id})]
        except UserError:
            # It is claimed already: whoever triages finds the other claim.
            claim.invalidate_recordset()

    def _note_what_was_said(self, claim):
        """Leave for the agents what the form said: nobody has proved it."""
        said = [
            (self.env._("Name"), self.name),
            (self.env._("Phone"), self.phone),
            (self.env._("Serial or order number"), self.reference),
        ]
        facts = ", ".join(f"{label}: {text}" for label, text in said if text)
        claim.with_user(SUPERUSER_ID)._message_log(
            body=self.env._("Sent with the public form. %s", facts)
        )

    @api.autovacuum
    def _gc_pending(self):
        before = fields.Datetime.now() - timedelta(hours=HOURS_TO_CONFIRM)
        self.search([("create_date", "<", before)], limit=10_000).unlink()
