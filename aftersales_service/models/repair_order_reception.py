# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..rules.qr import qr_svg

#: Reached step by step; the goods are in our hands in the middle two.
GOODS_STATES = [
    ("with_customer", "With the Customer"),
    ("expected", "Expected"),
    ("here", "Here"),
    ("leaving", "On the Way Back"),
    ("returned", "Given Back"),
]


class RepairOrder(models.Model):
    _inherit = "repair.order"

    accessories = fields.Text(
        string="Came With It",
        copy=False,
        help="Charger, box, key: what has to go back with the product.",
    )
    goods_condition = fields.Text(
        string="Condition", copy=False, help="Scratches or damage seen at reception."
    )
    goods_move_ids = fields.One2many(
        "stock.move", "aftersales_goods_repair_id", string="Reception and Return"
    )
    goods_state = fields.Selection(
        GOODS_STATES,
        string="Customer's Goods",
        compute="_compute_goods_state",
        store=True,
        index=True,
    )
    goods_count = fields.Integer(compute="_compute_goods_count")

    @api.depends("goods_move_ids.state", "goods_move_ids.quantity")
    def _compute_goods_state(self):
        for repair in self:
            # Decided by the moves, whether the user sees them or not.
            repair.goods_state = repair.sudo()._get_goods_state()

    def _get_goods_state(self):
        self.ensure_one()
        came = self.goods_move_ids.filtered(lambda m: m.location_id.usage == "customer")
        went = self.goods_move_ids.filtered(
            lambda m: m.location_dest_id.usage == "customer"
        )
        done = {
            side: sum(m.product_qty for m in moves if m.state == "done")
            for side, moves in (("came", came), ("went", went))
        }
        going = any(m.state not in ("done", "cancel") for m in went)
        # A repair that is just being entered has no product, nor unit, yet.
        unit = self.product_id.uom_id
        if done["came"] and unit.compare(done["came"], done["went"]) > 0:
            return "leaving" if going else "here"
        if any(m.state not in ("done", "cancel") for m in came):
            return "expected"
        return "returned" if done["went"] else "with_customer"

    def _compute_goods_count(self):
        for repair in self:
            # Only a number is told of transfers the user may not see.
            repair.goods_count = len(repair.sudo().goods_move_ids.picking_id)

    def _has_goods(self):
        """Whether the customer's goods are with us, as far as stock knows."""
        self.ensure_one()
        return self.goods_state in ("here", "leaving")

    # -- steps

    def action_expect_goods(self):
        """Announce the goods to the warehouse, which receives them.

        :raises UserError: when they are here or expected already
        """
        self._start_goods_step(("with_customer", "returned"))._move_goods("in")
        return True

    def action_receive_goods(self):
        """Ask what came with the goods before they are received."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive the Customer's Goods"),
            "res_model": "aftersales.repair.reception",
            "view_mode": "form",
            "target": "new",
            "context": {"default_repair_id": self.id},
        }

    def _receive_goods(self):
        """The goods are here: done by whoever takes them in, e.g. at the counter."""
        repairs = self._start_goods_step(("with_customer", "expected", "returned"))
        new = repairs.filtered(lambda r: r.goods_state != "expected")
        new._move_goods("in")
        repairs._validate_goods_moves()

    def action_send_goods(self):
        """Ask the warehouse to send the goods back to where they came from.

        :raises UserError: when they are not here, or the repair is still open
        """
        repairs = self._start_goods_step(("here",))
        repairs._ensure_can_give_back()
        repairs._move_goods("out")
        return True

    def action_hand_over_goods(self):
        """Give the goods back to the customer right now."""
        repairs = self._start_goods_step(("here", "leaving"))
        repairs._ensure_can_give_back()
        repairs.filtered(lambda r: r.goods_state == "here")._move_goods("out")
        repairs._validate_goods_moves()
        return True

    def _start_goods_step(self, states):
        """Lock the repairs and check that their goods are in one of `states`.

        :return: the repairs with the rights that moving their goods needs
        """
        repairs = self._as_technician()
        repairs.lock_for_update()
        repairs.invalidate_recordset(["goods_state", "state"])
        for repair in repairs:
            if repair.goods_state not in states:
                raise UserError(
                    self.env._(
                        "%(repair)s: the goods are now “%(state)s”.",
                        repair=repair.name,
                        state=dict(
                            repair._fields["goods_state"]._description_selection(
                                self.env
                            )
                        )[repair.goods_state],
                    )
                )
        return repairs

    def _ensure_can_give_back(self):
        if self.filtered(lambda r: r.state not in ("done", "cancel")):
            raise UserError(
                self.env._("End or cancel the repair before the goods go back.")
            )

    # -- transfers

    def _move_goods(self, direction):
        """Make the transfers that bring the goods in or take them back.

        One step, whatever the steps of the warehouse: the goods never mix with what
        it sells.
        """
        if direction == "in":
            self._check_goods_to_receive()
        for repair in self:
            picking = self.env["stock.picking"].create(
                repair._prepare_goods_picking_vals(direction)
            )
            picking.action_confirm()
            picking.action_assign()
            picking.move_line_ids.write(
                {"lot_id": repair.lot_id.id, "owner_id": repair.partner_id.id}
            )

    def _check_goods_to_receive(self):
        for repair in self:
            if not repair.partner_id or not repair.product_id:
                raise UserError(
                    self.env._("Say first what is received and from which customer.")
                )
            if repair.product_id.tracking != "none" and not repair.lot_id:
                raise UserError(
                    self.env._(
                        "Write the serial number of “%(product)s” first.",
                        product=repair.product_id.display_name,
                    )
                )
        serials = self.filtered(lambda r: r.product_id.tracking == "serial").lot_id
        elsewhere = self.env["stock.quant"].search(
            [
                ("lot_id", "in", serials.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", ">", 0),
            ],
            limit=1,
        )
        if elsewhere:
            raise UserError(
                self.env._(
                    "Serial %(lot)s is at %(place)s: it can't come from a customer.",
                    lot=elsewhere.lot_id.name,
                    place=elsewhere.location_id.display_name,
                )
            )

    def _prepare_goods_picking_vals(self, direction):
        self.ensure_one()
        warehouse = self.picking_type_id.warehouse_id
        bench = warehouse._get_aftersales_repair_location()
        address = self._get_goods_address()
        outside = self._get_customer_location()
        source, destination = (
            (outside, bench) if direction == "in" else (bench, outside)
        )
        return {
            "picking_type_id": (
                warehouse.in_type_id if direction == "in" else warehouse.out_type_id
            ).id,
            "partner_id": address.id,
            "owner_id": self.partner_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "move_ids": [
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom_qty": self.product_qty,
                        "product_uom": self.product_uom.id,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "partner_id": address.id,
                        "restrict_partner_id": self.partner_id.id,
                        "aftersales_goods_repair_id": self.id,
                        "origin": self.name,
                    }
                )
            ],
        }

    def _get_goods_address(self):
        """Where the goods come from, and so where they go back to."""
        self.ensure_one()
        came = self.goods_move_ids.filtered(lambda m: m.state == "done")[:1]
        delivery = self.partner_id.address_get(["delivery"])["delivery"]
        return came.picking_id.partner_id or self.env["res.partner"].browse(delivery)

    def _get_customer_location(self):
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return partner.property_stock_customer

    def _validate_goods_moves(self):
        pickings = self.goods_move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        ).picking_id
        pickings.move_ids.picked = True
        pickings._action_done()

    def action_repair_cancel(self):
        """Goods that were only expected are not received for a cancelled repair."""
        result = super().action_repair_cancel()
        # The user may cancel the repair, and with it what was announced for it.
        expected = self.sudo().filtered(lambda r: r.goods_state == "expected")
        expected.goods_move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        ).picking_id.action_cancel()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_goods(self):
        """Without its repair nobody would know whose the goods are and what for."""
        # Only asked for, whoever may delete the repair.
        for repair in self.sudo():
            lent = repair.loaner_ids.filtered(lambda loaner: loaner.state == "lent")
            if repair.goods_state in ("expected", "here", "leaving") or lent:
                raise UserError(
                    self.env._(
                        "%s: the customer's goods, or what was lent, have to be given "
                        "back first.",
                        repair.name,
                    )
                )

    def action_validate(self):
        """Goods that stay with the customer need not be in our stock."""
        negative = any(move.product_uom_qty < 0 for move in self.move_ids)
        # Technicians have no rights on places: only the kind of place is read.
        place = self.sudo().product_location_src_id
        if place.usage == "customer" and not negative:
            self._action_repair_confirm()
            return True
        return super().action_validate()

    def action_view_goods(self):
        """Open the transfers of the customer's goods."""
        self.check_access("read")
        return self.goods_move_ids.picking_id._get_records_action(
            name=self.env._("Customer's Goods")
        )

    def action_print_reception(self):
        """Print what the customer gets when leaving the goods."""
        self.check_access("read")
        return self.env.ref(
            "aftersales_service.action_report_repair_reception"
        ).report_action(self)

    def _get_reception_date(self):
        """The Date the goods were received, or today when they have not been yet."""
        self.ensure_one()
        came = self.goods_move_ids.filtered(
            lambda m: m.state == "done" and m.location_id.usage == "customer"
        )[-1:]
        company = self.company_id
        if came:
            return company._aftersales_date(came.date)
        return company._aftersales_today()

    def _get_qr_image(self):
        """A QR code, as a data URI, that opens the repair on a colleague's phone."""
        self.ensure_one()
        url = f"{self.get_base_url()}/odoo/repairs/{self.id}"
        svg = qr_svg(url).encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
