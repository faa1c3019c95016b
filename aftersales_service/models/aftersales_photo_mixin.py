# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class AftersalesPhotoMixin(models.AbstractModel):
    """Photos that only those see who see the record, whoever took them."""

    _name = "aftersales.photo.mixin"
    _description = "Record with Photos"

    #: Names of the Many2many fields of attachments.
    _photo_fields = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(vals.keys() & set(self._photo_fields) for vals in vals_list):
            records._own_photos()
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & set(self._photo_fields):
            self._own_photos()
        return result

    def _own_photos(self):
        """Bind what was uploaded for a record to it.

        A photo taken before the record was saved belongs to nobody else yet; the file
        of another record is only shown to who may read it there.

        :raises AccessError: for a file that the user may not read
        """
        for record in self:
            for name in self._photo_fields:
                # Only whom they belong to is looked at; others' are checked below.
                for photo in record.sudo()[name]:
                    if not photo.res_id and photo.create_uid.id == self.env.uid:
                        photo.write({"res_model": self._name, "res_id": record.id})
                    elif (photo.res_model, photo.res_id) != (self._name, record.id):
                        photo.with_env(self.env).check_access("read")
