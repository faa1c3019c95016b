# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class AftersalesWear(models.Model):
    """A part that is due is put in at the next visit: one click plans it."""

    _name = "aftersales.wear"
    _inherit = ["aftersales.wear", "aftersales.turn.mixin"]

    is_planned = fields.Boolean(
        string="In the Next Visit",
        compute="_compute_is_planned",
        help="A preventive repair order of the product that is still to be done has "
        "this part, or its substitute.",
    )

    @api.depends("asset_id", "spare_part_id")
    def _compute_is_planned(self):
        planned = self._get_planned_parts()
        for wear in self:
            parts = wear._get_parts().ids
            wear.is_planned = any((wear.asset_id.id, part) in planned for part in parts)

    def _get_parts(self):
        self.ensure_one()
        # Which part serves as well is no secret.
        spare = self.sudo().spare_part_id
        return spare.product_id | spare.substitute_id

    def _get_planned_parts(self):
        """{(asset id, product id)} of what open preventive repairs put in already."""
        # Whoever sees that a part is due may know whether it is planned.
        moves = self.env["stock.move"].sudo()
        found = moves.search_fetch(
            Domain("repair_id", "any", self._get_visits_domain())
            & Domain("repair_line_type", "=", "add")
            & Domain("state", "!=", "cancel"),
            ["product_id", "repair_id"],
        )
        return {(move.repair_id.asset_id.id, move.product_id.id) for move in found}

    def _get_visits_domain(self):
        repairs = self.env["repair.order"]
        return (
            Domain("asset_id", "in", self.asset_id.ids)
            & Domain("service_kind", "=", "preventive")
            & repairs._get_open_repairs_domain()
        )

    def action_add_to_visit(self):
        """Add these parts to the next planned visits of their products, each once.

        :raises UserError: for a product without a planned visit
        """
        self.check_access("read")
        visits = self._get_next_repairs()
        # Who may change the repair order may plan its parts, nobody else.
        self.env["repair.order"].union(*visits.values()).check_access("write")
        # A second click waits for the first one: it takes nothing else of the row.
        self.sudo()._take_turn()
        self.invalidate_recordset(["is_planned"])
        for wear in self.filtered(lambda one: not one.is_planned):
            if wear.asset_id not in visits:
                raise UserError(
                    self.env._(
                        "No visit is planned for %(product)s yet: plan one, then add "
                        "the part.",
                        product=wear.asset_id.display_name,
                    )
                )
            visits[wear.asset_id].write({"move_ids": [wear._prepare_part()]})
        self.invalidate_recordset(["is_planned"])
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_next_repairs(self):
        """{asset: its next open preventive repair, with the user's own rights}"""
        # Whether there is one does not depend on who asks.
        repairs = (
            self.env["repair.order"]
            .sudo()
            .search(self._get_visits_domain(), order="schedule_date desc, id desc")
        )
        # The last one that is set for a product is its first visit.
        return {repair.asset_id: repair.sudo(False) for repair in repairs}

    def _prepare_part(self):
        self.ensure_one()
        return Command.create(
            {
                "product_id": self.part_id.id,
                "product_uom_qty": self.quantity,
                "product_uom": self.part_id.uom_id.id,
                "repair_line_type": "add",
            }
        )
