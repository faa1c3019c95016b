# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepair(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-100"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.technician.id)
        cls.line = cls.claim.line_ids

    def _cover(self, parts=100.0, labour=100.0):
        self.line._override_coverage(
            {"parts": parts, "labour": labour, "travel": 0.0, "transport": 0.0},
            "Decided in a test",
        )

    def _create_repair(self):
        self.line.with_user(self.agent).action_create_repair()
        return self.line.repair_ids.with_user(self.technician)

    def _work(self, repair):
        form = Form(repair)
        with form.move_ids.new() as part:
            part.product_id = self.battery.with_env(repair.env)
            part.product_uom_qty = 1
        with form.labour_ids.new() as labour:
            labour.hours = 1
        form.findings = "Battery replaced"
        form.save()

    def test_technician_repairs_without_stock_rights(self):
        self._cover()
        repair = self._create_repair()
        self.assertEqual(repair.asset_id, self.asset)
        self.assertEqual(repair.lot_id.name, "EB-100")
        self._work(repair)
        self.assertEqual(repair.labour_ids.technician_id, self.technician)
        repair.action_validate()
        repair.action_repair_start()
        self.assertEqual(self.line.state, "in_progress")
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        self.assertEqual(self.line.state, "done")
        part = repair.sudo().move_ids
        self.assertEqual(part.state, "done")
        self.assertEqual(self.battery.qty_available, 9)
        self.assertEqual(repair.parts_cost, 200)
        self.assertEqual(repair.labour_cost, 20)
        self.assertEqual(self.line.cost, 220)
        self.assertEqual(repair.customer_amount, 0)
        history = self.asset.message_ids[0].body
        self.assertIn("Battery 500 Wh", history)
        self.assertIn(self.technician.name, history)

    def test_the_customers_bike_does_not_enter_stock(self):
        self._cover()
        repair = self._create_repair()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(self.bike.qty_available, 0)
        self.assertFalse(repair.sudo().move_id.is_in)

    def test_covered_parts_go_to_the_warranty_location_with_their_analytic(self):
        plan = self.env["account.analytic.plan"].create({"name": "After-sales"})
        account = self.env["account.analytic.account"].create(
            {"name": "Warranty", "plan_id": plan.id}
        )
        self.company.aftersales_analytic_account_id = account
        self._cover()
        repair = self._create_repair()
        self._work(repair)
        repair.action_repair_start()
        repair.action_repair_end()
        part = repair.sudo().move_ids
        self.assertEqual(
            part.location_dest_id, self.company.aftersales_warranty_location_id
        )
        self.assertEqual(
            part.move_line_ids.location_dest_id,
            self.company.aftersales_warranty_location_id,
        )
        analytic = part.analytic_account_line_ids
        self.assertEqual(analytic.amount, -200)
        self.assertEqual(analytic[plan._column_name()], account)
        self.assertEqual(analytic.ref, self.claim.name)

    def test_parts_not_covered_stay_out_of_the_warranty_cost(self):
        self._cover(parts=0.0)
        repair = self._create_repair()
        self._work(repair)
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(
            repair.sudo().move_ids.location_dest_id, repair.location_dest_id
        )
        self.assertEqual(repair.customer_amount, 420)

    def test_quotation_takes_off_what_is_covered_line_by_line(self):
        self._cover(parts=50.0, labour=100.0)
        repair = self._create_repair()
        self._work(repair)
        with self.assertRaises(AccessError):
            repair.action_create_sale_order()
        repair.with_user(self.agent).action_create_sale_order()
        order = self.line.repair_ids.sale_order_id
        self.assertEqual(order.partner_id, self.customer)
        part, labour = order.order_line
        self.assertEqual((part.product_id, part.discount), (self.battery, 50))
        self.assertEqual((labour.product_id, labour.discount), (self.labour, 100))
        self.assertEqual(order.amount_untaxed, 210)

    def test_quotations_of_two_customers_go_to_each(self):
        other = self._create_claim(
            self._sell(self.helmet, partner=self.stranger), partner_id=self.stranger.id
        )
        (self.line | other.line_ids).action_create_repair()
        repairs = (self.line | other.line_ids).repair_ids
        repairs.action_create_sale_order()
        self.assertEqual(
            repairs.sale_order_id.partner_id, self.customer | self.stranger
        )

    def test_a_repair_ends_once(self):
        repair = self._create_repair()
        repair.action_repair_start()
        repair.action_repair_end()
        with self.assertRaisesRegex(UserError, "already ended"):
            repair.action_repair_done()

    def test_technician_reaches_no_further_than_the_repairs_own_parts(self):
        repair = self._create_repair()
        self._work(repair)
        foreign = self.asset.move_id
        with self.assertRaises(UserError):
            repair.write({"move_ids": [Command.update(foreign.id, {"quantity": 5})]})
        with self.assertRaises(UserError):
            repair.write({"move_ids": [Command.link(foreign.id)]})
        with self.assertRaises(AccessError):
            foreign.with_user(self.technician).write({"quantity": 5})
        part = repair.sudo().move_ids
        supplier = self.env.ref("stock.stock_location_suppliers")
        repair.write(
            {"move_ids": [Command.update(part.id, {"location_id": supplier.id})]}
        )
        self.assertEqual(part.location_id, repair.location_id)

    def test_technician_sees_own_and_unassigned_repairs_only(self):
        repair = self._create_repair()
        self.assertTrue(repair.search([("id", "=", repair.id)]))
        repair.sudo().user_id = self.manager
        self.assertFalse(repair.search([("id", "=", repair.id)]))

    def test_bad_hours_and_dates_are_refused(self):
        repair = self._create_repair()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            repair.labour_ids = [Command.create({"hours": -1})]
            self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "not come yet"):
            repair.labour_ids = [Command.create({"date": "2999-01-01"})]

    def test_technician_books_only_own_labour(self):
        repair = self._create_repair()
        with self.assertRaises(AccessError):
            repair.labour_ids = [Command.create({"technician_id": self.manager.id})]

    def test_labour_amounts_and_order_line_are_not_typed(self):
        repair = self._create_repair()
        repair.labour_ids = [Command.create({"hours": 1})]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.stranger.id,
                "order_line": [Command.create({"product_id": self.bike.id})],
            }
        )
        for name, value in (
            ("cost", -500),
            ("price", -500),
            ("sale_line_id", order.order_line.id),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                repair.labour_ids.write({name: value})
            with self.subTest(field=name), self.assertRaises(AccessError):
                repair.labour_ids = [Command.create({"hours": 1, name: value})]

    def test_labour_of_a_done_repair_stays(self):
        repair = self._create_repair()
        self._work(repair)
        repair.action_repair_start()
        repair.action_repair_end()
        with self.assertRaisesRegex(ValidationError, "history"):
            repair.labour_ids.hours = 20
        # By hand, past the screen, which shows no new line any more.
        Labour = self.env["aftersales.repair.labour"].with_user(self.technician)
        with self.assertRaisesRegex(ValidationError, "history"):
            Labour.create({"repair_id": repair.id, "hours": 1})
        with self.assertRaisesRegex(ValidationError, "history"):
            repair.labour_ids = [Command.create({"hours": 1})]
        other = repair.sudo().copy({"user_id": self.technician.id})
        labour = Labour.create({"repair_id": other.id, "hours": 1})
        with self.assertRaisesRegex(ValidationError, "history"):
            labour.repair_id = repair

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_repair_leads_to_no_other_claim(self):
        secret = self._create_claim(
            self._sell(self.helmet, partner=self.stranger),
            partner_id=self.stranger.id,
            user_id=self.manager.id,
            is_confidential=True,
        )
        repair = self._create_repair()
        order = self.env["sale.order"].create({"partner_id": self.stranger.id})
        for name, value in (
            ("claim_line_id", secret.line_ids.id),
            ("asset_id", secret.line_ids.asset_id.id),
            ("state", "done"),
            ("sale_order_id", order.id),
            ("total_cost", 0),
            ("partner_id", self.stranger.id),
            ("location_id", self.env.ref("stock.stock_location_suppliers").id),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                repair.write({name: value})
        with self.assertRaises(AccessError):
            self.env["repair.order"].with_user(self.agent).create(
                {"product_id": self.helmet.id, "claim_line_id": secret.line_ids.id}
            )
        own = self.env["repair.order"].with_user(self.agent)
        self.assertTrue(own.create({"product_id": self.helmet.id}))

    def test_a_part_written_past_its_repair_is_held_to_the_same(self):
        repair = self._create_repair()
        supplier = self.env.ref("stock.stock_location_suppliers")
        moves = self.env["stock.move"].with_user(self.technician)
        part = moves.create(
            {
                "repair_id": repair.id,
                "product_id": self.battery.id,
                "product_uom_qty": 1,
                "location_id": supplier.id,
                "state": "done",
                "price_unit": -5,
            }
        ).sudo()
        self.assertEqual((part.state, part.price_unit), ("draft", 0))
        self.assertEqual(part.location_id, repair.location_id)
        self.assertEqual(part.repair_line_type, "add")
        for values in ({"state": "done"}, {"value": 1}, {"repair_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                part.with_user(self.technician).write(values)
        with self.assertRaises(AccessError):
            moves.create({"product_id": self.battery.id, "product_uom_qty": 1})

    def test_quotation_follows_the_coverage_until_it_is_invoiced(self):
        self._cover(parts=100.0, labour=100.0)
        repair = self._create_repair()
        self._work(repair)
        repair.with_user(self.agent).action_create_sale_order()
        order = self.line.repair_ids.sale_order_id
        self._cover(parts=0.0, labour=0.0)
        self.assertEqual(order.order_line.mapped("discount"), [0, 0])
        self._cover(parts=50.0, labour=50.0)
        self.assertEqual(order.order_line.mapped("discount"), [50, 50])
        order.action_confirm()
        order.order_line.product_id.invoice_policy = "order"
        order._create_invoices(final=True)
        self.assertTrue(order.invoice_ids)
        self._cover(parts=100.0, labour=100.0)
        self.assertEqual(order.order_line.mapped("discount"), [50, 50])

    def test_a_cancelled_repair_comes_back_unless_another_remedy_was_decided(self):
        repair = self._create_repair()
        repair.action_repair_cancel()
        self.assertEqual(self.line.state, "draft")
        repair.action_repair_cancel_draft()
        self.assertEqual((self.line.state, self.line.remedy), ("decided", "repair"))
        repair.action_validate()
        repair.action_repair_cancel_draft()
        self.assertEqual((self.line.state, self.line.remedy), ("decided", "repair"))
        repair.action_repair_cancel()
        self.line.reject_reason = "Opened by the customer"
        self.line.action_reject()
        with self.assertRaisesRegex(UserError, "another remedy"):
            repair.action_repair_cancel_draft()
