# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_reading import ReadingCommon


@tagged("post_install", "-at_install")
class TestReadingPhoneTours(ReadingCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_technician_reads_the_counter_on_the_telephone(self):
        claim = self._create_claim(self.asset, user_id=self.technician.id)
        claim.line_ids.action_create_repair()
        self.start_tour(
            "/odoo/my-work",
            "aftersales_service_reading_phone",
            login="test_technician",
        )
        reading = claim.repair_ids.reading_ids
        self.assertEqual((reading.value, reading.source), (1250, "service"))
        self.assertEqual(reading.user_id, self.technician)

    def test_a_customer_reads_the_counter_on_the_telephone(self):
        self.start_tour(
            f"/my/assets/{self.asset.id}",
            "aftersales_service_reading_customer",
            login="test_marta",
        )
        readings = self.asset.reading_ids.sorted("id")
        self.assertEqual(readings.mapped("value"), [900, 90])
        self.assertEqual(readings.mapped("state"), ["counted", "questioned"])


@tagged("post_install", "-at_install")
class TestReadingOfficeTours(ReadingCommon, HttpCase):
    browser_size = "1440x900"

    def test_an_agent_says_what_happened(self):
        self._read(100, "2025-03-01")
        lower = self._read(40, "2025-03-11")
        action = "aftersales_service.aftersales_reading_action_to_check"
        self.start_tour(
            f"/odoo/action-{action}",
            "aftersales_service_reading_agent",
            login="test_agent",
        )
        self.assertEqual((lower.kind, lower.total), ("replaced", 130))

    def test_a_planner_replenishes_what_is_short(self):
        buyer = self._create_user(
            "buyer", "aftersales_service.group_manager,stock.group_stock_user"
        )
        for days, quantity in ((20, 14), (130, 6)):
            self.env["repair.order"].create(
                {
                    "asset_id": self.asset.id,
                    "product_id": self.bike.id,
                    "lot_id": self.asset.lot_id.id,
                    "partner_id": self.customer.id,
                    "service_kind": "preventive",
                    "schedule_date": fields.Datetime.now() + timedelta(days=days),
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.battery.id,
                                "product_uom_qty": quantity,
                                "repair_line_type": "add",
                            }
                        )
                    ],
                }
            )
        self.start_tour(
            "/odoo/spare-part-need", "aftersales_service_part_need", login=buyer.login
        )
