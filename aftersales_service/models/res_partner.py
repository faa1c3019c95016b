# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "aftersales.history.mixin"]

    #: A company's history is that of all its contacts.
    _aftersales_operator = "child_of"
    _aftersales_paths = {
        "aftersales.asset": "partner_id",
        "aftersales.claim": "partner_id",
        "repair.order": "partner_id",
    }

    def write(self, vals):
        result = super().write(vals)
        if "category_id" in vals:
            self._update_claims_sla()
        return result

    def _update_claims_sla(self):
        """Recompute the SLA of open claims: the tags of their customers changed."""
        policies = self.env["aftersales.sla"]._get_policies()
        if not any(policy.partner_category_ids for policy in policies):
            return
        # Whoever tags customers need not see their claims.
        claims = self.env["aftersales.claim"].sudo()
        claims.search(
            claims._get_open_domain() & Domain("partner_id", "child_of", self.ids)
        )._update_sla()
