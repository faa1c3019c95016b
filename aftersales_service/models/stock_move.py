# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockMove(models.Model):
    _inherit = "stock.move"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line", index="btree_not_null", copy=False, check_company=True
    )

    @api.constrains("location_id", "location_dest_id", "repair_id")
    def _check_part_locations(self):
        """Without stock rights, a part goes where its repair says and nowhere else."""
        if self.env.su or self.env.user.has_group("stock.group_stock_user"):
            return
        for move in self.filtered(lambda m: m.repair_id and m.repair_line_type):
            places = move._get_repair_locations(move.repair_line_type)
            if (move.location_id, move.location_dest_id) != places:
                raise ValidationError(
                    self.env._(
                        "Where a part comes from and goes to follows its repair."
                    )
                )

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._update_aftersales_assets()
        return moves

    def _update_aftersales_assets(self):
        """Keep the customers' assets in step with what was delivered or returned."""
        done = self.filtered(lambda m: m.state == "done" and not m.repair_id)
        delivered = done.filtered(lambda m: m._is_aftersales_delivery())
        returned = done.filtered(
            lambda m: m.origin_returned_move_id and m.location_id.usage == "customer"
        )
        # Whoever validates a delivery need not have after-sales rights.
        assets = (
            self.env["aftersales.asset"]
            .sudo()
            .with_context(
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_create_nolog=True,
            )
        )
        if delivered:
            assets._create_from_moves(delivered.sudo())
        if returned:
            assets._lower_from_moves(returned.sudo())

    def _is_aftersales_delivery(self):
        self.ensure_one()
        return (
            self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
            and self.product_id.aftersales_create_asset
            and self._get_aftersales_owner()
        )

    def _get_aftersales_owner(self):
        """The partner who owns what this move delivers."""
        self.ensure_one()
        return self.sale_line_id.order_id.partner_id or (
            self.picking_id.partner_id or self.partner_id
        )

    def _get_aftersales_covered_percent(self):
        """Share of this part (0 to 100) that the company pays under warranty."""
        self.ensure_one()
        line = self.repair_id.claim_line_id
        return line._get_covered_percent("parts") if line else 0.0

    def _is_aftersales_warranty_part(self):
        self.ensure_one()
        return (
            self.repair_line_type == "add"
            and self._get_aftersales_covered_percent() > 0.0
        )

    def _get_analytic_distribution(self):
        """Book parts used under warranty on the claim type's analytic account."""
        distribution = super()._get_analytic_distribution()
        if distribution or not self._is_aftersales_warranty_part():
            return distribution
        claim = self.repair_id.claim_line_id.claim_id
        # Which account takes the cost is the accountant's setting, not the user's.
        account = claim.sudo()._get_warranty_analytic_account()
        share = self._get_aftersales_covered_percent()
        return {str(account.id): share} if account else distribution

    def _prepare_analytic_line_values(self, account_field_values, amount, unit_amount):
        values = super()._prepare_analytic_line_values(
            account_field_values, amount, unit_amount
        )
        claim = self.repair_id.claim_line_id.claim_id
        if claim:
            values["ref"] = claim.name
            values["name"] = f"{claim.name} · {values['name']}"
        return values

    def _get_account_move_line_vals(self):
        values_list = super()._get_account_move_line_vals()
        claim = self.repair_id.claim_line_id.claim_id
        if claim:
            for values in values_list:
                values["name"] = f"{claim.name} - {values['name']}"
        return values_list
