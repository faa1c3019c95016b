# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import clean_context

from .repair_order import PART_FIELDS

#: Who changes stock moves by another right; as in the rule of technicians.
MOVING_GROUPS = (
    "stock.group_stock_user,sales_team.group_sale_salesman,"
    "account.group_account_invoice,mrp.group_mrp_user,purchase.group_purchase_user"
)


class StockMove(models.Model):
    _inherit = "stock.move"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line", index="btree_not_null", copy=False, check_company=True
    )

    # Units are nobody's secret; with manufacturing they follow from bills of materials,
    # which technicians can't read.
    allowed_uom_ids = fields.Many2many(compute_sudo=True)

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name not in PART_FIELDS
            and self._is_technicians_only()
        ):
            return False
        return super()._has_field_access(field, operation)

    def _is_technicians_only(self):
        """Whether the user may change moves only because they are parts of repairs."""
        user = self.env.user
        return (
            not self.env.su
            and user.has_group("aftersales_service.group_technician")
            and not user.has_groups(MOVING_GROUPS)
        )

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_technicians_only():
            # The client sends what it shows; the places follow from the repair.
            allowed = PART_FIELDS | {"repair_id"}
            vals_list = [
                {k: v for k, v in vals.items() if k in allowed} for vals in vals_list
            ]
            for vals in vals_list:
                vals["repair_line_type"] = vals.get("repair_line_type") or "add"
            self._ensure_may_change_repairs(vals_list)
            # Parts of repairs the user may change, and nothing else.
            parts = self.sudo().with_context(clean_context(self.env.context))
            moves = super(StockMove, parts).create(vals_list)
            return moves.with_env(self.env)
        return super().create(vals_list)

    def _ensure_may_change_repairs(self, vals_list):
        repairs = self.env["repair.order"].browse(
            [vals["repair_id"] for vals in vals_list if vals.get("repair_id")]
        )
        if len(repairs) < len(vals_list):
            raise AccessError(self.env._("You may only add parts to repairs."))
        repairs.check_access("write")

    @api.constrains("location_id", "location_dest_id", "repair_id", "repair_line_type")
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

    @api.constrains("repair_id", "repair_line_type")
    def _check_repair_is_open(self):
        """Nothing would ever take such a part from stock; its price would be quoted."""
        for move in self.filtered(lambda m: m.repair_id and m.repair_line_type):
            if move.repair_id.state == "done" and move.state not in ("done", "cancel"):
                raise ValidationError(
                    self.env._(
                        "The repair is done: what was entered is part of the history."
                    )
                )

    @api.constrains("product_id", "repair_id")
    def _check_part_company(self):
        """The core tells it when the repair is confirmed, not who enters the part."""
        for move in self.filtered("repair_line_type"):
            # Only compared: the product may be out of the user's reach.
            company = move.sudo().product_id.company_id
            if company and company != move.repair_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(part)s” belongs to another company than the repair.",
                        part=move.sudo().product_id.display_name,
                    )
                )

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._update_aftersales_assets()
        moves._follow_aftersales_lines()
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
        sent_back = delivered.filtered(lambda m: m._is_aftersales_send_back())
        if sent_back:
            delivered -= assets._raise_from_moves(sent_back.sudo())
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

    def _get_repair_quantity(self):
        """What the repair used of this part, or is going to use (in its unit)."""
        self.ensure_one()
        return self.quantity if self.state == "done" else self.product_uom_qty

    def _get_aftersales_covered_percent(self):
        """Share of this part (0 to 100) that the company pays under warranty."""
        self.ensure_one()
        repair = self.repair_id
        return repair._get_part_percent(self.product_id) if repair else 0.0

    def _is_aftersales_warranty_part(self):
        self.ensure_one()
        return (
            self.repair_line_type == "add"
            and self._get_aftersales_covered_percent() > 0.0
        )

    def _get_analytic_distribution(self):
        """Book parts used under warranty on the account of the claim or company."""
        distribution = super()._get_analytic_distribution()
        if distribution or not self._is_aftersales_warranty_part():
            return distribution
        account = self.repair_id._get_warranty_analytic_account()
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
        line = self.repair_id.claim_line_id
        if line:
            for values in values_list:
                values["name"] = f"{line.claim_id.name} - {values['name']}"
                values["aftersales_claim_line_id"] = line.id
        return values_list
