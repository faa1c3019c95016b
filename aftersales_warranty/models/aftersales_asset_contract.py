# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Command


class AftersalesAsset(models.Model):
    """What happens to a product happens to its place in contracts."""

    _inherit = "aftersales.asset"

    contract_line_ids = fields.One2many(
        "aftersales.contract.asset", "asset_id", readonly=True
    )
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        # A number that whoever sees the product may know.
        found = self.env["aftersales.contract"].sudo()._find_for(self.sudo())
        for asset in self:
            asset.contract_count = len({one[0] for one in found.get(asset, ())})

    def action_view_contracts(self):
        """Open the maintenance contracts of these products."""
        self.check_access("read")
        found = self.env["aftersales.contract"]._find_for(self)
        contracts = self.env["aftersales.contract"].union(
            *(one[0] for spans in found.values() for one in spans)
        )
        return contracts._get_records_action(name=self.env._("Maintenance Contracts"))

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        # Whoever delivers need not have rights on contracts: what was sold with the
        # product is for it.
        assets.sudo().filtered("sale_line_id")._join_contracts()
        return assets

    def _join_contracts(self):
        """Contracts that were sold beside these products cover them now."""
        lines = self.sale_line_id.linked_line_ids
        for contract in lines.aftersales_contract_ids.filtered(
            lambda one: one.scope == "asset" and one.state in ("draft", "active")
        ):
            main = contract.sale_line_id.linked_line_id
            contract.asset_line_ids = [
                Command.create({"asset_id": asset.id})
                for asset in self
                if asset.sale_line_id == main
            ]
            contract._action_sell()

    def write(self, vals):
        gone, moved = self.browse(), self.browse()
        if vals.get("state") in ("returned", "retired"):
            gone = self.filtered(lambda asset: asset.state == "in_service")
        back = self.browse()
        if vals.get("state") == "in_service":
            back = self.filtered(lambda asset: asset.state == "returned")
        if "partner_id" in vals:
            # Compared, not shown: contacts of one firm are one owner.
            owner = self.env["res.partner"].sudo().browse(vals["partner_id"])
            moved = self.filtered(
                lambda asset: asset.partner_id.sudo().commercial_partner_id
                != owner.commercial_partner_id
            )
        result = super().write(vals)
        # Contracts follow the product, whoever may see them.
        if gone:
            gone.sudo()._leave_contracts("gone", self.env._("No longer in service."))
        if moved:
            moved.sudo()._leave_contracts("owner", self.env._("It has another owner."))
            # By what covers all products of the new owner, or of none.
            moved.sudo()._update_coverage()
        if back:
            back.sudo()._rejoin_contracts()
        return result

    def _leave_contracts(self, origin, reason):
        current = self.contract_line_ids.filtered(lambda line: not line.date_to)
        current._action_end(reason, origin)
        current.contract_id._ask_where_empty()

    def _rejoin_contracts(self):
        """What came back to its customer is covered again, from today on."""
        lines = self.contract_line_ids
        covered = {
            (line.asset_id, line.contract_id) for line in lines if not line.date_to
        }
        left = lines.filtered(lambda line: line._waits_for_return())
        for line in left.sorted("date_to", reverse=True):
            key = line.asset_id, line.contract_id
            if key not in covered:
                covered.add(key)
                line._follow_with(line.asset_id)

    def _carry_over_to(self, new_asset):
        # As in `write`.
        lines = self.sudo().contract_line_ids.filtered(
            lambda line: not line.date_to and line.contract_id.state == "active"
        )
        for line in lines:
            if not self._keeps_some_beside(new_asset):
                line._action_end(self.env._("Replaced."), "gone")
            line._follow_with(new_asset.sudo())
        return super()._carry_over_to(new_asset)
