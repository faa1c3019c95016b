# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from odoo.addons.aftersales_service.models.aftersales_claim_line import COMPONENTS


class AftersalesClaimLineCoverage(models.TransientModel):
    """Of a repair without a claim as well."""

    _inherit = "aftersales.claim.line.coverage"

    line_id = fields.Many2one(required=False)
    repair_id = fields.Many2one("repair.order")

    def action_confirm(self):
        if not self.repair_id:
            return super().action_confirm()
        self.ensure_one()
        self.repair_id._ensure_can_override()
        self.repair_id._override_coverage(
            {component: self[f"{component}_percent"] for component in COMPONENTS},
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
