# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install", "security")
class TestConfidentialRepair(AftersalesCommon):
    """What storekeepers and agents who are not on it see of a confidential claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storekeeper = cls._create_user("storekeeper", "stock.group_stock_user")
        cls.colleague = cls._create_user("colleague", "aftersales_service.group_user")
        cls.team.member_ids |= cls.colleague
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(
            cls.asset, user_id=cls.agent.id, is_confidential=True
        )
        cls.claim.line_ids.with_user(cls.agent).action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.user_id = cls.technician
        cls.labour = cls.env["aftersales.repair.labour"].create(
            {
                "repair_id": cls.repair.id,
                "technician_id": cls.technician.id,
                "hours": 1.0,
            }
        )
        cls.charge = cls.env["aftersales.repair.charge"].create(
            {
                "repair_id": cls.repair.id,
                "product_id": cls.env["product.product"]
                .create(
                    {
                        "name": "Way there",
                        "type": "service",
                        "aftersales_charge": "travel",
                    }
                )
                .id,
            }
        )
        cls.check = cls.env["aftersales.repair.check"].create(
            {"repair_id": cls.repair.id, "name": "Secret check"}
        )
        cls.repair.move_ids = [
            Command.create(
                {
                    "product_id": cls.battery.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        cls.part = cls.repair.move_ids
        cls.photo = cls.env["ir.attachment"].create(
            {
                "name": "secret.png",
                "raw": b"secret",
                "res_model": "repair.order",
                "res_id": cls.repair.id,
            }
        )
        cls.repair.photo_after_ids = cls.photo
        cls.message = cls.repair.message_post(body="Secret")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "repair.order",
                "res_id": cls.repair.id,
            }
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_is_not_on_it_sees_nothing_of_the_repair(self):
        for user in (self.storekeeper, self.colleague):
            for record in (
                *(self.repair, self.labour, self.charge, self.check),
                *(self.message, self.file, self.photo),
            ):
                with self.subTest(user=user.login, model=record._name):
                    self.assertFalse(record.with_user(user).has_access("read"))
            repairs = self.env["repair.order"].with_user(user)
            self.assertNotIn(self.repair, repairs.search([]))
            with self.assertRaises(AccessError):
                self.repair.with_user(user).action_repair_start()

    def test_those_who_are_on_it_and_managers_do(self):
        for user in (self.agent, self.technician, self.manager):
            for record in (self.repair, self.message):
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record.with_user(user).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_its_entries_are_found_and_changed_by_those_who_are_on_it(self):
        entries = (self.labour, self.charge, self.check, self.part)
        other = self._create_user("other", "aftersales_service.group_technician")
        for user in (self.colleague, other):
            for record in entries:
                with self.subTest(user=user.login, model=record._name):
                    mine = record.with_user(user)
                    self.assertNotIn(record, mine.search([]))
                    self.assertFalse(mine.has_access("read"))
                    self.assertFalse(mine.has_access("write"))
                    self.assertFalse(mine.has_access("unlink"))
        for user in (self.agent, self.technician, self.manager):
            for record in entries:
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record.with_user(user).has_access("read"))
                    self.assertTrue(record.with_user(user).has_access("write"))
        # Nobody's work yet, and still not everybody's.
        self.labour.unlink()
        self.repair.user_id = False
        for record in entries[1:]:
            self.assertFalse(record.with_user(other).has_access("read"))
            self.assertFalse(record.with_user(other).has_access("write"))

    def test_other_repairs_stay_open_to_storekeepers(self):
        self.claim.is_confidential = False
        for record in (self.charge, self.check):
            self.assertTrue(record.with_user(self.storekeeper).has_access("read"))
        self.assertTrue(self.part.with_user(self.colleague).has_access("write"))
        repair = self.repair.with_user(self.storekeeper)
        self.assertTrue(repair.has_access("read"))
        self.assertTrue(repair.has_access("write"))
        self.assertTrue(self.labour.with_user(self.storekeeper).has_access("read"))

    def test_storekeepers_still_move_its_parts(self):
        part = self._create_product("Display", "serial", 50.0, 90.0)
        lot = self._create_lot(part, "D-1")
        self.repair.move_ids = [
            Command.create(
                {
                    "product_id": part.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        self.repair._action_repair_confirm()
        self.repair.action_create_sale_order()
        move = (self.repair.move_ids - self.part).with_user(self.storekeeper)
        self._stock(part, 1, lot)
        move._action_assign()
        self.assertEqual(move.state, "assigned")
        self.assertFalse(move._get_source_document())
        report = self.env["stock.traceability.report"].with_user(self.storekeeper)
        _model, _id, reference = report._get_reference(move.move_line_ids)
        self.assertEqual(reference, self.repair.name)

    def test_the_assets_history_does_not_tell_of_it(self):
        self.repair.with_user(self.technician)._action_repair_confirm()
        self.repair.with_user(self.technician).action_repair_start()
        self.repair.with_user(self.technician).action_repair_done()
        told = " ".join(self.asset.message_ids.mapped("body"))
        self.assertNotIn(self.repair.name, told)
        self.assertEqual(self.asset.with_user(self.colleague).repair_count, 0)
        self.assertEqual(self.asset.with_user(self.manager).repair_count, 1)
