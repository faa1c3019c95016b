# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestClaimLine(AftersalesCommon):
    def test_more_than_delivered_is_refused_on_every_path(self):
        asset = self._sell(self.helmet, quantity=2)
        claim = self._create_claim(asset)
        with self.assertRaisesRegex(ValidationError, "would be claimed"):
            claim.line_ids.quantity = 3
        claim.line_ids.quantity = 2
        with self.assertRaisesRegex(ValidationError, "would be claimed"):
            self._create_claim(asset)
        result = self.env["aftersales.claim.line"].load(
            ["claim_id/.id", "asset_id/.id", "quantity"],
            [[str(claim.id), str(asset.id), "1"]],
        )
        self.assertTrue(result["messages"])

    def test_dozens_count_as_units(self):
        asset = self._sell(self.helmet, quantity=12)
        claim = self._create_claim(asset)
        dozen = self.env.ref("uom.product_uom_dozen")
        claim.line_ids.write({"quantity": 1, "uom_id": dozen.id})
        with self.assertRaises(ValidationError):
            claim.line_ids.quantity = 1.5

    def test_a_repaired_unit_can_be_claimed_again(self):
        asset = self._sell(self.bike, serials=["EB-1"])
        first = self._create_claim(asset)
        first.line_ids.action_create_repair()
        first.repair_ids.action_repair_start()
        first.repair_ids.action_repair_end()
        self.assertEqual(first.line_ids.state, "done")
        self.assertTrue(self._create_claim(asset))

    def test_cancelled_claim_frees_the_quantity(self):
        asset = self._sell(self.helmet)
        claim = self._create_claim(asset)
        claim._action_cancel("Mistake")
        self.assertTrue(self._create_claim(asset))

    def test_quantity_zero_or_less_is_refused(self):
        claim = self._create_claim(self._sell(self.helmet))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            claim.line_ids.quantity = 0
            claim.line_ids.flush_recordset()

    def test_another_customers_asset_is_refused(self):
        asset = self._sell(self.helmet, partner=self.stranger)
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._create_claim(asset)

    def test_reject_needs_a_reason(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "reason"):
            claim.line_ids.action_reject()
        claim.line_ids.reject_reason = "The lock was forced."
        claim.line_ids.action_reject()
        self.assertEqual(claim.line_ids.state, "done")
        claim.action_solve()

    def test_a_remedy_is_decided_once(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        claim.line_ids.action_create_repair()
        with self.assertRaisesRegex(UserError, "decided already"):
            claim.line_ids.action_create_repair()
        self.assertEqual(len(claim.sudo().repair_ids), 1)

    def test_decision_can_be_taken_back_before_the_repair_begins(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        claim.line_ids.action_create_repair()
        claim.line_ids.action_cancel_remedy()
        self.assertEqual(claim.line_ids.state, "draft")
        self.assertEqual(claim.sudo().repair_ids.state, "cancel")
        claim.line_ids.action_create_repair()
        started = claim.sudo().repair_ids.filtered(lambda r: r.state != "cancel")
        started.action_repair_start()
        with self.assertRaisesRegex(UserError, "has begun"):
            claim.line_ids.action_cancel_remedy()

    def test_cause_sets_liability(self):
        claim = self._create_claim(self._sell(self.helmet))
        claim.line_ids.cause_id = self.env.ref(
            "aftersales_service.aftersales_cause_transport"
        )
        self.assertEqual(claim.line_ids.liability, "carrier")

    def test_only_managers_decide_coverage_by_hand(self):
        claim = self._create_claim(self._sell(self.helmet))
        line = claim.line_ids
        with self.assertRaises(AccessError):
            line.with_user(self.agent).action_override_coverage()
        action = line.with_user(self.manager).action_override_coverage()
        wizard = Form.from_action(self.env(user=self.manager), action)
        wizard.labour_percent = 0
        wizard.reason = "Goodwill"
        wizard.save().action_confirm()
        self.assertEqual(line.coverage, "partial")
        self.assertEqual(line._get_covered_percent("parts"), 100)
        self.assertEqual(line._get_covered_percent("labour"), 0)
        self.assertIn("Goodwill", line.coverage_note)
        line.cause_id = self.cause
        self.assertEqual(line.coverage, "partial")

    def test_line_added_to_a_claim_of_two_products(self):
        helmet, bike = self._sell(self.helmet), self._sell(self.bike, serials=["E7"])
        claim = self._create_claim(helmet | bike)
        self.assertEqual(len(claim.line_ids), 2)
        claim.write({"line_ids": [Command.delete(claim.line_ids[0].id)]})
        self.assertEqual(claim.line_ids.asset_id, bike)

    def test_closing_by_the_stage_closes_the_lines(self):
        solved = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        solved.stage_id = solved._get_stage("solved")
        self.assertEqual(solved.line_ids.state, "done")
        cancelled = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        stage = cancelled._get_stage("cancelled")
        cancelled.sudo().cancel_reason = "Mistake"
        cancelled.stage_id = stage
        self.assertEqual(cancelled.line_ids.state, "cancelled")

    def test_a_cancelled_claim_comes_back_with_its_lines(self):
        asset = self._sell(self.helmet)
        claim = self._create_claim(asset).with_user(self.agent)
        claim._action_cancel("Mistake")
        claim.action_reopen()
        claim.line_ids.action_create_repair()
        self.assertEqual(claim.line_ids.state, "decided")
        claim.line_ids.action_cancel_remedy()
        claim._action_cancel("Mistake again")
        self._create_claim(asset)
        with self.assertRaisesRegex(ValidationError, "would be claimed"):
            claim.action_reopen()

    def test_a_closed_claim_takes_no_decisions(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        line = claim.line_ids
        with self.assertRaisesRegex(UserError, "no decision"):
            line.action_cancel_remedy()
        line.action_assist()
        line.action_cancel_remedy()
        self.assertEqual(line.state, "draft")
        claim.action_solve()
        with self.assertRaisesRegex(UserError, "closed"):
            line.action_cancel_remedy()
        claim.line_ids = [Command.create({"product_id": self.helmet.id})]
        with self.assertRaisesRegex(UserError, "closed"):
            claim.line_ids[1:].action_create_repair()

    def test_a_repair_goes_on_when_the_goods_came_back_by_a_return(self):
        asset = self._sell(self.helmet)
        claim = self._create_claim(asset)
        claim.line_ids.action_create_repair()
        self._return(asset.picking_id, 1)
        self.assertEqual(asset.quantity, 0)
        claim.repair_ids.action_repair_start()
        claim.repair_ids.action_repair_end()
        self.assertEqual(claim.line_ids.state, "done")

    def test_texts_with_nul_are_stored_without(self):
        claim = self._create_claim(self._sell(self.helmet))
        claim.line_ids.diagnosis = "a\x00b"
        claim.line_ids.flush_recordset()
        self.assertEqual(claim.line_ids.diagnosis, "ab")
        with self.assertRaisesRegex(ValidationError, "too long"):
            claim.line_ids.diagnosis = "x" * 10_000_000

    def test_a_line_is_split_and_each_part_has_its_own_outcome(self):
        claim = self._create_claim(self._sell(self.helmet, quantity=3))
        line = claim.line_ids.with_user(self.agent)
        line.quantity = 3
        wizard = Form.from_action(line.env, line.action_split())
        wizard.quantity = 1
        wizard.save().action_confirm()
        self.assertEqual(sorted(claim.line_ids.mapped("quantity")), [1, 2])
        new = claim.line_ids - line
        self.assertEqual((new.asset_id, new.symptom_id), (line.asset_id, self.symptom))
        line.action_create_repair()
        new.with_user(self.agent).action_assist()
        self.assertEqual((line.state, new.state), ("decided", "done"))
        with self.assertRaisesRegex(UserError, "decided already"):
            line._split_quantity(1)

    def test_nothing_and_everything_can_not_be_split_off(self):
        claim = self._create_claim(self._sell(self.helmet, quantity=2))
        claim.line_ids.quantity = 2
        for quantity in (0, -1, 2, 3):
            with self.subTest(quantity=quantity):
                with self.assertRaisesRegex(UserError, "less than 2"):
                    claim.line_ids._split_quantity(quantity)
