# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesReadableMixin(models.AbstractModel):
    """Customers read some fields of their own records, and no others."""

    _name = "aftersales.readable.mixin"
    _description = "Fields That Customers Read"

    def _get_portal_readable_fields(self):
        """Names of the fields that customers read. To be extended."""
        return frozenset()

    def _has_field_access(self, field, operation):
        if (
            operation == "read"
            and not self.env.su
            and not self.env.user._is_internal()
            and field.name not in self._get_portal_readable_fields()
        ):
            return False
        return super()._has_field_access(field, operation)
