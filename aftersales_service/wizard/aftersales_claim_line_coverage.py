# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..models.aftersales_claim_line import COMPONENTS


class AftersalesClaimLineCoverage(models.TransientModel):
    _name = "aftersales.claim.line.coverage"
    _inherit = "aftersales.text.mixin"
    _description = "Decide Coverage by Hand"

    line_id = fields.Many2one("aftersales.claim.line", required=True)
    parts_percent = fields.Float(string="Parts", default=100.0)
    labour_percent = fields.Float(string="Labour", default=100.0)
    travel_percent = fields.Float(string="Travel", default=100.0)
    transport_percent = fields.Float(string="Transport", default=100.0)
    reason = fields.Char(required=True)

    _percent_range = models.Constraint(
        "CHECK (LEAST(parts_percent, labour_percent, travel_percent, "
        "transport_percent) >= 0 AND GREATEST(parts_percent, labour_percent, "
        "travel_percent, transport_percent) <= 100)",
        "A percentage lies between 0 and 100.",
    )

    def action_confirm(self):
        """Replace the rules' decision; managers only, the reason is kept."""
        self.ensure_one()
        self.line_id._ensure_is_manager()
        self.line_id._override_coverage(
            {component: self[f"{component}_percent"] for component in COMPONENTS},
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
