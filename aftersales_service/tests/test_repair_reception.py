# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepairReception(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-100"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.technician.id)
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.bench = cls.warehouse._get_aftersales_repair_location()
        cls.customers = cls.customer.property_stock_customer

    def _receive(self, repair=None, **values):
        repair = repair or self.repair
        wizard = (
            self.env["aftersales.repair.reception"]
            .with_user(self.technician)
            .create({"repair_id": repair.id, **values})
        )
        return wizard.action_receive()

    def _get_quant(self, product=None):
        return self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.bike).id),
                ("location_id", "=", self.bench.id),
            ]
        )

    def _repair(self, repair=None):
        repair = (repair or self.repair).with_user(self.technician)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()

    def test_the_goods_stay_the_customers_from_door_to_door(self):
        value = self.bike.total_value
        action = self._receive(
            accessories="Charger, key", goods_condition="Scratch", serial="eb-100"
        )
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(self.repair.goods_state, "here")
        self.assertEqual(self.repair.accessories, "Charger, key")
        picking = self.repair.goods_move_ids.picking_id
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.picking_type_id, self.warehouse.in_type_id)
        self.assertEqual(picking.partner_id, self.customer)
        quant = self._get_quant()
        self.assertEqual(quant.owner_id, self.customer)
        self.assertEqual(quant.lot_id.name, "EB-100")
        self.assertEqual(self.repair.product_location_src_id, self.bench)
        # Not valued, not to be sold.
        self.assertEqual(self.bike.total_value, value)
        self.assertEqual(self.bike.qty_available, 0)
        self.assertEqual(self.bike.free_qty, 0)
        self.assertFalse(self.repair.goods_move_ids.is_in)
        self._repair()
        self.assertEqual(self.repair.move_id.move_line_ids.owner_id, self.customer)
        quant = self._get_quant().filtered("quantity")
        self.assertEqual((quant.owner_id, quant.quantity), (self.customer, 1))
        self.assertEqual(self.bike.total_value, value)
        self.repair.with_user(self.technician).action_hand_over_goods()
        self.assertEqual(self.repair.goods_state, "returned")
        self.assertFalse(self._get_quant().filtered("quantity"))
        out = self.repair.goods_move_ids[-1]
        self.assertEqual(out.location_dest_id, self.customers)
        self.assertEqual(out.picking_id.partner_id, picking.partner_id)
        self.assertEqual(self.bike.total_value, value)
        # The same asset all the way.
        self.assertEqual(self.asset.lot_id.name, "EB-100")
        found = self.env["aftersales.asset"].search([("lot_id.name", "=", "EB-100")])
        self.assertEqual(found, self.asset)
        self.assertEqual((self.asset.state, self.asset.quantity), ("in_service", 1))

    def test_the_warehouse_receives_and_ships_in_any_number_of_steps(self):
        self.warehouse.write(
            {"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"}
        )
        address = self.env["res.partner"].create(
            {"name": "Home", "type": "delivery", "parent_id": self.customer.id}
        )
        worker = self._create_user("worker", "stock.group_stock_user")
        repair = self.repair.with_user(self.technician)
        repair.action_expect_goods()
        self.assertEqual(self.repair.goods_state, "expected")
        incoming = self.repair.goods_move_ids.picking_id.with_user(worker)
        incoming.move_ids.picked = True
        incoming.button_validate()
        self.assertEqual(self.repair.goods_state, "here")
        self.assertEqual(self.repair.product_location_src_id, self.bench)
        self.assertFalse(self.repair.goods_move_ids.move_dest_ids)
        self._repair()
        # Where it came from, even when the customer moves meanwhile.
        address.active = False
        repair.action_send_goods()
        self.assertEqual(self.repair.goods_state, "leaving")
        outgoing = (self.repair.goods_move_ids.picking_id - incoming).with_user(worker)
        self.assertEqual(outgoing.picking_type_id, self.warehouse.out_type_id)
        self.assertEqual(outgoing.partner_id, address)
        outgoing.move_ids.picked = True
        outgoing.button_validate()
        self.assertEqual(self.repair.goods_state, "returned")

    def test_every_step_once(self):
        repair = self.repair.with_user(self.technician)
        with self.assertRaisesRegex(UserError, "With the Customer"):
            repair.action_hand_over_goods()
        repair.action_expect_goods()
        with self.assertRaisesRegex(UserError, "Expected"):
            repair.action_expect_goods()
        self._receive()
        self.assertEqual(len(self.repair.goods_move_ids), 1)
        with self.assertRaisesRegex(UserError, "Here"):
            self._receive()
        with self.assertRaisesRegex(UserError, "End or cancel"):
            repair.action_send_goods()

    def test_a_cancelled_repair_gives_the_goods_back_unrepaired(self):
        self._receive()
        repair = self.repair.with_user(self.technician)
        repair.action_repair_cancel()
        self.assertEqual(self.repair.goods_state, "here")
        repair.action_hand_over_goods()
        self.assertEqual(self.repair.goods_state, "returned")
        repair.action_repair_cancel_draft()
        self.assertEqual(self.repair.product_location_src_id, self.customers)

    def test_goods_of_a_cancelled_repair_are_not_awaited(self):
        repair = self.repair.with_user(self.technician)
        repair.action_expect_goods()
        repair.action_repair_cancel()
        self.assertEqual(self.repair.goods_move_ids.picking_id.state, "cancel")
        self.assertEqual(self.repair.goods_state, "with_customer")

    def test_another_serial_is_not_received(self):
        with self.assertRaisesRegex(UserError, "EB-100, not for EB-101"):
            self._receive(serial="EB-101")
        self.assertEqual(self.repair.goods_state, "with_customer")

    def test_a_serial_that_is_in_stock_does_not_come_from_a_customer(self):
        self._stock(self.bike, 1, self.asset.lot_id)
        with self.assertRaisesRegex(UserError, "EB-100 is at"):
            self._receive()

    def test_a_device_never_sold_by_us(self):
        lot = self._create_lot(self.bike, "FOREIGN-1")
        asset = self.env["aftersales.asset"].create(
            {
                "partner_id": self.stranger.id,
                "product_id": self.bike.id,
                "lot_id": lot.id,
            }
        )
        claim = self._create_claim(
            asset, partner_id=self.stranger.id, user_id=self.technician.id
        )
        claim.line_ids.action_create_repair()
        self._receive(claim.repair_ids)
        self.assertEqual(self._get_quant().owner_id, self.stranger)
        self._repair(claim.repair_ids)
        claim.repair_ids.with_user(self.technician).action_hand_over_goods()
        self.assertEqual(claim.repair_ids.goods_state, "returned")
        self.assertEqual(
            self.env["aftersales.asset"].search([("lot_id", "=", lot.id)]), asset
        )

    def test_untracked_goods_of_several_customers_are_not_mixed_up(self):
        claims = self.env["aftersales.claim"]
        for partner in (self.customer, self.stranger):
            asset = self._sell(self.helmet, 3, partner=partner)
            claims |= self._create_claim(
                asset, partner_id=partner.id, user_id=self.technician.id
            )
        claims.line_ids.quantity = 2
        claims.line_ids.action_create_repair()
        on_hand = self.helmet.qty_available
        for repair in claims.repair_ids:
            self._receive(repair)
        quants = self._get_quant(self.helmet)
        self.assertEqual(
            {(q.owner_id, q.quantity) for q in quants},
            {(self.customer, 2), (self.stranger, 2)},
        )
        mine = claims[0].repair_ids
        self._repair(mine)
        mine.with_user(self.technician).action_hand_over_goods()
        left = self._get_quant(self.helmet).filtered("quantity")
        self.assertEqual(left.owner_id, self.stranger)
        self.assertEqual(self.helmet.qty_available, on_hand)

    def test_each_warehouse_keeps_its_own_goods(self):
        other = self.env["stock.warehouse"].create({"name": "Girona", "code": "GIR"})
        self.repair.picking_type_id = other.repair_type_id
        self._receive()
        place = self.repair.product_location_src_id
        self.assertEqual(place, other.aftersales_repair_location_id)
        self.assertNotEqual(place, self.bench)
        self.assertEqual(
            self.repair.goods_move_ids.picking_id.picking_type_id, other.in_type_id
        )

    def test_a_technician_moves_goods_through_the_steps_only(self):
        self._receive()
        repair = self.repair.with_user(self.technician)
        for values in ({"goods_state": "returned"}, {"goods_move_ids": [(5, 0, 0)]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                repair.write(values)
        with self.assertRaises(AccessError):
            self.repair.goods_move_ids.with_user(self.technician).write(
                {"aftersales_goods_repair_id": False}
            )

    def test_the_sheet_says_what_came_and_has_the_code(self):
        self._receive(accessories="Charger", goods_condition="Scratch on the frame")
        reports = self.env["ir.actions.report"].with_user(self.technician)
        for name, texts in (
            (
                "aftersales_service.report_reception",
                ("Charger", "Scratch on the frame", "EB-100", "Marta Vidal", "QR"),
            ),
            ("aftersales_service.report_label", ("Charger", "EB-100", "QR")),
        ):
            html = reports._render_qweb_html(name, self.repair.ids)[0].decode()
            for text in (*texts, self.repair.name, self.claim.name):
                with self.subTest(report=name, text=text):
                    self.assertIn(text, html)

    def test_budget_of_receiving_does_not_grow_with_the_stock(self):
        """What a reception costs beside the core's own transfer."""
        self._receive()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.repair.goods_move_ids._follow_repaired_goods()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestLoaner(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(
            cls._sell(cls.bike, serials=["EB-100"]), user_id=cls.technician.id
        )
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.user_id = cls.technician
        cls.spare = cls._create_lot(cls.bike, "EB-LOAN")
        cls._stock(cls.bike, 1, cls.spare)

    def _create_loaner(self, **values):
        return (
            self.env["aftersales.loaner"]
            .with_user(self.technician)
            .create(
                {
                    "repair_id": self.repair.id,
                    "product_id": self.bike.id,
                    "lot_id": self.spare.id,
                    "due_date": "2999-01-01",
                    **values,
                }
            )
        )

    def test_a_lent_unit_stays_the_companys_but_is_not_sold(self):
        value = self.bike.total_value
        loaner = self._create_loaner()
        loaner.action_lend()
        self.assertEqual(loaner.state, "lent")
        self.assertEqual(self.repair.loaner_count, 1)
        self.assertEqual(self.bike.qty_available, 0)
        self.assertEqual(self.bike.total_value, value)
        self.assertFalse(
            self.env["aftersales.asset"].search([("lot_id", "=", self.spare.id)])
        )
        with self.assertRaisesRegex(UserError, "meanwhile"):
            loaner.action_lend()
        loaner.action_take_back()
        self.assertEqual(loaner.state, "returned")
        self.assertEqual(self.bike.qty_available, 1)
        self.assertEqual(self.bike.total_value, value)

    def test_the_sheet_names_it_in_the_customers_language(self):
        self._install_language("es_ES")
        self.bike.with_context(lang="es_ES").name = "Bicicleta Tramuntana"
        self.bike.default_code = "EB"
        self.customer.lang = "es_ES"
        # The agent has read it in English before.
        self.assertIn("Tramuntana", self._create_loaner().display_name)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_reception", self.repair.ids
        )[0]
        lent = html.decode().partition("Prestado mientras tanto")[2]
        self.assertIn(f"Bicicleta Tramuntana · {self.spare.name}", lent)
        self.assertNotIn("[EB]", lent)

    def test_only_what_is_in_stock_is_lent(self):
        with self.assertRaisesRegex(UserError, "Choose which serial"):
            self._create_loaner(lot_id=False).action_lend()
        self._create_loaner().action_lend()
        with self.assertRaisesRegex(UserError, "not in stock"):
            self._create_loaner().action_lend()
        with self.assertRaisesRegex(ValidationError, "before it is lent"):
            self._create_loaner(due_date="2020-01-01")

    @mute_logger("odoo.sql_db")
    def test_a_serial_is_lent_once(self):
        loaner = self._create_loaner()
        loaner.action_lend()
        with self.assertRaises(IntegrityError):
            self._create_loaner().sudo().state = "lent"
            self.env.flush_all()

    def test_what_was_lent_is_not_rewritten(self):
        loaner = self._create_loaner()
        for values in ({"state": "returned"}, {"move_ids": [Command.clear()]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                loaner.write(values)
        loaner.action_lend()
        with self.assertRaisesRegex(UserError, "history"):
            loaner.lot_id = False
        with self.assertRaises(UserError):
            loaner.sudo().unlink()

    def test_the_customer_is_reminded_once(self):
        with freeze_time("2026-03-01 08:00:00"):
            loaner = self._create_loaner(due_date="2026-03-10")
            loaner.action_lend()
        for day, mails in ((8, 0), (9, 1), (11, 1)):
            with (
                freeze_time(f"2026-03-{day:02} 08:00:00"),
                self.enter_registry_test_mode(),
            ):
                self.env.ref(
                    "aftersales_service.ir_cron_loaner"
                ).method_direct_trigger()
                sent = self.env["mail.mail"].search(
                    [
                        ("model", "=", loaner._name),
                        ("res_id", "=", loaner.id),
                        ("recipient_ids", "=", self.customer.id),
                    ]
                )
                self.assertEqual(len(sent), mails, day)
                self.assertEqual(loaner.is_late, day > 10)
        self.assertIn(self.bike.name, sent.subject)
        self.assertEqual(loaner.activity_ids.user_id, self.technician)
        loaner.action_take_back()
        self.assertFalse(loaner.activity_ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_others_repairs_others_loans(self):
        loaner = self._create_loaner()
        other = self._create_user("other", "aftersales_service.group_technician")
        with self.assertRaises(AccessError):
            loaner.with_user(other).action_lend()
        with self.assertRaises(AccessError):
            loaner.with_user(other).read(["partner_id"])
