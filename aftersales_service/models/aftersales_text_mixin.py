# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.exceptions import ValidationError

from ..rules.plain_text import clean

MAX_TEXT = 100_000
MAX_HTML = 1_000_000


class AftersalesTextMixin(models.AbstractModel):
    """Texts that a database takes and a person reads, whatever path they came by."""

    _name = "aftersales.text.mixin"
    _description = "Texts without Rubbish"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_texts(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_texts(vals))

    @api.model
    def _clean_texts(self, vals):
        """`vals` without what a database refuses in a text.

        :raises ValidationError: for a text nobody would read
        """
        cleaned = dict(vals)
        for name, value in vals.items():
            field = self._fields.get(name)
            if not isinstance(value, str) or not field:
                continue
            if field.type in ("char", "text"):
                value = clean(value)
                if field.type == "char":
                    # A line break in a title is none in a mail's subject.
                    value = " ".join(value.splitlines())
                # Nothing but blanks is no subject or name: the core asks for one.
                cleaned[name] = value or (False if field.required else value)
            elif field.type != "html":
                continue
            limit = MAX_HTML if field.type == "html" else MAX_TEXT
            if len(value) > limit:
                raise ValidationError(
                    self.env._(
                        "The text is too long: %s characters at most. Attach it as a "
                        "file instead.",
                        limit,
                    )
                )
        return cleaned
