# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

TECHNICIANS = "aftersales_service.group_technician"


class AftersalesHistoryMixin(models.AbstractModel):
    _name = "aftersales.history.mixin"
    _description = "Counts of and Access to Claims, Assets and Repairs"

    #: How assets, claims and repairs lead to the records of this model.
    _aftersales_paths = {}
    _aftersales_operator = "in"

    aftersales_asset_count = fields.Integer(
        string="Assets", compute="_compute_aftersales_counts", groups=TECHNICIANS
    )
    aftersales_claim_count = fields.Integer(
        string="Claims", compute="_compute_aftersales_counts", groups=TECHNICIANS
    )
    aftersales_repair_count = fields.Integer(
        string="Repairs", compute="_compute_aftersales_counts", groups=TECHNICIANS
    )

    @api.depends_context("uid")
    def _compute_aftersales_counts(self):
        # Only forms show these counts, so a search for each record is one search.
        for record in self:
            for model, name in (
                ("aftersales.asset", "aftersales_asset_count"),
                ("aftersales.claim", "aftersales_claim_count"),
                ("repair.order", "aftersales_repair_count"),
            ):
                domain = record._origin._get_aftersales_domain(model)
                record[name] = record.env[model].search_count(domain)

    def _get_aftersales_domain(self, model):
        """Which records of `model` belong to these records."""
        return [(self._aftersales_paths[model], self._aftersales_operator, self.ids)]

    def action_view_aftersales_assets(self):
        """Open the customers' assets that belong to these records."""
        self.check_access("read")
        return self._get_aftersales_action("aftersales.asset", self.env._("Assets"))

    def action_view_aftersales_claims(self):
        """Open the claims that belong to these records."""
        self.check_access("read")
        return self._get_aftersales_action("aftersales.claim", self.env._("Claims"))

    def action_view_aftersales_repairs(self):
        """Open the repairs that belong to these records."""
        self.check_access("read")
        return self._get_aftersales_action("repair.order", self.env._("Repairs"))

    def _get_aftersales_action(self, model, name):
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": self._get_aftersales_domain(model),
        }
        if model == "repair.order":
            action |= self.env[model]._get_history_views()
        return action
