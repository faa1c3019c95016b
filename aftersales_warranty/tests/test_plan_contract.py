# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_plan import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestPlanContract(PlanCommon):
    """The visits that a contract includes are planned while it runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_template(
            name="Quarterly visit", interval_number=3, lead_days=7
        )
        cls.terms = cls.env["aftersales.contract.terms"].create(
            {"name": "Care", "plan_template_ids": [Command.link(cls.template.id)]}
        )
        cls.second = cls._create_asset("EB-2")

    def _create_contract(self, start=True, **values):
        contract = self.env["aftersales.contract"].create(
            {
                "partner_id": self.customer.id,
                "terms_id": self.terms.id,
                "date_start": date(2026, 1, 31),
                "date_end": date(2027, 1, 30),
                "asset_line_ids": [Command.create({"asset_id": self.asset.id})],
                **values,
            }
        )
        if start:
            contract.with_user(self.manager).action_activate()
        return contract

    def test_a_contract_plans_its_visits(self):
        contract = self._create_contract(start=False)
        self.assertFalse(contract.plan_ids)
        contract.action_activate()
        plan = contract.plan_ids
        self.assertEqual(plan.asset_id, self.asset)
        self.assertEqual(
            (plan.state, plan.origin, plan.next_date, plan.date_end),
            ("running", "contract", date(2026, 4, 30), contract.date_end),
        )
        self.assertEqual(
            contract._get_next_visit_dates(), {contract: date(2026, 4, 30)}
        )
        with freeze_time("2026-04-25 10:00:00"):
            self._run_cron()
            self.assertEqual(
                contract._get_next_visit_dates(),
                {contract: plan.visit_ids._get_day()},
            )

    def test_products_come_and_leave_during_the_term(self):
        contract = self._create_contract()
        line = self.env["aftersales.contract.asset"].create(
            {"contract_id": contract.id, "asset_id": self.second.id}
        )
        plan = self.second.plan_ids
        self.assertEqual((plan.contract_id, plan.state), (contract, "running"))
        line._action_end("Sold")
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "contract"))
        self.assertEqual(self.asset.plan_ids.state, "running")

    def test_plans_last_as_long_as_their_contract(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        contract.date_end = date(2026, 7, 30)
        self.assertEqual(plan.date_end, date(2026, 7, 30))
        with freeze_time("2026-07-28 10:00:00"):
            self._run_cron()
            self.assertEqual((plan.state, plan.stop_reason), ("ended", "term"))
            contract.date_end = date(2027, 1, 30)
        self.assertEqual((plan.state, plan.date_end), ("running", date(2027, 1, 30)))

    def test_a_cancelled_contract_plans_nothing_more(self):
        contract = self._create_contract()
        by_hand = self._create_plan(self.asset, contract_id=contract.id)
        with freeze_time("2026-04-25 10:00:00"):
            self._run_cron()
            plan = contract.plan_ids - by_hand
            self.assertTrue(plan.visit_ids)
            contract._action_cancel()
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "contract"))
        self.assertEqual(plan.visit_ids.state, "cancelled")
        # What was planned by hand goes on without it.
        self.assertEqual((by_hand.state, by_hand.contract_id.id), ("running", False))

    def test_a_renewal_goes_on_with_the_same_plan(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        with freeze_time("2027-02-01 10:00:00"):
            self._run_cron()
            contract._expire()
            self.assertEqual((plan.state, plan.stop_reason), ("ended", "term"))
            renewal = self._create_contract(
                date_start=date(2027, 1, 31), date_end=date(2028, 1, 30)
            )
            self.assertEqual(renewal.plan_ids, plan)
            self.assertEqual(plan.state, "running")
            self.assertEqual(plan.date_end, date(2028, 1, 30))
            # Its dates are those of the first contract, not drifting.
            self.assertEqual(plan.next_date, date(2027, 4, 30))

    def test_a_renewal_that_is_cancelled_gives_the_plan_back(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        more = self._create_template(name="Yearly check", interval_number=12)
        renewal = self._create_contract(
            date_start=date(2027, 1, 31),
            date_end=date(2028, 1, 30),
            previous_id=contract.id,
            terms_id=self.terms.copy(
                {"plan_template_ids": [Command.set((self.template | more).ids)]}
            ).id,
            asset_line_ids=[
                Command.create({"asset_id": asset.id})
                for asset in self.asset | self.second
            ],
        )
        self.assertEqual(plan.contract_id, renewal)
        with freeze_time("2026-04-25 10:00:00"):
            self._run_cron()
            visit = plan.visit_ids
            self.assertTrue(visit)
            renewal._action_cancel()
        self.assertEqual(
            (plan.state, plan.contract_id, plan.date_end),
            ("running", contract, contract.date_end),
        )
        self.assertNotEqual(visit.state, "cancelled")
        # What only the renewal included, or covered, ends with it.
        others = renewal.plan_ids
        self.assertEqual(len(others), 3)
        self.assertEqual(set(others.mapped("state")), {"ended"})

    def test_a_renewal_cancelled_after_the_first_term_ends_the_plan(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        renewal = self._create_contract(
            date_start=date(2027, 1, 31),
            date_end=date(2028, 1, 30),
            previous_id=contract.id,
        )
        with freeze_time("2027-02-10 10:00:00"):
            contract._expire()
            renewal._action_cancel()
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "contract"))

    def test_a_park_plans_for_all_and_for_what_comes(self):
        contract = self._create_contract(scope="park", asset_line_ids=[])
        self.assertEqual(contract.plan_ids.asset_id, self.asset | self.second)
        new = self._create_asset("EB-3")
        self.assertEqual(new.plan_ids.contract_id, contract)
        self.assertFalse(self._create_asset("EB-4", self.stranger).plan_ids)

    def test_a_park_plans_for_what_comes_to_it_later(self):
        contract = self._create_contract(scope="park", asset_line_ids=[])
        bought = self._create_asset("EB-3", self.stranger)
        back = self._create_asset("EB-4", state="returned")
        hidden = self._create_asset("EB-5", active=False)
        self.assertFalse((bought | back | hidden).plan_ids)
        bought.with_user(self.agent).partner_id = self.customer
        back.with_user(self.agent).state = "in_service"
        hidden.with_user(self.agent).action_unarchive()
        for asset in (bought, back, hidden):
            with self.subTest(asset=asset.name):
                plan = asset.plan_ids
                self.assertEqual((plan.contract_id, plan.state), (contract, "running"))
        # One that leaves the park leaves its care; another park takes it up.
        theirs = self._create_contract(
            partner_id=self.stranger.id, scope="park", asset_line_ids=[]
        )
        plan = bought.plan_ids
        bought.with_user(self.agent).partner_id = self.stranger
        self.assertEqual(bought.plan_ids, plan)
        self.assertEqual((plan.contract_id, plan.state), (theirs, "running"))
        bought.with_user(self.agent).partner_id = self.agent.partner_id
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "contract"))

    def test_several_that_come_back_at_once_are_covered_again(self):
        contract = self._create_contract(
            asset_line_ids=[
                Command.create({"asset_id": asset.id})
                for asset in (self.asset, self.second)
            ]
        )
        both = self.asset | self.second
        both.state = "returned"
        self.assertEqual(set(both.plan_ids.mapped("state")), {"ended"})
        with freeze_time("2026-03-10 10:00:00"):
            both.state = "in_service"
        lines = contract.asset_line_ids.filtered(lambda line: not line.date_to)
        self.assertEqual(lines.asset_id, both)
        self.assertEqual(set(both.plan_ids.mapped("state")), {"running"})
        # What has another owner by then is not covered, and stays in nobody's way.
        with freeze_time("2026-03-20 10:00:00"):
            both.state = "returned"
            self.second.partner_id = self.stranger
            both.state = "in_service"
        lines = contract.asset_line_ids.filtered(lambda line: not line.date_to)
        self.assertEqual(lines.asset_id, self.asset)

    def test_what_came_back_follows_the_term_again(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        self.asset.state = "returned"
        with freeze_time("2026-03-10 10:00:00"):
            self.asset.state = "in_service"
            self.assertEqual(len(contract.asset_line_ids), 2)
            contract.date_end = date(2027, 6, 30)
        self.assertEqual((plan.state, plan.date_end), ("running", date(2027, 6, 30)))

    def test_what_was_returned_by_mistake_never_left(self):
        contract = self._create_contract()
        for _time in range(2):
            self.asset.state = "returned"
            self.assertEqual(self.asset.plan_ids.state, "ended")
            self.asset.state = "in_service"
            line = contract.asset_line_ids
            self.assertEqual(len(line), 1)
            self.assertFalse(line.date_to or line.end_reason or line.end_origin)
            self.assertEqual(self.asset.plan_ids.state, "running")

    def test_an_archived_customer_s_contract_plans_when_they_are_back(self):
        self.customer.user_ids.active = False
        self.customer.active = False
        contract = self._create_contract()
        plan = contract.plan_ids
        self.assertEqual(
            (plan.state, plan.stop_reason), ("paused", "customer_archived")
        )
        self.customer.active = True
        self.assertEqual(plan.state, "running")

    def test_another_customer_s_contract_includes_nothing(self):
        theirs = self._create_contract(
            partner_id=self.stranger.id,
            asset_line_ids=[
                Command.create(
                    {"asset_id": self._create_asset("EB-3", self.stranger).id}
                )
            ],
        )
        with (
            self.assertRaisesRegex(ValidationError, "another customer's"),
            self.env.cr.savepoint(),
        ):
            self._create_plan(contract_id=theirs.id)
        plan = self._create_plan()
        with (
            self.assertRaisesRegex(ValidationError, "another customer's"),
            self.env.cr.savepoint(),
        ):
            plan.with_user(self.agent).contract_id = theirs

    def test_a_contract_is_not_the_new_owner_s(self):
        contract = self._create_contract()
        plan = contract.plan_ids
        with freeze_time("2026-04-25 10:00:00"):
            self._run_cron()
            mails = self.env["mail.mail"].sudo().search_count([])
            self.asset.with_user(self.agent).partner_id = self.stranger
            self._run_cron()
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "contract"))
        self.assertEqual(plan.visit_ids.state, "cancelled")
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    def test_a_plan_of_the_product_is_taken_into_the_contract(self):
        self.template.product_tmpl_ids = self.bike.product_tmpl_id
        asset = self._create_asset("EB-9")
        plan = asset.plan_ids
        contract = self._create_contract(
            asset_line_ids=[Command.create({"asset_id": asset.id})]
        )
        self.assertEqual(asset.plan_ids, plan)
        self.assertEqual((plan.contract_id, plan.origin), (contract, "product"))
        self.assertFalse(plan.date_end)
        contract._action_cancel()
        self.assertEqual((plan.state, plan.contract_id.id), ("running", False))
