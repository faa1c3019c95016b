# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Command


class AftersalesTrackMixin(models.AbstractModel):
    """What changed on many records at once, noted with a bounded number of queries.

    The core writes a message and its values record by record; here the notes of a
    batch are collected and written together. Comes before ``mail.thread``.
    """

    _name = "aftersales.track.mixin"
    _description = "Notes of Changes, in Batches"

    def _message_track(self, fields_iter, initial_values_dict):
        if len(self) < 2:
            return super()._message_track(fields_iter, initial_values_dict)
        data, key = self.env.cr.precommit.data, self._get_track_key()
        data[key] = collected = []
        try:
            result = super()._message_track(fields_iter, initial_values_dict)
        finally:
            data.pop(key)
        self._create_collected_messages(collected)
        return result

    def _get_track_key(self):
        """Where a batch collects its notes until they are written.

        Not in the context, which the caller of a method decides.
        """
        return f"aftersales.track.{self._name}"

    def _message_create(self, values_list):
        collected = self.env.cr.precommit.data.get(self._get_track_key())
        is_note = all(
            values.get("message_type") == "notification" and values.get("is_internal")
            for values in values_list
        )
        if collected is None or not is_note:
            return super()._message_create(values_list)
        collected.extend(values_list)
        return self.env["mail.message"]

    def _create_collected_messages(self, values_list):
        # As the core writes them: the changes they tell of were allowed.
        messages = self.sudo()._message_create(
            [{**values, "tracking_value_ids": False} for values in values_list]
        )
        # As above.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**command[2], "mail_message_id": message.id}
                for message, values in zip(messages, values_list, strict=True)
                for command in values.get("tracking_value_ids") or ()
                if command[0] == Command.CREATE
            ]
        )
