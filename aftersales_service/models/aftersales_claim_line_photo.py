# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.add("shared_photo_ids")


class AftersalesClaimLine(models.Model):
    _name = "aftersales.claim.line"
    _inherit = ["aftersales.claim.line", "aftersales.photo.mixin"]

    _photo_fields = ("photo_ids",)

    photo_ids = fields.Many2many(
        "ir.attachment",
        "aftersales_claim_line_photo_rel",
        string="Photos",
        copy=False,
        help="What was found. The customer sees them when you share them.",
    )
    shared_photo_ids = fields.Many2many(
        "ir.attachment",
        "aftersales_claim_line_shared_photo_rel",
        string="Photos the Customer Has",
        readonly=True,
        copy=False,
    )
    has_photos_to_share = fields.Boolean(compute="_compute_has_photos_to_share")

    @api.depends("photo_ids", "shared_photo_ids")
    def _compute_has_photos_to_share(self):
        for line in self:
            line.has_photos_to_share = bool(line.photo_ids - line.shared_photo_ids)

    def action_share_photos(self):
        """Send the customer copies of the photos they have not got yet.

        :raises UserError: without photos to send, or without a customer
        """
        self._ensure_is_agent()
        self.lock_for_update()
        self.invalidate_recordset(["photo_ids", "shared_photo_ids"])
        for line in self:
            photos = line.photo_ids - line.shared_photo_ids
            if not photos:
                raise UserError(
                    self.env._(
                        "The customer has all photos of “%s”.", line.display_name
                    )
                )
            if not line.partner_id:
                raise UserError(self.env._("Say first which customer it is about."))
            line._post_photos(photos)
            # Follows from the message, by an agent of the claim.
            line.sudo().shared_photo_ids |= photos
        return True

    def _post_photos(self, photos):
        claim = self.claim_id
        translated = self.with_context(lang=claim.partner_id.lang)
        copies = photos.copy({"res_model": claim._name, "res_id": claim.id})
        claim.message_post(
            body=translated.env._(
                "Photos of what we found: %s", translated.product_id.name or claim.name
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=claim.partner_id.ids,
            attachment_ids=copies.ids,
        )
