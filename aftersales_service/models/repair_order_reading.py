# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError


class RepairOrder(models.Model):
    """Counters are read at the service."""

    _inherit = "repair.order"

    reading_ids = fields.One2many(
        "aftersales.reading", "repair_id", string="Readings", copy=False
    )
    has_counters = fields.Boolean(compute="_compute_has_counters", compute_sudo=True)

    @api.depends("asset_id")
    def _compute_has_counters(self):
        for repair in self:
            repair.has_counters = bool(repair.asset_id._get_counters())

    def _ensure_counters_read(self):
        """Raise UserError for counters that have to be read and were not."""
        # Whoever ends the repair sees its readings.
        for repair in self.sudo().filtered(lambda r: r.service_mode != "remote"):
            counters = repair.asset_id._get_counters()
            missing = counters.filtered("is_required_at_service")
            missing -= repair.reading_ids.counter_id
            if missing:
                raise UserError(
                    self.env._(
                        "Still to read: %(counters)s.",
                        counters=", ".join(missing.mapped("name")),
                    )
                )

    def action_repair_done(self):
        self._ensure_counters_read()
        return super().action_repair_done()
