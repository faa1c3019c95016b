# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestAsset(AftersalesCommon):
    def test_delivery_of_serials_makes_an_asset_each(self):
        assets = self._sell(self.bike, serials=["EB-1", "EB-2"])
        self.assertEqual(assets.mapped("lot_id.name"), ["EB-1", "EB-2"])
        self.assertEqual(assets.mapped("quantity"), [1, 1])
        self.assertEqual(assets.partner_id, self.customer)
        self.assertEqual(set(assets.mapped("state")), {"in_service"})

    def test_delivery_of_untracked_goods_makes_one_asset_of_the_quantity(self):
        asset = self._sell(self.helmet, quantity=2)
        self.assertEqual(len(asset), 1)
        self.assertEqual(asset.quantity, 2)
        self.assertEqual(asset.move_id.quantity, 2)

    def test_goods_not_registered_by_their_setting(self):
        self.helmet.aftersales_create_asset = False
        self.assertFalse(self._sell(self.helmet, quantity=2))

    def test_delivery_date_is_the_companys_day(self):
        # 23:30 UTC on the 9th is already the 10th in Madrid.
        with freeze_time("2026-03-09 23:30:00"):
            asset = self._sell(self.helmet)
        self.assertEqual(str(asset.delivery_date), "2026-03-10")

    def test_a_delivery_is_registered_only_once(self):
        asset = self._sell(self.helmet, quantity=2)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            asset.copy({"move_id": asset.move_id.id})
            self.env.flush_all()

    def test_return_lowers_the_quantity_and_ends_the_asset(self):
        asset = self._sell(self.helmet, quantity=3)
        self._return(asset.picking_id, 1)
        self.assertEqual((asset.quantity, asset.state), (2, "in_service"))
        self._return(asset.picking_id, 2)
        self.assertEqual((asset.quantity, asset.state), (0, "returned"))

    def test_a_serial_that_goes_back_to_its_owner_is_in_service_again(self):
        asset = self._sell(self.bike, serials=["EB-3"])
        back = self._return(asset.picking_id, 1)
        self.assertEqual(asset.state, "returned")
        self._return(back, 1)
        self.assertEqual((asset.quantity, asset.state), (1, "in_service"))
        found = self.env["aftersales.asset"].search([("lot_id.name", "=", "EB-3")])
        self.assertEqual(found, asset)

    def test_asset_made_by_hand_for_a_device_sold_elsewhere(self):
        asset = (
            self.env["aftersales.asset"]
            .with_user(self.agent)
            .create({"partner_id": self.customer.id, "product_id": self.helmet.id})
        )
        self.assertEqual(asset.name, "Helmet")

    def test_serial_of_another_product_is_refused(self):
        lot = self._create_lot(self.bike, "EB-4")
        with self.assertRaisesRegex(ValidationError, "another product"):
            self.env["aftersales.asset"].create(
                {
                    "partner_id": self.customer.id,
                    "product_id": self.helmet.id,
                    "lot_id": lot.id,
                }
            )

    def test_delivery_registers_in_a_constant_number_of_queries(self):
        def queries(count):
            lots = [
                self._create_lot(self.bike, f"Q{count}-{number}")
                for number in range(count)
            ]
            move = self._prepare_done_delivery(lots)
            self.env["aftersales.asset"].search([("move_id", "=", move.id)]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            move._update_aftersales_assets()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(40), queries(4) + 2)

    def _prepare_done_delivery(self, lots):
        for lot in lots:
            self._stock(self.bike, 1, lot)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    (0, 0, {"product_id": self.bike.id, "product_uom_qty": len(lots)})
                ],
            }
        )
        order.action_confirm()
        self._deliver(order.picking_ids, lots)
        return order.picking_ids.move_ids

    def test_what_the_delivery_tells_is_not_edited(self):
        asset = self._sell(self.helmet, quantity=2).with_user(self.agent)
        asset.quantity = 1
        with self.assertRaisesRegex(ValidationError, "delivered"):
            asset.quantity = 3
        for name, value in (
            ("delivered_quantity", 9),
            ("move_id", False),
            ("sale_line_id", False),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                asset.write({name: value})
        own = self.env["aftersales.asset"].with_user(self.agent)
        values = {"partner_id": self.customer.id, "product_id": self.helmet.id}
        self.assertTrue(own.create({**values, "quantity": 5}))

    def test_less_than_one_unit_can_be_claimed(self):
        metre = self.env.ref("uom.product_uom_meter")
        cable = self._create_product("Cable", "none", 1.0, 2.0, uom_id=metre.id)
        self._stock(cable, 10)
        claim = self._create_claim(self._sell(cable, quantity=0.5))
        self.assertEqual(claim.line_ids.quantity, 0.5)

    def test_names_follow_translations_that_are_loaded_later(self):
        self._install_language("es_ES")
        asset = self._sell(self.helmet)
        template = self.helmet.product_tmpl_id
        self.env["ir.model.data"].create(
            {
                "module": "aftersales_service",
                "name": "a_product_of_the_demo",
                "model": template._name,
                "res_id": template.id,
            }
        )
        self.env.flush_all()
        # As the core loads .po files: past the ORM.
        self.env.execute_query(
            SQL(
                "UPDATE product_template SET name = name || %s::jsonb WHERE id = %s "
                "RETURNING id",
                '{"es_ES": "Casco"}',
                template.id,
            )
        )
        self.env["ir.module.module"]._load_module_terms(
            ["aftersales_service"], ["es_ES"]
        )
        self.assertIn("Casco", asset.with_context(lang="es_ES").name)
        self.assertNotIn("Casco", asset.with_context(lang="en_US").name)
