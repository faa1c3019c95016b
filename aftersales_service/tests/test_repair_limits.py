# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import AftersalesCommon


class LimitsCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.technician.id)
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.worker = cls.repair.with_user(cls.technician)

    def _add_part(self, product, quantity=1, kind="add", repair=None, **values):
        (repair or self.worker).move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "repair_line_type": kind,
                    **values,
                }
            )
        ]
        return (repair or self.worker).sudo().move_ids.sorted("id")[-1:]

    def _get_stock(self, product, place, lot=None):
        return self.env["stock.quant"]._get_available_quantity(
            product, place, lot_id=lot, allow_negative=True
        )


@tagged("post_install", "-at_install")
class TestRepairBadInput(LimitsCommon):
    def test_no_work_before_the_sale_or_in_the_future(self):
        today = self.company._aftersales_today()
        self.asset.delivery_date = today - timedelta(days=10)
        for days, words in ((11, "delivered on"), (-1, "not come yet")):
            day = today - timedelta(days=days)
            with self.assertRaisesRegex(ValidationError, words):
                self.worker.labour_ids = [Command.create({"hours": 1, "date": day})]
        self.worker.labour_ids = [
            Command.create({"hours": 1, "date": today - timedelta(days=10)})
        ]
        with self.assertRaisesRegex(ValidationError, "delivered on"):
            self.worker.schedule_date = fields.Datetime.now() - timedelta(days=12)
        self.worker.schedule_date = fields.Datetime.now() - timedelta(days=9)
        with self.assertRaisesRegex(ValidationError, "delivered on"):
            self.repair.labour_ids.date = today - timedelta(days=20)

    def test_a_device_of_unknown_age_has_no_first_day(self):
        self.asset.delivery_date = False
        self.worker.labour_ids = [Command.create({"hours": 1, "date": "2020-01-01"})]
        self.assertEqual(self.repair.worked_hours, 1)

    def test_numbers_that_cannot_be(self):
        travel = self.env["product.product"].create(
            {"name": "Way", "type": "service", "aftersales_charge": "travel"}
        )
        for values in (
            {"labour_ids": [Command.create({"hours": -1})]},
            {"labour_ids": [Command.create({"hours": 25})]},
            {"labour_ids": [Command.create({"hours": float("nan")})]},
            {"estimated_hours": -1},
            {"estimated_hours": float("nan")},
            {"charge_ids": [Command.create({"product_id": travel.id, "quantity": -2})]},
            {
                "charge_ids": [
                    Command.create({"product_id": travel.id, "quantity": float("nan")})
                ]
            },
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.worker.write(values)
                self.env.flush_all()
        self._add_part(self.battery, -1)
        with self.assertRaisesRegex(UserError, "negative"):
            self.worker.action_validate()

    def test_without_stock_the_repair_does_not_end(self):
        rare = self._create_product("Rare part", "none", 10.0, 20.0)
        part = self._add_part(rare, 2)
        self.worker.action_start_work()
        for step in ("action_finish_work", "action_repair_end", "action_repair_done"):
            with (
                self.subTest(step=step),
                self.assertRaisesRegex(UserError, "Rare part"),
            ):
                getattr(self.worker, step)()
        self.assertEqual(self.repair.state, "under_repair")
        self._stock(rare, 1)
        with self.assertRaisesRegex(UserError, "only 1 are in stock"):
            self.worker.action_finish_work()
        self._stock(rare, 1)
        self.worker.action_finish_work()
        self.assertEqual(part.state, "done")
        self.assertEqual(self._get_stock(rare, self.warehouse.lot_stock_id), 0)
        self.assertEqual(self.repair.parts_cost, 20)

    def test_a_part_taken_off_is_not_missing(self):
        rare = self._create_product("Rare part", "none", 10.0, 20.0)
        part = self._add_part(rare)
        self.worker.action_start_work()
        self.worker.move_ids = [Command.delete(part.id)]
        self.worker.action_finish_work()
        self.assertEqual(self.repair.state, "done")

    def test_removed_and_recycled_parts_go_where_they_belong(self):
        motor = self._create_product("Motor", "serial", 300.0, 600.0)
        charger = self._create_product("Charger", "none", 30.0, 60.0)
        self._add_part(motor, kind="remove", repair_serial="MO-OLD")
        self._add_part(charger, kind="recycle")
        self.worker.action_start_work()
        self.worker.action_finish_work()
        places = self.repair.picking_type_id
        old = self.env["stock.lot"].search([("name", "=", "MO-OLD")])
        scrapped = old.quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual(scrapped.location_id.usage, "inventory")
        self.assertEqual(scrapped.location_id, places.default_remove_location_dest_id)
        self.assertEqual(
            self._get_stock(charger, places.default_recycle_location_dest_id), 1
        )
        self.assertEqual(self.repair.parts_cost, 0, "what comes out costs nothing")

    def test_products_without_serials_are_repaired_in_numbers(self):
        asset = self._sell(self.helmet, 3)
        claim = self._create_claim(asset, user_id=self.technician.id)
        claim.line_ids.quantity = 2
        claim.line_ids.action_create_repair()
        repair = claim.repair_ids
        self.assertEqual((repair.product_qty, repair.lot_id.id), (2, False))
        repair.with_user(self.technician).action_start_work()
        repair.with_user(self.technician).action_finish_work()
        self.assertEqual(repair.state, "done")
        self.assertEqual(asset.quantity, 3)

    def test_a_dozen_takes_twelve_from_stock(self):
        self._stock(self.helmet, 30)
        dozen = self.env.ref("uom.product_uom_dozen")
        before = self._get_stock(self.helmet, self.warehouse.lot_stock_id)
        part = self._add_part(self.helmet, 2, product_uom=dozen.id)
        self.worker.action_start_work()
        self.worker.action_finish_work()
        after = self._get_stock(self.helmet, self.warehouse.lot_stock_id)
        self.assertEqual((before - after, part.product_uom), (24, dozen))
        self.assertEqual(self.repair.parts_cost, 24 * 20)

    def test_parts_on_their_way_say_when_they_come(self):
        rare = self._create_product("Rare part", "none", 10.0, 20.0)
        soon = fields.Datetime.now() + timedelta(days=3)
        incoming = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "scheduled_date": soon,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": rare.id,
                            "product_uom_qty": 1,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                            "date": soon,
                        }
                    )
                ],
            }
        )
        incoming.action_confirm()
        self.repair.schedule_date = fields.Datetime.now() + timedelta(days=5)
        self._add_part(rare)
        self.worker.action_validate()
        self.repair.invalidate_recordset()
        self.assertEqual(self.worker.parts_availability_state, "expected")
        self.assertIn(soon.strftime("%m/%d/%Y"), self.worker.parts_availability)
        repairs = self.env["repair.order"].with_user(self.agent)
        search = self.env.ref("aftersales_service.repair_order_view_search_planning")
        waiting, late = (
            self._get_filter(search, name)
            for name in ("filter_aftersales_parts", "filter_aftersales_parts_late")
        )
        self.assertIn(self.repair, repairs.search(waiting))
        self.assertNotIn(self.repair, repairs.search(late))
        # The work is planned before they come.
        self.repair.schedule_date = fields.Datetime.now() + timedelta(days=1)
        self.repair.move_ids.invalidate_recordset()
        self.repair.invalidate_recordset()
        self.assertEqual(self.worker.parts_availability_state, "late")
        self.assertIn(self.repair, repairs.search(late))

    def _get_filter(self, view, name):
        arch = etree.fromstring(view.with_context(lang=None).get_combined_arch())
        return safe_eval(arch.find(f".//filter[@name='{name}']").get("domain"))

    def test_a_foreign_device_gets_its_asset_by_hand(self):
        with Form(self.env["aftersales.asset"].with_user(self.agent)) as form:
            form.partner_id = self.customer
            form.product_id = self.helmet
        foreign = form.record
        claim = self._create_claim(foreign, user_id=self.technician.id)
        claim.line_ids.with_user(self.agent).action_create_repair()
        repair = claim.repair_ids.with_user(self.technician)
        self._add_part(self.battery, repair=repair)
        repair.action_start_work()
        repair.action_finish_work()
        self.assertEqual(repair.state, "done")
        self.assertEqual(foreign.repair_ids, claim.repair_ids)

    def test_a_repair_without_claim_knows_its_unit(self):
        foreign = self.env["aftersales.asset"].create(
            {"partner_id": self.customer.id, "product_id": self.helmet.id}
        )
        view = "repair.view_repair_order_form"
        with Form(self.env["repair.order"].with_user(self.agent), view) as form:
            form.asset_id = foreign
        repair = form.record
        self.assertEqual(repair.asset_id, foreign)
        self.assertEqual(repair.product_id, self.helmet)
        self.assertEqual(repair.partner_id, self.customer)
        repair.partner_id = self.stranger
        self.assertFalse(repair.asset_id, "it is not theirs")

    def test_a_serial_leads_to_the_unit_and_back(self):
        bike, other = self._sell(self.bike, serials=["EB-77", "EB-78"])
        repairs = self.env["repair.order"].with_user(self.agent)
        with Form(repairs) as form:
            form.asset_id = bike
        self.assertEqual(form.record.lot_id, bike.lot_id)
        self.agent.group_ids += self.env.ref("stock.group_production_lot")
        with Form(repairs) as form:
            form.partner_id = self.customer
            form.product_id = self.bike
            form.lot_id = bike.lot_id
        self.assertEqual(form.record.asset_id, bike)
        self.assertEqual(bike.repair_count, 2)
        form.record.lot_id = other.lot_id
        self.assertEqual(form.record.asset_id, other)


@tagged("post_install", "-at_install")
class TestRepairCompanies(LimitsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.other_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.other.id)], limit=1
        )
        cls.other_part = cls.env["product.product"].create(
            {"name": "Their part", "company_id": cls.other.id, "is_storable": True}
        )

    def test_a_part_of_another_company_is_refused(self):
        self.technician.company_ids |= self.other
        worker = self.worker.with_context(
            allowed_company_ids=[self.company.id, self.other.id]
        )
        view = "aftersales_service.repair_order_view_form_technician"
        with self.assertRaisesRegex(UserError, "another company"):
            with Form(worker, view) as form:
                with form.move_ids.new() as part:
                    part.product_id = self.other_part
        with self.assertRaises(UserError):
            self._add_part(self.other_part, repair=worker)
        for values in (
            {"product_id": self.other_part.id},
            {"substitute_id": self.other_part.id, "product_id": self.battery.id},
        ):
            with self.assertRaises(UserError):
                self.env["aftersales.spare.part"].create(
                    {
                        "product_tmpl_id": self.bike.product_tmpl_id.id,
                        "company_id": self.company.id,
                        **values,
                    }
                )
        theirs = self.env["product.product"].create(
            {"name": "Work", "type": "service", "company_id": self.other.id}
        )
        with self.assertRaises(UserError):
            self.repair.labour_ids = [
                Command.create({"hours": 1, "product_id": theirs.id})
            ]

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_each_company_has_its_own_repairs(self):
        stranger = self._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)],
        )
        self.worker.labour_ids = [Command.create({"hours": 1})]
        loaner = self.env["aftersales.loaner"].create(
            {
                "repair_id": self.repair.id,
                "product_id": self.helmet.id,
                "due_date": self.company._aftersales_today(),
            }
        )
        for record in (self.repair, self.repair.labour_ids, loaner):
            theirs = record.with_user(stranger)
            self.assertNotIn(record, theirs.search([]))
            with self.assertRaises(AccessError):
                theirs.read(["display_name"])
        with self.assertRaises(AccessError):
            self.repair.with_user(stranger).action_repair_start()

    def test_the_parts_come_from_the_warehouse_of_the_repair(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "WH2"})
        repair = self.repair
        repair.picking_type_id = second.repair_type_id
        part = self._add_part(self.battery)
        self.assertTrue(part.location_id._child_of(second.view_location_id))
        self.worker.action_start_work()
        with self.assertRaisesRegex(UserError, "WH2"):
            self.worker.action_finish_work()
        self.env["stock.quant"]._update_available_quantity(
            self.battery, second.lot_stock_id, 1
        )
        before = self._get_stock(self.battery, self.warehouse.lot_stock_id)
        self.worker.action_finish_work()
        self.assertEqual(
            self._get_stock(self.battery, self.warehouse.lot_stock_id), before
        )
        self.assertEqual(self._get_stock(self.battery, second.lot_stock_id), 0)

    def test_history_teaches_its_own_company(self):
        line = self._create_claim(self._sell(self.bike, serials=["EB-2"])).line_ids
        self.worker.labour_ids = [Command.create({"hours": 2})]
        self.worker.action_start_work()
        self.worker.action_finish_work()
        self.assertAlmostEqual(line.repair_hours, self.repair.worked_hours)
        learned = line._get_learned()
        self.assertEqual({company for company, *_rest in learned}, {self.company.id})
