# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
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
        self.assertEqual(repair.asset_id, asset)
        self.assertEqual(
            repair.coverage_note.splitlines()[0],
            "Legal warranty until June 1, 2029 covers parts.",
        )
        self.assertEqual(repair.coverage, "partial")
        self.assertEqual(repair.warranty_id, asset.warranty_ids)
        self.assertEqual(repair.coverage_snapshot["percents"]["parts"], 100)
        with Form(repair) as form:
            self.assertIn("covers parts", form.coverage_note)

    def test_ended(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        asset.delivery_date = date(2020, 1, 1)
        repair = self._repair(asset)
        self.assertEqual(repair.coverage, "not_covered")
        self.assertIn("ended on January 1, 2023", repair.coverage_note)

    def test_everybody_reads_the_reasons_in_their_language(self):
        self._install_language("es_ES")
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset)
        translated = repair.with_context(lang="es_ES")
        self.assertIn("hasta el 1 de junio de 2029", translated.coverage_note)

    def test_serial_of_somebody_else(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset, partner_id=self.stranger.id)
        self.assertFalse(repair.asset_id or repair.coverage or repair.coverage_note)

    def test_maintenance_is_no_matter_of_warranty(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        repair = self._repair(asset, service_kind="preventive")
        self.assertFalse(repair.coverage or repair.coverage_note)

    def test_with_a_claim_the_claim_decides(self):
        (asset,) = self._sell(self.bike, serials=["EB-1"])
        line = self._create_claim(asset).line_ids
        line.action_create_repair()
        self.assertFalse(line.repair_ids.coverage_snapshot)
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


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestRepairWithoutClaimPaid(DeliveryCommon):
    """The decision sets the quotation, the cost and the certificates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.legal.repair_extension_months = 12
        cls.legal.coverage_ids = [
            Command.create({"component": "labour", "percent": 50})
        ]
        cls.legal.excluded_cause_ids = cls.misuse = cls.env["aftersales.cause"].create(
            {"name": "Dropped", "liability": "customer"}
        )
        cls.legal.excluded_categ_ids = cls.wear = cls.env["product.category"].create(
            {"name": "Wear"}
        )
        cls.brakes = cls._create_product("Brake pads", "none", 5.0, 20.0)
        cls.brakes.categ_id = cls.wear
        cls._stock(cls.brakes, 10)
        cls.labour.list_price = 60.0
        (cls.asset,) = cls._sell(cls.bike, serials=["EB-1"])
        cls.repair = cls.env["repair.order"].create(
            {
                "product_id": cls.bike.id,
                "lot_id": cls.asset.lot_id.id,
                "partner_id": cls.customer.id,
                "estimated_hours": 2,
                "user_id": cls.technician.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": part.id,
                            "product_uom_qty": 1,
                            "repair_line_type": "add",
                        }
                    )
                    for part in (cls.battery, cls.brakes)
                ],
            }
        )

    def _get_amounts(self):
        lines = self.repair.sale_order_id.order_line
        return {line.product_id: line.price_subtotal for line in lines}

    def test_the_quotation_follows_the_decision_line_by_line(self):
        self.assertEqual(self.repair.customer_amount, 20 + 60)
        self.repair.with_user(self.agent).action_create_sale_order()
        expected = {self.battery: 0, self.brakes: 20, self.labour: 60}
        self.assertEqual(self._get_amounts(), expected)
        self.repair.with_user(self.technician).cause_id = self.misuse
        self.assertEqual(self.repair.coverage, "not_covered")
        self.assertIn("Cause 'Dropped' is excluded", self.repair.coverage_note)
        expected = {self.battery: 420, self.brakes: 20, self.labour: 120}
        self.assertEqual(self._get_amounts(), expected)

    def test_what_the_customer_approved_stays(self):
        self.repair.with_user(self.agent).action_create_sale_order()
        self.repair.sale_order_id.action_confirm()
        self.repair.cause_id = self.misuse
        self.assertEqual(self.repair.coverage, "partial")
        self.assertEqual(self.repair.sale_order_id.amount_untaxed, 80)

    def test_a_certificate_voided_meanwhile_decides_again(self):
        self.asset.warranty_ids.action_void("Sold as broken")
        self.assertEqual(self.repair.coverage, "not_covered")
        self.assertIn("Sold as broken", self.repair.coverage_note)
        self.assertEqual(self.repair.customer_amount, 420 + 20 + 120)

    def test_what_is_done_stays(self):
        self._end()
        self.asset.warranty_ids.action_void("Too late")
        self.assertEqual(self.repair.coverage, "partial")

    def _end(self):
        repair = self.repair.with_user(self.technician)
        repair.action_start_work()
        repair.action_finish_work()

    def test_covered_parts_reach_the_warranty_location_and_the_cost(self):
        self._end()
        places = {
            move.product_id: move.location_dest_id
            for move in self.repair.move_ids
            if move.repair_line_type
        }
        warranty = self.company.aftersales_warranty_location_id
        self.assertEqual(places[self.battery], warranty)
        self.assertNotEqual(places[self.brakes], warranty)
        self.env.flush_all()
        cost = self.env["aftersales.warranty.cost"].search(
            [("policy_id", "=", self.legal.id), ("claims", ">", 0)]
        )
        self.assertEqual(len(cost), 1)
        self.assertAlmostEqual(cost.cost, self.repair.total_cost)

    def test_it_prolongs_its_warranties_by_policy(self):
        self._end()
        self.assertEqual(self.asset.warranty_date_end, date(2030, 6, 1))

    def test_parts_whose_supplier_is_liable_are_claimed_from_it(self):
        maker = self.env["res.partner"].create({"name": "Cells Ltd"})
        self.battery.seller_ids = [
            Command.create(
                {
                    "partner_id": maker.id,
                    "aftersales_warranty_months": 24,
                    "aftersales_warranty_start": "delivery",
                }
            )
        ]
        supplier = self.env["aftersales.cause"].create(
            {"name": "Bad cells", "liability": "supplier"}
        )
        self._end()
        lines = self.env["aftersales.supplier.claim.line"]
        mine = [("partner_id", "=", maker.id)]
        self.assertFalse(lines.search(mine))
        self.repair.cause_id = supplier
        claimed = lines.search(mine)
        self.assertEqual((claimed.product_id, claimed.amount), (self.battery, 200))
        self.env["aftersales.supplier.claim"]._cron_gather()
        self.assertEqual(lines.search(mine), claimed, "once")

    def test_managers_decide_otherwise_with_a_reason(self):
        with self.assertRaises(AccessError):
            self.repair.with_user(self.agent).action_override_coverage()
        action = self.repair.with_user(self.manager).action_override_coverage()
        wizards = self.env["aftersales.claim.line.coverage"].with_user(self.manager)
        with Form(wizards.with_context(**action["context"])) as form:
            form.reason = "Goodwill"
        form.record.action_confirm()
        self.assertEqual(self.repair.coverage, "covered")
        self.assertIn("Decided by test_lead", self.repair.coverage_note)
        self.assertEqual(self.repair.customer_amount, 0)
        self.assertIn("Goodwill", self.repair.message_ids[0].body)
        # Diagnosis and certificates do not change what a person decided.
        self.repair.cause_id = self.misuse
        self.assertEqual(self.repair.coverage, "covered")

    def test_nobody_ticks_past_the_decision(self):
        with self.assertRaisesRegex(UserError, "say who pays"):
            self.repair.with_user(self.agent).under_warranty = True
        for name, value in (
            ("coverage_snapshot", {"coverage": "covered"}),
            ("coverage_notes", {}),
            ("is_coverage_overridden", True),
            ("warranty_id", False),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.repair.with_user(self.manager).write({name: value})

    def test_what_is_unknown_people_decide(self):
        foreign = self.env["aftersales.asset"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.helmet.id,
                "delivery_date": date(2026, 5, 1),
            }
        )
        repair = self.env["repair.order"].create(
            {
                "product_id": self.helmet.id,
                "partner_id": self.customer.id,
                "asset_id": foreign.id,
            }
        )
        self.assertEqual(repair.coverage, "unknown")
        self.assertIn("No warranty is registered", repair.coverage_note)
        repair.with_user(self.agent).under_warranty = True
        self.assertEqual(repair._get_covered_percent("parts"), 100)

    def test_the_diagnosis_of_a_claim_is_the_claims(self):
        (asset,) = self._sell(self.bike, serials=["EB-2"])
        line = self._create_claim(asset, user_id=self.technician.id).line_ids
        line.action_create_repair()
        line.sudo().cause_id = self.cause
        self.assertEqual(line.repair_ids.cause_id, self.cause)
        with self.assertRaisesRegex(ValidationError, "entered on the claim"):
            line.repair_ids.with_user(self.technician).cause_id = self.misuse

    def test_hundred_repairs_in_a_bounded_number_of_queries(self):
        lots = self._lots(*(f"EB-1{number:02}" for number in range(40)))
        assets = self.env["aftersales.asset"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "product_id": self.bike.id,
                    "lot_id": lot.id,
                    "delivery_date": date(2026, 5, 1),
                }
                for lot in lots
            ]
        )
        repairs = self.env["repair.order"].create(
            [
                {
                    "product_id": self.bike.id,
                    "lot_id": asset.lot_id.id,
                    "partner_id": self.customer.id,
                }
                for asset in assets
            ]
        )
        self.assertEqual(set(repairs.mapped("coverage")), {"partial"})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            repairs._update_coverage()
