# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

from ..rules.plain_text import clean

MAX_SUBJECT = 200
MAX_DESCRIPTION = 20_000
MAX_KEY = 64
MAX_FILES = 8
MAX_FILE_MIB = 25
#: What a customer may attach; SVG is an image that can carry scripts.
FILE_TYPES = ("image/", "video/", "application/pdf")
REFUSED_FILE_TYPES = ("image/svg+xml",)


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    portal_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Key of the form that was sent: sending it again makes no second claim.",
    )

    _portal_key_uniq = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL",
        "This form was sent already.",
    )

    @api.model
    def _create_from_portal(self, form, asset, files, key):
        """Register what a customer reports in the portal; the same key only once.

        Runs in the customer's environment: who they are decides the customer.

        :param form: dict with ``subject``, ``description``, ``type_id`` and
            ``symptom_id``; anything else is ignored
        :param asset: aftersales.asset the customer may read, or empty
        :param files: list of (name, bytes)
        :param key: what the form was issued with
        :return: the claim, as superuser record
        :raises UserError: in the customer's words, when something is missing or too big
        """
        key = clean(key)
        existing = self._find_by_portal_key(key)
        if existing:
            return existing
        self._check_portal_files(files)
        self._check_not_reported(asset)
        values = self._prepare_portal_vals(form, asset)
        # The fields above are all a customer decides; nothing else is writable.
        claim = self.sudo().create({**values, "portal_key": key})
        self._attach_portal_files(claim, files)
        claim._send_acknowledgement()
        return claim

    @api.model
    def _find_by_portal_key(self, key):
        """The claim made by the form `key`, if it belongs to whoever asks."""
        if not key or len(key) > MAX_KEY:
            raise UserError(self.env._("The form has expired. Open it again, please."))
        return self.sudo().search(
            [
                ("portal_key", "=", key),
                ("partner_id", "=", self.env.user.partner_id.id),
            ],
            limit=1,
        )

    @api.model
    def _check_not_reported(self, asset):
        """Lead a customer to the request that is already open for the whole asset."""
        # Counted over all claims; only the customer's own is named.
        lines = asset.sudo().claim_line_ids.filtered(lambda ln: ln._holds_quantity())
        held = sum(
            line.uom_id._compute_quantity(line.quantity, asset.sudo().uom_id)
            for line in lines
        )
        owned = asset.sudo().quantity
        if asset and asset.uom_id.compare(held + min(1.0, owned or 1.0), owned) > 0:
            own = lines.claim_id.filtered(
                lambda c: c.partner_id == self.env.user.partner_id
            )
            raise UserError(
                self.env._(
                    "There is already an open request for this product: %s. Add your "
                    "message there, please.",
                    ", ".join(own.mapped("name")) or "–",
                )
            )

    @api.model
    def _prepare_portal_vals(self, form, asset):
        subject = clean(form.get("subject"))
        description = clean(form.get("description"))
        if not subject:
            raise UserError(self.env._("Tell us in a few words what happens."))
        if len(subject) > MAX_SUBJECT:
            raise UserError(
                self.env._("The title may have %s characters at most.", MAX_SUBJECT)
            )
        if len(description) > MAX_DESCRIPTION:
            raise UserError(
                self.env._(
                    "The description may have %s characters at most.", MAX_DESCRIPTION
                )
            )
        partner = self.env.user.partner_id
        # Of an asset the customer may read; the company is no secret.
        company = asset.sudo().company_id or self.env.company
        symptom = self._get_portal_choice("aftersales.symptom", form.get("symptom_id"))
        line = {"symptom_id": symptom.id}
        return {
            "subject": subject,
            "description": description,
            "partner_id": partner.id,
            "company_id": company.id,
            "channel_id": self.env.ref("aftersales_service.channel_portal").id,
            "type_id": self._get_portal_choice(
                "aftersales.type", form.get("type_id"), [("is_portal", "=", True)]
            ).id,
            "line_ids": [Command.create({**line, "asset_id": asset.id})]
            if asset
            else [],
        }

    @api.model
    def _get_portal_choice(self, model, raw_id, domain=()):
        """The record a customer chose, or none when they may not choose it."""
        if not str(raw_id or "").isdecimal():
            return self.env[model]
        return self.env[model].search([("id", "=", int(raw_id)), *domain], limit=1)

    @api.model
    def _check_portal_files(self, files):
        if len(files) > MAX_FILES:
            raise UserError(self.env._("Send %s files at most.", MAX_FILES))
        for name, content in files:
            mimetype = guess_mimetype(content)
            if not mimetype.startswith(FILE_TYPES) or mimetype in REFUSED_FILE_TYPES:
                raise UserError(
                    self.env._(
                        "“%s” is neither a photo, nor a video, nor a PDF.", clean(name)
                    )
                )
            if len(content) > MAX_FILE_MIB * 2**20:
                raise UserError(
                    self.env._(
                        "“%(name)s” is too big: %(limit)s MB at most.",
                        name=clean(name),
                        limit=MAX_FILE_MIB,
                    )
                )

    @api.model
    def _attach_portal_files(self, claim, files):
        """Attach with the customer as user, so that HTML would be stored inert."""
        if files:
            claim.message_post(
                body=self.env._("Files sent with the report."),
                author_id=self.env.user.partner_id.id,
                attachments=[
                    (clean(name) or "file", content) for name, content in files
                ],
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )

    def _get_portal_stages(self):
        """The steps the customer sees, in order, those behind marked as done.

        :return: list of (label, state), state is done, current or ahead
        """
        self.ensure_one()
        stages = self.env["aftersales.stage"].search(
            [
                ("category", "not in", ("cancelled", "waiting")),
                ("team_ids", "in", [False, *self.team_id.ids]),
            ]
        )
        stages = (stages | self.stage_id).sorted(lambda s: (s.sequence, s.id))
        steps, state = [], "done"
        for stage in stages:
            if stage == self.stage_id:
                closed = self.stage_category in ("solved", "cancelled")
                steps.append(
                    (stage._get_customer_label(), "done" if closed else "current")
                )
                state = "ahead"
            else:
                steps.append((stage._get_customer_label(), state))
        return steps
