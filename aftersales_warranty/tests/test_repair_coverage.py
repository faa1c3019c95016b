# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .test_delivery import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestRepairWithoutClaim(DeliveryCommon):
    def _repair(self, asset, **values):
        return self.env["repair.order"].create(
            {
                "product_id": asset.product_id.id,
                "lot_id": asset.lot_id.id,
                "partner_id": asset.partner_id.id,
                **values,
            }
        )

    def test_says_what_the_warranties_of_its_serial_say(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset)
        self.assertEqual(
            repair.warranty_note.splitlines()[0],
            "Legal warranty until June 1, 2029 covers parts.",
        )
        self.assertTrue(repair.under_warranty)
        with Form(repair) as form:
            self.assertIn("covers parts", form.warranty_note)

    def test_ended(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        asset.delivery_date = date(2020, 1, 1)
        repair = self._repair(asset)
        self.assertFalse(repair.under_warranty)
        self.assertIn("ended on January 1, 2023", repair.warranty_note)

    def test_what_staff_says_stands(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        self.assertFalse(self._repair(asset, under_warranty=False).under_warranty)

    def test_serial_of_somebody_else(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset, partner_id=self.stranger.id)
        self.assertFalse(repair.under_warranty or repair.warranty_note)

    def test_maintenance_is_no_matter_of_warranty(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset, service_kind="preventive")
        self.assertFalse(repair.under_warranty or repair.warranty_note)

    def test_with_a_claim_the_claim_decides(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        line = self._create_claim(asset).line_ids
        line.action_create_repair()
        self.assertFalse(line.repair_ids.warranty_note)
        self.assertIn("covers parts", line.repair_ids.coverage_note)

    def test_two_policies_of_one_kind(self):
        """Two voluntary ones are both given; of each component the best pays."""
        better, good = (
            self.legal.copy(
                {
                    "name": name,
                    "kind": "commercial",
                    "coverage_ids": [
                        Command.create({"component": "labour", "percent": percent})
                    ],
                }
            )
            for name, percent in (("Better", 80), ("Good", 50))
        )
        self.bike.aftersales_warranty_policy_ids |= better | good
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        self.assertEqual(asset.warranty_ids.policy_id, self.legal | better | good)
        line = self._create_claim(asset).line_ids
        self.assertEqual((line.parts_percent, line.labour_percent), (100, 80))
