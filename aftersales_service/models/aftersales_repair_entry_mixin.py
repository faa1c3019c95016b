# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesRepairEntryMixin(models.AbstractModel):
    """What is entered on a repair: by whoever works on it, fixed when it is done."""

    _name = "aftersales.repair.entry.mixin"
    _inherit = "aftersales.text.mixin"
    _description = "Entry of a Repair"

    #: The fields that are history once the repair is done; None: all of them.
    _history_fields = None
    #: The fields that follow from the others.
    _following_fields = frozenset()

    repair_id = fields.Many2one(
        "repair.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="repair_id.company_id", store=True, index=True)

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name in self._following_fields
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_repair_id")
        self._ensure_may_work_on(vals.get("repair_id", default) for vals in vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_may_work_on([vals.get("repair_id")])
        if self._history_fields is None or vals.keys() & self._history_fields:
            self._unlink_except_done()
        return super().write(vals)

    @api.model
    def _ensure_may_work_on(self, repair_ids):
        """An entry may open its repair to its author: only on one that is open already.

        :raises AccessError: when the user may not change one of the repairs
        :raises ValidationError: when one of them is done
        """
        repairs = self.env["repair.order"].browse(filter(None, repair_ids))
        repairs.check_access("write")
        self._ensure_not_done(repairs)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._ensure_not_done(self.repair_id)

    @api.model
    def _ensure_not_done(self, repairs):
        if repairs.filtered(lambda repair: repair.state == "done"):
            raise ValidationError(
                self.env._(
                    "The repair is done: what was entered is part of the history."
                )
            )
