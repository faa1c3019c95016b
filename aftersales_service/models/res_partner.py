# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_asset_count = fields.Integer(
        compute="_compute_aftersales_counts",
        groups="aftersales_service.group_technician",
    )
    aftersales_claim_count = fields.Integer(
        compute="_compute_aftersales_counts",
        groups="aftersales_service.group_technician",
    )

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

    def _compute_aftersales_counts(self):
        family = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        for model, name in (
            ("aftersales.asset", "aftersales_asset_count"),
            ("aftersales.claim", "aftersales_claim_count"),
        ):
            for partner in self:
                partner[name] = 0
            groups = self.env[model]._read_group(
                [("partner_id", "in", family.ids)], ["partner_id"], ["__count"]
            )
            for partner, count in groups:
                while partner:
                    if partner in self:
                        partner[name] += count
                    partner = partner.parent_id

    def action_view_aftersales_assets(self):
        """Open what these customers and their contacts own."""
        self.check_access("read")
        return self._get_aftersales_action("aftersales.asset", self.env._("Assets"))

    def action_view_aftersales_claims(self):
        """Open the claims of these customers and their contacts."""
        self.check_access("read")
        return self._get_aftersales_action("aftersales.claim", self.env._("Claims"))

    def _get_aftersales_action(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self[:1].id},
        }
