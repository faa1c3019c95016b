# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
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
    "sequence",
}

#: What a repair is about, where its goods go and what it costs: not the technician's.
FIXED_FIELDS = {
    "asset_id",
    "claim_id",
    "company_id",
    "done_date",
    "goods_move_ids",
    "goods_state",
    "labour_cost",
    "location_dest_id",
    "location_id",
    "lot_id",
    "move_id",
    "name",
    "partner_id",
    "parts_cost",
    "parts_location_id",
    "picking_id",
    "picking_type_id",
    "product_id",
    "product_location_dest_id",
    "product_location_src_id",
    "product_qty",
    "product_uom",
    "recycle_location_id",
    "sale_order_id",
    "sale_order_line_id",
    "start_date",
    "state",
    "total_cost",
    "under_warranty",
}
#: Of these not even agents decide, who may make repairs.
FOLLOWING_FIELDS = {
    "claim_id",
    "done_date",
    "labour_cost",
    "move_id",
    "parts_cost",
    "sale_order_id",
    "sale_order_line_id",
    "start_date",
    "state",
    "total_cost",
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
    coverage = fields.Selection(related="claim_line_id.coverage")
    coverage_note = fields.Text(related="claim_line_id.coverage_note")
    parts_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    labour_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    total_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    customer_amount = fields.Monetary(
        string="Customer Pays",
        compute="_compute_customer_amount",
        currency_field="company_currency_id",
        help="Parts and labour at list price, less what is covered, before tax.",
    )

    @api.depends(
        "move_ids.value",
        "move_ids.state",
        "move_ids.repair_line_type",
        "labour_ids.cost",
    )
    def _compute_costs(self):
        for repair in self:
            used = repair.move_ids.filtered(
                lambda m: m.repair_line_type == "add" and m.state == "done"
            )
            repair.parts_cost = sum(used.mapped("value"))
            repair.labour_cost = sum(repair.labour_ids.mapped("cost"))
            repair.total_cost = repair.parts_cost + repair.labour_cost

    @api.depends(
        "claim_line_id.parts_percent",
        "claim_line_id.labour_percent",
        "move_ids.product_uom_qty",
        "move_ids.quantity",
        "move_ids.state",
        "labour_ids.price",
    )
    def _compute_customer_amount(self):
        for repair in self:
            line = repair.claim_line_id
            parts = sum(
                move.product_uom._compute_quantity(
                    move._get_repair_quantity(), move.product_id.uom_id
                )
                * move.product_id.list_price
                for move in repair.move_ids
                if move.repair_line_type == "add" and move.state != "cancel"
            )
            labour = sum(repair.labour_ids.mapped("price"))
            if line:
                parts *= 1 - line._get_covered_percent("parts") / 100
                labour *= 1 - line._get_covered_percent("labour") / 100
            repair.customer_amount = repair.company_currency_id.round(parts + labour)

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
            fixed = set()
            if not self._is_stock_user():
                is_agent = self.env.user.has_group("aftersales_service.group_user")
                fixed = FOLLOWING_FIELDS if is_agent else FIXED_FIELDS
            # A repair opens its claim to its technician: only _start_remedy links them.
            if field.name == "claim_line_id" or field.name in fixed:
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
        for repair in noted:
            used = repair.move_ids.filtered(
                lambda m: m.repair_line_type == "add" and m.state == "done"
            )
            parts = ", ".join(
                f"{move.quantity:g} × {move.product_id.display_name}" for move in used
            )
            repair.asset_id._message_log(
                body=self.env._(
                    "%(repair)s done by %(user)s. Parts: %(parts)s. Hours: %(hours)g.",
                    repair=repair.name,
                    user=self.env.user.name,
                    parts=parts or "–",
                    hours=sum(repair.labour_ids.mapped("hours")),
                )
            )

    def _post_repair_done_hook(self):
        """Called for repairs that have just been done."""

    # -- quotation

    def action_create_sale_order(self):
        """Quote each repair to its own customer; the core mixes several up."""
        self._ensure_can_quote()
        for repair in self._as_technician():
            super(RepairOrder, repair).action_create_sale_order()
            repair._create_labour_sale_lines()
        return self.sale_order_id._get_records_action(name=self.env._("Quotations"))

    def _ensure_can_quote(self):
        user = self.env.user
        if not (
            self._is_stock_user() or user.has_group("aftersales_service.group_user")
        ):
            raise AccessError(self.env._("Only after-sales agents can quote a repair."))

    def _create_labour_sale_lines(self):
        self.ensure_one()
        missing = self.labour_ids.filtered(lambda labour: not labour.sale_line_id)
        for labour in missing:
            labour.sale_line_id = self.env["sale.order.line"].create(
                {
                    "order_id": self.sale_order_id.id,
                    "product_id": labour.product_id.id,
                    "product_uom_qty": labour.hours,
                    "aftersales_labour_ids": [Command.link(labour.id)],
                }
            )

    def action_view_claim(self):
        """Open the claim this repair belongs to."""
        self.ensure_one()
        self.check_access("read")
        return self.claim_id._get_records_action()
