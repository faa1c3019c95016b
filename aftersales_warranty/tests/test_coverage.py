# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged, warmup

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
class TestCoverage(WarrantyCommon):
    def setUp(self):
        super().setUp()
        self.day = date(2026, 6, 1)
        self.patch(
            self.registry["aftersales.claim.line"],
            "_get_coverage_date",
            lambda line: self.day,
        )

    def _create_line(self, asset=None, **values):
        asset = asset or self.env["aftersales.asset"]
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "Broken",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {
                            "asset_id": asset.id,
                            "product_id": (asset.product_id or self.product).id,
                            **values,
                        }
                    )
                ],
            }
        )
        return claim.line_ids

    def test_covered(self):
        line = self._create_line(self._create_asset())
        self.assertRecordValues(
            line,
            [
                {
                    "coverage": "covered",
                    "parts_percent": 100,
                    "labour_percent": 100,
                    "travel_percent": 100,
                    "transport_percent": 100,
                    "coverage_note": "Legal warranty until May 3, 2028 covers parts, "
                    "labour, travel, and transport.",
                }
            ],
        )

    def test_snapshot_says_which_rule_decided(self):
        asset = self._create_asset()
        line = self._create_line(asset)
        snapshot = line.coverage_snapshot
        self.assertEqual(snapshot["date"], "2026-06-01")
        self.assertEqual(set(snapshot["rules"].values()), {asset.warranty_ids.name})

    def test_excluded_cause_found_in_diagnosis(self):
        line = self._create_line(self._create_asset())
        line.cause_id = self.misuse
        self.assertEqual(line.coverage, "not_covered")
        self.assertEqual(
            line.coverage_note.splitlines(),
            [
                "Legal warranty until May 3, 2028 covers parts, labour, travel, and "
                "transport.",
                "Cause 'Dropped' is excluded: not covered.",
            ],
        )
        line.cause_id = self.defect
        self.assertEqual(line.coverage, "covered")

    def test_commercial_covers_what_the_legal_one_excludes(self):
        gold = self._create_policy(
            name="Gold",
            kind="commercial",
            covers=[{"component": "parts", "percent": 50}],
        )
        self.product.aftersales_warranty_policy_ids |= gold
        line = self._create_line(self._create_asset(), cause_id=self.misuse.id)
        self.assertEqual(line.coverage, "partial")
        self.assertEqual(line.parts_percent, 50)
        self.assertEqual(
            line.coverage_note.splitlines(),
            [
                "Legal warranty until May 3, 2028 covers parts, labour, travel, and "
                "transport.",
                "Cause 'Dropped' is excluded from this warranty: Legal warranty.",
                "Commercial warranty until May 3, 2028 covers parts (50 %).",
                "Not covered: labour, travel, and transport.",
            ],
        )

    def test_expired(self):
        line = self._create_line(self._create_asset(delivery_date=date(2020, 1, 1)))
        self.assertEqual(line.coverage, "not_covered")
        self.assertEqual(line.coverage_note, "Legal warranty ended on January 1, 2023.")

    def test_judged_on_the_day_of_the_claim(self):
        line = self._create_line(self._create_asset())
        for self.day, expected in (
            (date(2025, 5, 2), "not_covered"),
            (date(2025, 5, 3), "covered"),
            (date(2028, 5, 3), "covered"),
            (date(2028, 5, 4), "not_covered"),
        ):
            with self.subTest(self.day):
                self.assertEqual(line._get_coverage()[line.id]["coverage"], expected)

    def test_void(self):
        asset = self._create_asset()
        asset.warranty_ids.action_void("Serial filed off.")
        line = self._create_line(asset)
        self.assertEqual(line.coverage, "not_covered")
        self.assertEqual(
            line.coverage_note, "Legal warranty is void: Serial filed off."
        )

    def test_return_for_repair_keeps_the_cover_of_its_claim(self):
        asset = self._create_asset()
        line = self._create_line(asset)
        with freeze_time("2026-06-08 10:00:00"):
            asset.state = "returned"
        line.cause_id = self.defect
        self.assertEqual(line.coverage, "covered")
        # What is claimed after the product was given back is another matter.
        self.day = date(2026, 6, 9)
        decision = line._get_coverage()[line.id]
        self.assertEqual(decision["coverage"], "not_covered")

    def test_component_that_ended_earlier(self):
        motor = self._create_policy(
            name="Motor",
            kind="commercial",
            covers=["parts", {"component": "labour", "duration": 6}],
        )
        product = self._create_product(policies=motor)
        line = self._create_line(self._create_asset(product_id=product.id))
        self.assertEqual((line.parts_percent, line.labour_percent), (100, 0))
        self.assertIn(
            "Commercial warranty covered labour until November 3, 2025.",
            line.coverage_note,
        )

    def test_unknown_says_what_is_missing(self):
        undated = self._create_asset(delivery_date=False)
        bare = self._create_asset(product_id=self._create_product().id)
        waiting = self._create_policy(kind="commercial", start_event="activation")
        waiting = self._create_product(policies=waiting)
        waiting = self._create_asset(product_id=waiting.id)
        for asset, sentence in (
            (None, "choose the customer's product"),
            (undated, "delivery date"),
            (bare, "No warranty is registered"),
            (waiting, "has not been activated"),
        ):
            with self.subTest(sentence):
                line = self._create_line(asset)
                self.assertEqual(line.coverage, "unknown")
                self.assertIn(sentence, line.coverage_note)
                self.assertEqual(line.parts_percent, 0)

    def test_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("es_ES")
        line = self._create_line(self._create_asset())
        spanish = line.with_context(lang="es_ES")
        note = spanish._get_coverage()[line.id]["note"]
        self.assertIn("3 de mayo de 2028", note)

    def test_agent_sees_it_in_the_form(self):
        agent = self._create_user("agent", "aftersales_service.group_user")
        asset = self._create_asset()
        line = self._create_line(asset)
        line.claim_id.user_id = agent
        self.assertEqual(line.with_user(agent).coverage, "covered")
        view = Form(asset.with_user(agent))
        self.assertEqual(str(view.warranty_date_end), "2028-05-03")


@tagged("post_install", "-at_install")
class TestCoverageQueries(WarrantyCommon):
    @warmup
    def test_hundred_lines_in_ten_queries(self):
        gold = self._create_policy(name="Gold", kind="commercial", excluded=self.defect)
        self.category.aftersales_warranty_policy_ids = gold
        causes = (self.misuse, self.defect)
        assets = self.env["aftersales.asset"].create(
            [self._prepare_asset() for _index in range(100)]
        )
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "A whole fleet",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {"asset_id": asset.id, "cause_id": causes[index % 2].id}
                    )
                    for index, asset in enumerate(assets)
                ],
            }
        )
        self._check_budget(claim)

    @warmup
    def test_hundred_lines_with_wear_parts_in_ten_queries(self):
        self.legal.excluded_categ_ids = self.category.create({"name": "Tyres"})
        assets = self.env["aftersales.asset"].create(
            [self._prepare_asset() for _index in range(100)]
        )
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "A whole fleet",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create({"asset_id": asset.id}) for asset in assets
                ],
            }
        )
        self._check_budget(claim)

    def _check_budget(self, claim):
        self.env.flush_all()
        self.env.invalidate_all()
        lines = claim.line_ids
        lines.fetch(["claim_id"])
        with self.assertQueryCount(10):
            lines._get_coverage()
