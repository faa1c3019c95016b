# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged, users

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 12:00:00")
class TestWearVisit(AftersalesCommon):
    """From the list of wear parts to the next visit, in one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.login = "wear_agent"
        cls.spare = cls.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": cls.bike.product_tmpl_id.id,
                "product_id": cls.battery.id,
                "substitute_id": cls.helmet.id,
                "is_wear": True,
                "life_months": 12,
            }
        )
        cls.assets = cls.env["aftersales.asset"].create(
            [
                {
                    "partner_id": cls.customer.id,
                    "product_id": cls.bike.id,
                    "lot_id": cls._create_lot(cls.bike, serial).id,
                    "delivery_date": date(2025, 1, 31),
                }
                for serial in ("W-1", "W-2")
            ]
        )
        cls.wears = cls.env["aftersales.wear"].create(
            [
                {
                    "asset_id": asset.id,
                    "spare_part_id": cls.spare.id,
                    "quantity": 2.0,
                    "due_date": date(2026, 1, 31),
                    "reason": "age",
                }
                for asset in cls.assets
            ]
        )
        cls.wear = cls.wears[0]

    @classmethod
    def _plan(cls, asset, moment, **values):
        return cls.env["repair.order"].create(
            {
                "asset_id": asset.id,
                "product_id": asset.product_id.id,
                "lot_id": asset.lot_id.id,
                "partner_id": asset.partner_id.id,
                "service_kind": "preventive",
                "schedule_date": moment,
                **values,
            }
        )

    @users("wear_agent")
    def test_it_is_added_to_the_next_visit_once(self):
        later = self._plan(self.assets[0], "2026-03-10 09:00:00")
        first = self._plan(self.assets[0], "2026-02-10 09:00:00")
        wear = self.wear.with_user(self.env.user)
        self.assertFalse(wear.is_planned)
        wear.action_add_to_visit()
        move = first.move_ids
        self.assertEqual(
            (move.product_id, move.product_uom_qty, move.repair_line_type),
            (self.battery, 2.0, "add"),
        )
        self.assertFalse(later.move_ids)
        self.assertTrue(wear.is_planned)
        wear.action_add_to_visit()
        self.assertEqual(len(first.move_ids), 1)

    @users("wear_agent")
    def test_what_the_visit_has_already_is_not_added(self):
        visit = self._plan(self.assets[0], "2026-02-10 09:00:00")
        visit.move_ids = [
            (0, 0, {"product_id": self.helmet.id, "repair_line_type": "add"})
        ]
        wear = self.wear.with_user(self.env.user)
        self.assertTrue(wear.is_planned)
        wear.action_add_to_visit()
        self.assertEqual(visit.move_ids.product_id, self.helmet)
        # It is free again when the part is taken out.
        visit.move_ids.unlink()
        wear.invalidate_recordset(["is_planned"])
        self.assertFalse(wear.is_planned)

    @users("wear_agent")
    def test_without_a_visit_it_says_so(self):
        self._plan(self.assets[0], "2026-02-10 09:00:00")
        done = self._plan(self.assets[1], "2026-02-10 09:00:00")
        done.action_repair_cancel()
        self._plan(self.assets[1], "2026-02-10 09:00:00", service_kind="corrective")
        wears = self.wears.with_user(self.env.user)
        with self.assertRaisesRegex(UserError, "No visit is planned for .*W-2"):
            wears.action_add_to_visit()

    @users("wear_agent")
    def test_many_at_once(self):
        visits = [self._plan(asset, "2026-02-10 09:00:00") for asset in self.assets]
        self.wears.with_user(self.env.user).action_add_to_visit()
        for visit in visits:
            self.assertEqual(visit.move_ids.product_id, self.battery)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            self.wears.mapped("is_planned")

    def test_by_the_rights_on_the_repair_order(self):
        visit = self._plan(self.assets[0], "2026-02-10 09:00:00")
        wear = self.wear.with_user(self.technician)
        with self.assertRaises(AccessError):
            wear.action_add_to_visit()
        visit.user_id = self.technician
        wear.action_add_to_visit()
        self.assertEqual(visit.move_ids.product_id, self.battery)
        with self.assertRaises(AccessError):
            self.wear.with_user(self.portal_user).action_add_to_visit()
