# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

#: What may be entered on a part; places and links follow from the repair.
PART_FIELDS = {
    "description_picking",
    "lot_ids",
    "picked",
    "product_id",
    "product_uom",
    "product_uom_qty",
    "quantity",
    "repair_line_type",
    "repair_serial",
    "sequence",
}

#: What only the steps write, whatever the rights. A repair opens its claim to its
#: technician: only _start_remedy links them.
STEP_FIELDS = {
    "approved_by_id",
    "approved_cost",
    "claim_line_id",
    "quoted_amount",
    "rework_of_id",
}
#: What follows from the steps: not even agents decide it, who may make repairs.
FOLLOWING_FIELDS = {
    "claim_id",
    "done_date",
    "goods_move_ids",
    "goods_state",
    "labour_cost",
    "move_id",
    "parts_cost",
    "parts_price",
    "quote_state",
    "sale_order_id",
    "sale_order_line_id",
    "start_date",
    "state",
    "total_cost",
    "transport_cost",
    "travel_cost",
    "worked_hours",
}
#: What a repair is about, and where its goods go: not the technician's.
FIXED_FIELDS = FOLLOWING_FIELDS | {
    "asset_id",
    "company_id",
    "location_dest_id",
    "location_id",
    "lot_id",
    "name",
    "partner_id",
    "parts_location_id",
    "picking_id",
    "picking_type_id",
    "product_id",
    "product_location_dest_id",
    "product_location_src_id",
    "product_qty",
    "product_uom",
    "recycle_location_id",
    "under_warranty",
}


class RepairOrder(models.Model):
    _inherit = "repair.order"

    claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )
    claim_id = fields.Many2one(
        related="claim_line_id.claim_id", store=True, index="btree_not_null"
    )
    asset_id = fields.Many2one(
        "aftersales.asset", index="btree_not_null", check_company=True
    )
    service_kind = fields.Selection(
        [
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
            ("installation", "Installation"),
            ("inspection", "Inspection"),
        ],
        default="corrective",
        required=True,
    )
    service_mode = fields.Selection(
        [
            ("remote", "Remote"),
            ("onsite", "On Site"),
            ("workshop", "Workshop"),
        ],
        default="workshop",
        required=True,
    )
    labour_ids = fields.One2many("aftersales.repair.labour", "repair_id", copy=False)
    findings = fields.Text(help="What was found and done, for the customer.")
    signature = fields.Image(copy=False, attachment=True)
    signed_by = fields.Char(copy=False)
    done_date = fields.Datetime(readonly=True, copy=False)
    company_currency_id = fields.Many2one(related="company_id.currency_id")

    # -- technicians work on repairs without stock rights

    def _as_technician(self):
        """The repairs with the rights the core asks of stock users.

        Technicians have none of those. What they may do to a repair is decided here,
        by their rights on the repair itself; the environment's user stays theirs.
        """
        self.check_access("write")
        return self.sudo()

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            fixed = STEP_FIELDS
            if not self._is_stock_user():
                is_agent = self.env.user.has_group("aftersales_service.group_user")
                fixed = fixed | (FOLLOWING_FIELDS if is_agent else FIXED_FIELDS)
            if field.name in fixed:
                return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        parts = vals.get("move_ids")
        if not parts or self.env.su or self._is_stock_user():
            return super().write(vals)
        rest = {name: value for name, value in vals.items() if name != "move_ids"}
        result = super().write(rest) if rest else True
        self._as_technician()._write_parts(parts)
        return result

    def _is_stock_user(self):
        return self.env.user.has_group("stock.group_stock_user")

    def _write_parts(self, commands):
        """Apply one2many `commands` on the parts, allowing PART_FIELDS only.

        :raises UserError: for a command that reaches beyond this repair's parts
        """
        allowed = []
        for command in commands:
            kind, move_id = command[0], command[1]
            values = command[2] if len(command) > 2 and command[2] else {}
            own = move_id in self.move_ids.ids
            if kind == Command.CREATE or kind == Command.UPDATE and own:
                values = {k: v for k, v in values.items() if k in PART_FIELDS}
                allowed.append((kind, move_id, values))
            elif kind == Command.DELETE and own:
                allowed.append(command)
            elif kind != Command.LINK or not own:
                raise UserError(
                    self.env._("Only the parts of this repair can be changed here.")
                )
        # Defaults of the caller would be values that were not allowed.
        self.with_context(clean_context(self.env.context)).write({"move_ids": allowed})

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        return super(RepairOrder, self._as_technician())._update_order_line_info(
            product_id, quantity, **kwargs
        )

    def _action_repair_confirm(self):
        return super(RepairOrder, self._as_technician())._action_repair_confirm()

    def action_assign(self):
        return super(RepairOrder, self._as_technician()).action_assign()

    def action_unreserve(self):
        return super(RepairOrder, self._as_technician()).action_unreserve()

    def action_repair_start(self):
        result = super(RepairOrder, self._as_technician()).action_repair_start()
        # The line follows its repairs, which the technician may change.
        self.claim_line_id.sudo()._sync_with_repairs()
        return result

    def action_repair_cancel(self):
        result = super(RepairOrder, self._as_technician()).action_repair_cancel()
        # The line follows its repairs, which the technician may change.
        self.claim_line_id.sudo()._sync_with_repairs()
        return result

    def action_repair_cancel_draft(self):
        """Take cancelled repairs up again, and with them the remedy of their line.

        :raises UserError: when the line has got another remedy or its claim is closed
        """
        repairs = self._as_technician()
        lines = repairs.filtered(lambda r: r.state == "cancel").claim_line_id
        lines.lock_for_update()
        lines.invalidate_recordset(["state"])
        lines._ensure_claim_is_open()
        if lines.filtered(lambda line: line.state != "draft"):
            raise UserError(
                self.env._("The claim has been given another remedy meanwhile.")
            )
        result = super(RepairOrder, repairs).action_repair_cancel_draft()
        # Of repairs that were only confirmed as well: the core cancels those first.
        repairs.claim_line_id.write({"remedy": "repair", "state": "decided"})
        return result

    def action_repair_done(self):
        """End the repairs; twice from two tabs is told apart by the row lock.

        :raises UserError: when a repair was ended or cancelled meanwhile
        """
        repairs = self._as_technician()
        repairs.lock_for_update()
        repairs.invalidate_recordset(["state"])
        if repairs.filtered(lambda r: r.state in ("done", "cancel")):
            raise UserError(self.env._("This repair has already ended."))
        repairs._send_covered_parts_to_warranty()
        result = super(RepairOrder, repairs).action_repair_done()
        repairs.done_date = fields.Datetime.now()
        repairs.claim_line_id._sync_with_repairs()
        repairs._note_on_asset()
        repairs._post_repair_done_hook()
        return result

    def _send_covered_parts_to_warranty(self):
        """Parts the company pays leave stock to the location that takes their cost."""
        moves = self.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
            and m._is_aftersales_warranty_part()
        )
        for company, company_moves in moves.grouped("company_id").items():
            company._create_aftersales_warranty_location()
            location = company.aftersales_warranty_location_id
            company_moves.location_dest_id = location
            company_moves.move_line_ids.location_dest_id = location

    def _note_on_asset(self):
        """Leave in the asset's history who did what, when and with which parts.

        The asset is open to more people than a confidential claim's repair.
        """
        noted = self.filtered(lambda r: r.asset_id and not r.claim_id.is_confidential)
        bodies = {
            asset.id: Markup("<br/>").join(
                repair._get_done_note() for repair in repairs
            )
            for asset, repairs in noted.grouped("asset_id").items()
        }
        noted.asset_id._message_log_batch(bodies)

    def _get_done_note(self):
        """Who did the repair, with which parts and in how many hours, in a sentence."""
        self.ensure_one()
        used = self.move_ids.filtered(
            lambda m: m.repair_line_type == "add" and m.state == "done"
        )
        parts = ", ".join(
            f"{move.quantity:g} × {move.product_id.display_name}" for move in used
        )
        return self.env._(
            "%(repair)s done by %(user)s. Parts: %(parts)s. Hours: %(hours)g.",
            repair=self.name,
            user=self.env.user.name,
            parts=parts or "–",
            hours=sum(self.labour_ids.mapped("hours")),
        )

    def _post_repair_done_hook(self):
        """Called for repairs that have just been done."""

    def action_view_claim(self):
        """Open the claim this repair belongs to."""
        self.ensure_one()
        self.check_access("read")
        return self.claim_id._get_records_action()
