# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import AftersalesCommon


class QuoteCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.travel = cls.env.ref("aftersales_service.product_travel")
        cls.travel.standard_price = 10.0
        cls.transport = cls.env.ref("aftersales_service.product_transport")
        cls.claim = cls._create_claim(
            cls._sell(cls.bike, serials=["EB-100"]), user_id=cls.agent.id
        )
        cls.line = cls.claim.line_ids
        cls.line.action_create_repair()
        cls.repair = cls.line.repair_ids
        cls.repair.user_id = cls.technician
        cls.worker = cls.repair.with_user(cls.technician)

    def _cover(self, parts=0.0, labour=0.0, travel=0.0, transport=0.0):
        self.line._override_coverage(
            {
                "parts": parts,
                "labour": labour,
                "travel": travel,
                "transport": transport,
            },
            "Decided in a test",
        )

    def _plan(self, hours=2.0):
        self.worker.write(
            {
                "estimated_hours": hours,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.battery.id,
                            "product_uom_qty": 1,
                            "repair_line_type": "add",
                        }
                    )
                ],
                "charge_ids": [
                    Command.create({"product_id": self.travel.id}),
                    Command.create({"product_id": self.transport.id, "quantity": 2}),
                ],
            }
        )

    def _quote(self):
        self.repair.with_user(self.agent).action_create_sale_order()
        return self.repair.sale_order_id

    def _get_lines(self, order):
        return {
            line.product_id: (line.product_uom_qty, line.discount)
            for line in order.order_line
        }


@tagged("post_install", "-at_install")
class TestRepairQuote(QuoteCommon, HttpCase):
    def test_who_only_sells_cancels_what_has_no_repair(self):
        seller = self._create_user("only_sells", "sales_team.group_sale_salesman")
        order = (
            self.env["sale.order"]
            .with_user(seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create({"product_id": self.battery.id})
                        for _number in range(2)
                    ],
                }
            )
        )
        order.action_confirm()
        order.order_line[0].product_uom_qty = 0
        order._action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_what_is_planned_is_quoted_with_its_coverage(self):
        self._cover(parts=100, labour=50, travel=0, transport=100)
        self._plan()
        order = self._quote()
        self.assertEqual(
            self._get_lines(order),
            {
                self.battery: (1, 100),
                self.labour: (2, 50),
                self.travel: (1, 0),
                self.transport: (2, 100),
            },
        )
        self.assertEqual(order.amount_untaxed, 45 + 35)
        self.assertEqual(self.repair.customer_amount, 45 + 35)
        self.assertEqual(self.repair.quote_state, "draft")
        self.assertFalse(self.repair.quote_warning)

    def test_the_customer_approves_online_and_the_repair_goes_on(self):
        self._plan()
        order = self._quote()
        order.require_payment = False
        order.action_quotation_sent()
        self.assertEqual(self.repair.quote_state, "sent")
        self.authenticate("test_marta", "test_marta")
        self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Marta Vidal",
                "signature": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR"
                "42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
            },
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.repair.quote_state, "approved")
        self.assertEqual(self.repair.state, "confirmed")
        self.assertEqual(self.repair.quoted_amount, order.amount_untaxed)
        self.assertEqual(self.repair.activity_ids.user_id, self.technician)
        self.assertFalse(order.picking_ids)

    def test_the_customer_refuses_online_and_nothing_is_done(self):
        self._plan()
        order = self._quote()
        order.action_quotation_sent()
        self.authenticate("test_marta", "test_marta")
        self.url_open(
            f"/my/orders/{order.id}/decline",
            data={
                "access_token": order._portal_ensure_token(),
                "decline_message": "Too dear",
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.repair.quote_state, "refused")
        self.assertEqual(self.repair.state, "cancel")
        # Another remedy can be decided.
        self.assertEqual(self.line.state, "draft")

    def test_work_that_has_begun_goes_on_when_the_quotation_is_cancelled(self):
        self._plan()
        order = self._quote()
        self.worker.action_repair_start()
        order._action_cancel()
        self.assertEqual(self.repair.state, "under_repair")
        self.assertIn("refused", self.repair.activity_ids.summary)

    def test_what_is_cancelled_is_not_quoted_until_it_is_taken_up_again(self):
        self._plan()
        order = self._quote()
        quoted = {line: line.product_uom_qty for line in order.order_line}
        self.worker.action_repair_cancel()
        self.assertEqual(set(order.order_line.mapped("product_uom_qty")), {0})
        self.assertEqual(order.amount_total, 0)
        self.worker.action_repair_cancel_draft()
        self.assertEqual(
            {line: line.product_uom_qty for line in order.order_line}, quoted
        )
        # What was worked before it was cancelled stays, with the way.
        self.worker.labour_ids = [Command.create({"hours": 0.5})]
        self.worker.action_repair_cancel()
        quantities = {
            product: quantity
            for product, (quantity, _off) in self._get_lines(order).items()
        }
        self.assertEqual(quantities[self.battery], 0)
        self.assertEqual(quantities[self.labour], 0.5)
        self.assertEqual(quantities[self.travel], 1)

    def test_another_quotation_takes_the_place_of_the_first(self):
        self._plan()
        first = self._quote()
        self.worker.estimated_hours = 1
        self.repair.with_user(self.agent).action_requote()
        second = self.repair.sale_order_id
        self.assertEqual(first.state, "cancel")
        self.assertNotEqual(first, second)
        self.assertEqual(self.repair.state, "draft")
        self.assertEqual(self._get_lines(second)[self.labour], (1, 0))
        self.assertEqual(len(second.order_line), 4)
        second.action_confirm()
        with self.assertRaisesRegex(UserError, "approved this quotation"):
            self.repair.with_user(self.agent).action_requote()

    def test_what_comes_after_the_quotation_reaches_it_and_is_told(self):
        self._plan()
        order = self._quote()
        self.worker.labour_ids = [Command.create({"hours": 1.5})]
        self.assertEqual(self._get_lines(order)[self.labour], (2, 0))
        self.assertTrue(self.repair.labour_ids.sale_line_id)
        order.action_confirm()
        self.assertFalse(self.repair.quote_warning)
        self.worker.labour_ids = [Command.create({"hours": 1.5})]
        self.assertEqual(self._get_lines(order)[self.labour], (3, 0))
        self.assertIn("45.00", self.repair.quote_warning)
        self.assertEqual(len(self.repair.labour_ids.sale_line_id), 1)
        self.worker.charge_ids = [Command.create({"product_id": self.travel.id})]
        self.assertEqual(len(order.order_line), 5)

    def test_what_cannot_reach_a_locked_order_is_told(self):
        self._plan()
        order = self._quote()
        order.action_confirm()
        order.action_lock()
        self.worker.charge_ids = [Command.create({"product_id": self.travel.id})]
        self.assertEqual(len(order.order_line), 4)
        self.assertIn("not on the quotation", self.repair.quote_warning)
        self.assertIn("35.00", self.repair.quote_warning)

    def test_several_repairs_are_quoted_and_confirmed_together(self):
        other = self._create_claim(
            self._sell(self.helmet, partner=self.stranger), partner_id=self.stranger.id
        )
        other.line_ids.action_create_repair()
        repairs = self.repair | other.repair_ids
        repairs.estimated_hours = 1
        repairs.action_create_sale_order()
        orders = repairs.sale_order_id
        self.assertEqual(orders.partner_id, self.customer | self.stranger)
        orders.action_confirm()
        self.assertEqual(set(repairs.mapped("state")), {"confirmed"})
        self.assertEqual(repairs.mapped("quoted_amount"), [45, 45])

    def test_an_agent_sends_it_without_rights_on_sales(self):
        self._plan()
        repair = self.repair.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "no quotation to send"):
            repair.action_send_quote()
        self.assertIs(repair.action_create_sale_order(), True)
        repair.action_send_quote()
        order = self.repair.sale_order_id
        self.assertEqual((order.state, self.repair.quote_state), ("sent", "sent"))
        sent = order.message_ids.filtered(
            lambda m: self.customer in m.notified_partner_ids
        )
        self.assertEqual(len(sent), 1)
        with self.assertRaisesRegex(UserError, "no quotation to send"):
            repair.action_send_quote()
        with self.assertRaises(AccessError):
            self.worker.action_send_quote()

    def test_only_agents_quote(self):
        with self.assertRaises(AccessError):
            self.worker.action_create_sale_order()
        with self.assertRaises(AccessError):
            self.worker.action_requote()
        for name, value in (("quoted_amount", 1), ("quote_state", "approved")):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.worker.write({name: value})

    def test_bad_charges_are_refused(self):
        with self.assertRaises(ValidationError):
            self.worker.charge_ids = [Command.create({"product_id": self.labour.id})]
        self._plan()
        for name in ("cost", "price", "sale_line_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.worker.charge_ids[:1].write({name: 1})


@tagged("post_install", "-at_install")
class TestRepairCost(QuoteCommon):
    def _use_twice(self, product, cost_method):
        """Buy at 10 and at 30, use three units; what did they cost?"""
        category = self.env["product.category"].create(
            {"name": cost_method, "property_cost_method": cost_method}
        )
        product.categ_id = category
        supplier = self.env.ref("stock.stock_location_suppliers")
        for price in (10.0, 30.0):
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 2,
                    "price_unit": price,
                    "location_id": supplier.id,
                    "location_dest_id": self.warehouse.lot_stock_id.id,
                }
            )
            move._action_confirm()
            move.write({"quantity": 2, "picked": True, "value_manual": price * 2})
            move._action_done()
        self.worker.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 3,
                    "repair_line_type": "add",
                }
            )
        ]
        self.worker.action_validate()
        self.worker.action_repair_start()
        self.worker.action_repair_end()
        return self.repair.parts_cost

    def test_parts_cost_what_they_cost(self):
        for method, cost in (("standard", 15), ("average", 60), ("fifo", 50)):
            with self.subTest(method=method), self.env.cr.savepoint() as savepoint:
                part = self._create_product(f"Part {method}", "none", 5.0, 9.0)
                self.assertAlmostEqual(self._use_twice(part, method), cost)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_all_components_make_the_cost_of_repair_and_line(self):
        self._cover(parts=100, labour=100, travel=100, transport=100)
        self._plan(hours=2)
        # 200 for the battery, 2 hours of 20, the travel.
        self.assertEqual(self.repair.estimated_cost, 200 + 40 + 10)
        self.worker.labour_ids = [Command.create({"hours": 1})]
        self.assertEqual(self.repair.estimated_cost, 200 + 40 + 10)
        self.worker.action_validate()
        self.worker.action_repair_start()
        self.worker.action_repair_end()
        self.assertEqual(self.repair.parts_cost, 200)
        self.assertEqual(self.repair.labour_cost, 20)
        self.assertEqual(self.repair.travel_cost, 10)
        self.assertEqual(self.repair.total_cost, 230)
        self.assertEqual(self.repair.estimated_cost, 230)
        self.assertEqual(self.line.cost, 230)
        self.assertEqual(self.repair.customer_amount, 0)

    def test_a_part_in_dozens_costs_its_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.worker.move_ids = [
            Command.create(
                {
                    "product_id": self.helmet.id,
                    "product_uom_qty": 2,
                    "product_uom": dozen.id,
                    "repair_line_type": "add",
                }
            )
        ]
        self.assertEqual(self.repair.parts_price, 24 * 45)
        self.worker.action_validate()
        self.worker.action_repair_start()
        self.worker.action_repair_end()
        self.assertEqual(self.repair.parts_cost, 24 * 20)
        self.assertEqual(self.helmet.qty_available, 100 - 24)

    def test_above_the_limit_a_manager_approves(self):
        self.company.aftersales_approval_amount = 100
        self._plan()
        self.assertTrue(self.repair.needs_approval)
        for step in (
            lambda: self.worker.action_validate(),
            lambda: self.worker.action_repair_start(),
            lambda: self._quote(),
        ):
            with self.assertRaisesRegex(UserError, "manager has to approve"):
                step()
        self.worker.action_ask_approval()
        self.assertEqual(self.repair.activity_ids.user_id, self.manager)
        for user in (self.technician, self.agent):
            with self.assertRaises(AccessError):
                self.repair.with_user(user).action_approve_cost()
            with self.assertRaises(AccessError):
                self.repair.with_user(user).approved_cost = 1000
        self.repair.with_user(self.manager).action_approve_cost()
        self.assertFalse(self.repair.activity_ids)
        self.assertFalse(self.repair.needs_approval)
        self.worker.action_validate()
        # What grows beyond it asks again.
        self.worker.estimated_hours = 10
        with self.assertRaisesRegex(UserError, "manager has to approve"):
            self.worker.action_repair_start()
