# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.image import ImageProcess

#: Pixels that a photo needs on half a page.
PHOTO_SIZE = (900, 900)


class RepairOrder(models.Model):
    _name = "repair.order"
    _inherit = ["repair.order", "aftersales.photo.mixin", "aftersales.text.mixin"]

    _photo_fields = ("photo_before_ids", "photo_after_ids")

    diagnosis_photo_ids = fields.Many2many(
        "ir.attachment",
        string="Photos of the Diagnosis",
        compute="_compute_diagnosis_photo_ids",
    )
    photo_before_ids = fields.Many2many(
        "ir.attachment",
        "aftersales_repair_photo_before_rel",
        string="Before",
        copy=False,
        help="Photos and videos of how the goods came.",
    )
    photo_after_ids = fields.Many2many(
        "ir.attachment",
        "aftersales_repair_photo_after_rel",
        string="After",
        copy=False,
        help="Photos and videos of how the goods go back.",
    )
    training = fields.Text(
        string="User Training",
        copy=False,
        help="Who was shown what when the product was installed.",
    )
    signed_on = fields.Datetime(compute="_compute_signed_on", store=True)

    @api.depends("claim_line_id.photo_ids")
    @api.depends_context("uid")
    def _compute_diagnosis_photo_ids(self):
        """Of a confidential claim only for who may see the claim itself."""
        for repair in self:
            line = repair.claim_line_id
            visible = line if line and line.has_access("read") else line.browse()
            repair.diagnosis_photo_ids = visible.photo_ids

    @api.depends("signature")
    def _compute_signed_on(self):
        for repair in self:
            repair.signed_on = bool(repair.signature) and fields.Datetime.now()

    @api.constrains("signature", "signed_by")
    def _check_signed_by(self):
        for repair in self:
            if repair.signature and not (repair.signed_by or "").strip():
                raise ValidationError(
                    self.env._("Write the name of the person who signs.")
                )

    def _get_printed_photos(self, name):
        """The images among the attachments of field `name`, small enough to print.

        :return: [base64]
        """
        self.ensure_one()
        photos = []
        # Whoever may print the repair may see its photos.
        for attachment in self.sudo()[name]:
            try:
                image = ImageProcess(attachment.raw)
            except UserError:
                # A video, or a broken file: it stays on the screen.
                continue
            photos.append(base64.b64encode(image.resize(*PHOTO_SIZE).image_quality()))
        return photos
