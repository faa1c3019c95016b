# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractJobs(ContractCommon):
    """Under which contract a job is done, and what it takes of it in the end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("planner", "aftersales_service.group_user")

    def _pay_later(self, contract, due):
        """Bill what is due of it, to be paid by `due` (Date)."""
        invoice = contract._bill()
        invoice.invoice_date = due
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = due
        invoice.action_post()
        return invoice

    # -- which contract

    def test_the_contract_of_the_day_of_the_visit(self):
        contract = self._sell_contract()
        following = self._sell_contract(start=date(2027, 3, 10))
        last_day = self._visit(schedule_date="2027-03-09 15:00:00")
        next_day = self._visit(schedule_date="2027-03-10 08:00:00")
        self.assertEqual(last_day.contract_id, contract)
        self.assertEqual(next_day.contract_id, following)
        self.assertEqual(next_day.contract_left, "1 of 2 visits and 5 of 5 hours")

    def test_a_visit_that_is_moved(self):
        contract = self._sell_contract()
        repair = self._visit(hours=2.0, schedule_date="2027-03-08 09:00:00")
        self.assertEqual((repair.contract_id, contract.hours_used), (contract, 2.0))
        repair.with_user(self.agent).schedule_date = "2027-03-10 09:00:00"
        self.assertFalse(repair.contract_id)
        self.assertEqual((contract.hours_used, contract.visits_used), (0.0, 0))
        following = self._sell_contract(start=date(2027, 3, 10))
        self.assertEqual(repair.contract_id, following)
        repair.schedule_date = "2026-05-04 09:00:00"
        self.assertEqual(repair.contract_id, contract)

    def test_days_are_those_of_the_company(self):
        contract = self._sell_contract()
        # Half past midnight in Madrid, in winter and in summer time.
        self.assertFalse(self._visit(schedule_date="2027-03-09 23:30:00").contract_id)
        late = self._visit(schedule_date="2027-03-09 22:30:00")
        self.assertEqual(late.contract_id, contract)
        summer = self._sell_contract(
            assets=self._create_asset(product_id=self.bare_product.id),
            start=date(2026, 7, 1),
        )
        asset = summer.asset_line_ids.asset_id
        early = self._visit(asset_id=asset.id, schedule_date="2026-06-30 22:30:00")
        self.assertEqual(early.contract_id, summer)
        before = self._visit(asset_id=asset.id, schedule_date="2026-06-30 21:30:00")
        self.assertFalse(before.contract_id)

    def test_a_contract_that_is_sold_or_cancelled_later(self):
        repair = self._visit(hours=1.0, schedule_date="2026-05-04 09:00:00")
        self.assertFalse(repair.contract_id)
        contract = self._sell_contract()
        self.assertEqual(repair.contract_id, contract)
        contract.sale_order_id._action_cancel()
        self.assertFalse(repair.contract_id)
        self.assertEqual(contract.hours_used, 0.0)

    def test_a_product_that_joins_or_leaves(self):
        contract = self._sell_contract()
        other = self._create_asset(product_id=self.bare_product.id)
        repair = self._visit(asset_id=other.id, schedule_date="2026-05-04 09:00:00")
        self.assertFalse(repair.contract_id)
        contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self.assertEqual(repair.contract_id, contract)
        contract.asset_line_ids.filtered(
            lambda line: line.asset_id == other
        ).action_end()
        self.assertFalse(repair.contract_id)

    def test_a_new_owner_has_none(self):
        park = self._sell_contract()
        self.terms.scope = "park"
        other = self.env["res.partner"].create({"name": "Buyer"})
        self._sell_contract(assets=self.env["aftersales.asset"], partner_id=other.id)
        repair = self._visit(schedule_date="2026-03-10 15:00:00")
        self.assertEqual(repair.contract_id, park)
        self.asset.partner_id = self.env["res.partner"].create({"name": "Nobody"})
        self.assertFalse(repair.contract_id)
        self.asset.partner_id = other
        self.assertEqual(repair.contract_id.partner_id, other)

    def test_unpaid_and_paid(self):
        contract = self._sell_contract()
        repair = self._visit(hours=1.0, schedule_date="2026-05-04 09:00:00")
        invoice = self._pay_later(contract, date(2026, 3, 20))
        with freeze_time("2026-03-21 10:00:00"):
            contract.invalidate_recordset()
            contract._update_coverage()
            self.assertFalse(repair.contract_id)
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({})._create_payments()
            contract._update_coverage()
            self.assertEqual(repair.contract_id, contract)

    def test_it_is_judged_for_the_day_on_which_the_work_begins(self):
        contract = self._sell_contract()
        late = self._visit(hours=1.0, schedule_date="2027-03-09 09:00:00")
        early = self._visit(hours=1.0, schedule_date="2027-03-12 09:00:00")
        self.assertEqual(late.contract_id, contract)
        self.assertFalse(early.contract_id)
        with freeze_time("2027-03-08 10:00:00"):
            early.with_user(self.agent).action_repair_start()
        self.assertEqual(early.contract_id, contract)
        with freeze_time("2027-03-10 10:00:00"):
            late.with_user(self.agent).action_repair_start()
        self.assertFalse(late.contract_id)
        self.assertEqual(contract.hours_used, 1.0)

    def test_work_over_the_last_day_stays_with_its_contract(self):
        contract = self._sell_contract()
        repair = self._visit(hours=4.0, schedule_date="2027-03-09 14:00:00")
        with freeze_time("2027-03-09 14:00:00"):
            repair.action_repair_start()
        with freeze_time("2027-03-10 11:00:00"):
            contract._expire()
            self._sell_contract(start=date(2027, 3, 10))
            repair.schedule_date = "2027-03-10 08:00:00"
            repair.labour_ids = [Command.create({"hours": 3.0})]
            repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        self.assertEqual(repair.contract_id, contract)
        self.assertEqual((repair.contract_hours, contract.hours_used), (3.0, 3.0))

    def test_what_is_settled_stays(self):
        contract = self._sell_contract()
        repair = self._visit(hours=4.0, schedule_date="2026-03-10 09:00:00")
        repair.action_repair_start()
        repair.labour_ids = [Command.create({"hours": 4.0})]
        repair.action_repair_end()
        agreed = self._visit(hours=2.0, schedule_date="2026-05-04 09:00:00")
        agreed.action_create_sale_order()
        agreed.sale_order_id.action_confirm()
        self.assertEqual(agreed.quote_state, "approved")
        contract.sale_order_id._action_cancel()
        agreed.schedule_date = "2028-05-04 09:00:00"
        self.assertEqual((repair.contract_id, agreed.contract_id), (contract, contract))
        self.assertEqual(contract.hours_used, 5.0)

    def test_a_choice_by_hand_stays_as_long_as_it_covers(self):
        own = self._sell_contract()
        self.terms.scope = "park"
        park = self._sell_contract(assets=self.env["aftersales.asset"])
        repair = self._visit(schedule_date="2026-05-04 09:00:00")
        self.assertEqual(repair.contract_id, own)
        repair.contract_id = park
        repair.schedule_date = "2026-05-05 09:00:00"
        self.assertEqual(repair.contract_id, park)
        park._action_cancel()
        self.assertEqual(repair.contract_id, own)

    # -- what it takes

    def _get_hours(self, *repairs):
        # What one gives back reaches the others when the request ends.
        self.env.flush_all()
        return [repair.contract_hours for repair in repairs]

    def test_what_a_cancelled_job_gives_back_goes_to_who_lacks_it(self):
        contract = self._sell_contract()
        jobs = [self._visit(hours=hours) for hours in (3.0, 4.0, 2.0)]
        first, second, third = jobs
        self.assertEqual(self._get_hours(*jobs), [3.0, 2.0, 0.0])
        first.action_repair_cancel()
        self.assertEqual(self._get_hours(*jobs), [0.0, 4.0, 1.0])
        self.assertEqual((second.contract_visits, third.contract_visits), (1, 1))
        self.assertEqual(contract.left_summary, "0 of 2 visits and 0 of 5 hours")
        self.assertEqual(second.customer_amount, 0.0)

    def test_a_job_that_is_taken_up_again_takes_what_is_left(self):
        contract = self._sell_contract()
        first = self._visit(hours=3.0)
        first.action_repair_cancel()
        second = self._visit(hours=4.0)
        self.assertEqual(self._get_hours(second), [4.0])
        first.action_repair_cancel_draft()
        self.assertEqual((first.contract_hours, first.contract_visits), (1.0, 1))
        self.assertEqual(contract.hours_used, 5.0)
        first.action_repair_cancel()
        with freeze_time("2027-03-10 10:00:00"):
            following = self._sell_contract()
            first.action_repair_cancel_draft()
        self.assertEqual(first.contract_id, following)

    def test_less_work_than_expected_gives_hours_back(self):
        self._sell_contract()
        first = self._visit(hours=5.0)
        second = self._visit(hours=2.0)
        self.assertEqual(self._get_hours(second), [0.0])
        first.action_repair_start()
        first.labour_ids = [Command.create({"hours": 4.0})]
        self.assertEqual(self._get_hours(second), [0.0])
        first.action_repair_end()
        self.assertEqual(self._get_hours(second), [1.0])
        # What was agreed with the customer is not reckoned anew.
        second.action_create_sale_order()
        second.sale_order_id.action_confirm()
        self.env.flush_all()
        first.contract_id.hours_included = 9.0
        self.assertEqual(self._get_hours(second), [1.0])

    def test_a_failure_that_takes_nothing_any_more_gives_hours_back(self):
        contract = self._sell_contract()
        failure = self._visit(kind="corrective", hours=5.0)
        second = self._visit(hours=2.0)
        self.assertEqual(failure.contract_id, contract)
        self.assertEqual(self._get_hours(failure, second), [5.0, 0.0])
        none = dict.fromkeys(("parts", "labour", "travel", "transport"), 0.0)
        failure._write_coverage(
            {"coverage": "not_covered", "note": "Misuse.", "percents": none}, {}
        )
        self.assertEqual(self._get_hours(failure, second), [0.0, 2.0])
        self.assertFalse(failure.contract_id)

    def test_a_claim_that_takes_nothing_any_more_gives_hours_back(self):
        contract = self._sell_contract()
        line = self._claim(self.customer).line_ids
        self.assertEqual(line.contract_id, contract)
        failure = self._visit(kind="corrective", hours=5.0, claim_line_id=line.id)
        second = self._visit(hours=2.0)
        self.assertEqual(self._get_hours(failure, second), [5.0, 0.0])
        line.contract_id = False
        self.assertEqual(self._get_hours(failure, second), [0.0, 2.0])

    def test_the_form_follows_the_day(self):
        contract = self._sell_contract()
        following = self._sell_contract(start=date(2027, 3, 10))
        form = Form(self._visit(schedule_date="2026-05-04 09:00:00"))
        self.assertEqual(form.contract_id, contract)
        form.schedule_date = "2027-04-01 09:00:00"
        self.assertEqual(form.contract_id, following)
        self.assertEqual(form.save().contract_id, following)

    def test_what_follows_from_another_product_is_no_decision(self):
        self._sell_contract()
        other = self._create_asset()
        repair = self._visit()
        # As a form sends it.
        repair.with_user(self.agent).write({"asset_id": other.id, "contract_id": False})
        self.assertFalse(repair.contract_id)
        contract = self._sell_contract(assets=other)
        self.assertEqual(repair.contract_id, contract)

    def test_a_contract_that_includes_more(self):
        contract = self._sell_contract()
        repair = self._visit(hours=6.0)
        self.assertEqual(self._get_hours(repair), [5.0])
        contract.hours_included = 8.0
        self.assertEqual(self._get_hours(repair), [6.0])

    def test_a_job_that_goes_or_leaves_the_contract(self):
        self._sell_contract()
        first = self._visit(hours=5.0)
        second = self._visit(hours=2.0)
        first.with_user(self.agent).contract_id = False
        self.assertEqual(self._get_hours(second), [2.0])
        third = self._visit(hours=5.0)
        self.assertEqual(self._get_hours(third), [3.0])
        second.action_repair_cancel()
        second.unlink()
        self.assertEqual(self._get_hours(third), [5.0])

    def test_hours_that_come_back_are_found_by_a_failure_too(self):
        self._sell_contract()
        care = self._visit(hours=5.0)
        failure = self._visit(hours=1.0, kind="corrective")
        self.assertEqual(failure.coverage_snapshot["percents"]["labour"], 0.0)
        care.action_repair_cancel()
        self.assertEqual(failure.coverage_snapshot["percents"]["labour"], 100.0)
        self.assertEqual(self._get_hours(failure), [1.0])

    def test_entering_a_job_gives_nothing_away(self):
        self._sell_contract()
        first = self._visit(hours=5.0)
        second = self._visit(hours=2.0)
        with Form(first.with_user(self.agent)) as form:
            form.estimated_hours = 1.0
            self.assertEqual(self._get_hours(second), [0.0])
        self.assertEqual(self._get_hours(second), [2.0])

    def test_what_was_worked_before_a_cancellation_was_used(self):
        contract = self._sell_contract()
        repair = self._visit(hours=4.0)
        repair.action_repair_start()
        repair.labour_ids = [Command.create({"hours": 2.0})]
        repair.charge_ids = [
            Command.create(
                {"product_id": self.env.ref("aftersales_service.product_travel").id}
            )
        ]
        repair.action_create_sale_order()
        order = repair.sale_order_id
        self.assertEqual(order.amount_untaxed, 0.0)
        repair.action_repair_cancel()
        self.assertEqual(self._get_hours(repair), [2.0])
        self.assertEqual((contract.hours_used, contract.visits_used), (2.0, 1))
        self.assertEqual(contract.cost, repair.total_cost)
        self.assertEqual(order.amount_untaxed, 0.0)

    def test_a_long_job_that_is_cancelled_is_quoted_no_more(self):
        contract = self._sell_contract()
        repair = self._visit(hours=7.0)
        repair.action_create_sale_order()
        order = repair.sale_order_id
        self.assertGreater(order.amount_untaxed, 0.0)
        repair.labour_ids = [Command.create({"hours": 2.0})]
        repair.action_repair_cancel()
        self.assertEqual(self._get_hours(repair), [2.0])
        self.assertEqual(order.order_line.product_uom_qty, 2.0)
        self.assertEqual(order.amount_untaxed, 0.0)
        repair = self._visit(hours=7.0)
        repair.action_create_sale_order()
        order = repair.sale_order_id
        repair.action_repair_cancel()
        self.assertEqual(order.amount_untaxed, 0.0)
        self.assertEqual(contract.hours_used, 2.0)

    def test_what_the_contract_pays_is_said_before_the_job(self):
        contract = self._sell_contract()
        repair = self._visit(hours=4.0)
        self.assertEqual(repair.coverage, "partial")
        self.assertIn(
            f"Contract {contract.name} until March 9, 2027 covers parts (50 %), labour",
            repair.coverage_note,
        )
        self.assertEqual(repair.contract_left, "1 of 2 visits and 1 of 5 hours")
        self.assertFalse(self._visit(kind="installation").coverage)

    # -- who may choose it

    def test_only_a_contract_that_pays_it_is_chosen(self):
        contract = self._sell_contract()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        other = self._create_asset(
            product_id=self.bare_product.id, partner_id=stranger.id
        )
        foreign = self._sell_contract(assets=other, partner_id=stranger.id)
        ended = self._sell_contract(
            assets=self._create_asset(product_id=self.bare_product.id),
            start=date(2024, 1, 1),
        )
        repair = self._visit(hours=1.0, schedule_date="2026-05-04 09:00:00")
        mine = repair.with_user(self.agent)
        for wrong in (foreign, ended):
            with self.assertRaisesRegex(UserError, "does not cover"):
                mine.contract_id = wrong
            with self.assertRaisesRegex(UserError, "does not cover"):
                repair.copy({}).with_user(self.agent).write({"contract_id": wrong.id})
            entered = self.env["repair.order"].with_user(self.agent)
            values = {**repair.copy_data()[0], "contract_id": wrong.id}
            self.assertEqual(entered.create(values).contract_id, contract)
        self.env.invalidate_all()
        mine.contract_id = False
        mine.contract_id = contract
        self.assertEqual(repair.contract_id, contract)
        failure = self._visit(kind="corrective").with_user(self.agent)
        with self.assertRaisesRegex(UserError, "follows from its coverage"):
            failure.contract_id = False

    def test_one_that_is_unpaid_is_not_chosen(self):
        contract = self._sell_contract()
        self._pay_later(contract, date(2026, 3, 20))
        with freeze_time("2026-03-21 10:00:00"):
            repair = self._visit(schedule_date="2026-05-04 09:00:00")
            self.assertFalse(repair.contract_id)
            with self.assertRaisesRegex(UserError, "runs and is paid"):
                repair.with_user(self.agent).contract_id = contract

    def _claim(self, partner):
        return self.env["aftersales.claim"].create(
            {
                "subject": "It squeaks",
                "partner_id": partner.id,
                "line_ids": [Command.create({"asset_id": self.asset.id})],
            }
        )

    def test_the_contract_of_a_former_owner_pays_nothing(self):
        self.asset.quantity = 3.0
        contract = self._sell_contract()
        before = self._claim(self.customer).line_ids
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.asset.partner_id = buyer
        self.assertFalse(self._claim(buyer).line_ids.contract_id)
        care = self._visit(partner_id=buyer.id)
        self.assertFalse(care.contract_id)
        repair = self._visit(kind="corrective", partner_id=buyer.id)
        self.assertNotIn(contract.name, repair.coverage_note or "")
        # What was claimed before is decided as before.
        before._update_coverage()
        self.assertEqual(before.contract_id, contract)

    def test_one_of_a_thing(self):
        self.terms.write({"visits_included": 1, "hours_included": 1.0})
        contract = self._sell_contract()
        self.assertEqual(contract.left_summary, "1 of 1 visit and 1 of 1 hour")
        self._visit(hours=0.0001)
        self.assertEqual(contract.left_summary, "0 of 1 visit and 1 of 1 hour")

    def test_the_next_visit_is_that_of_any_job_under_it(self):
        contract = self._sell_contract()
        self.assertFalse(contract._get_next_visit_dates())
        self._visit(schedule_date="2026-06-01 08:00:00")
        first = self._visit(schedule_date="2026-05-03 22:30:00")
        self._visit(schedule_date="2026-04-01 08:00:00", kind="corrective")
        self.assertEqual(contract._get_next_visit_dates(), {contract: date(2026, 5, 4)})
        first.action_repair_cancel()
        self.assertEqual(contract._get_next_visit_dates(), {contract: date(2026, 6, 1)})

    def test_the_lines_of_a_claim_share_what_is_left(self):
        other = self._create_asset(product_id=self.bare_product.id)
        contract = self._sell_contract(assets=self.asset | other)
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "Both squeak",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create({"asset_id": asset.id})
                    for asset in self.asset | other
                ],
            }
        )
        self.assertEqual(claim.line_ids.contract_id, contract)
        jobs = self.env["repair.order"]
        for line in claim.line_ids:
            line.remedy = "repair"
            line.action_create_repair()
            line.repair_ids.write({"estimated_hours": 3.0, "service_mode": "onsite"})
            jobs |= line.repair_ids
        self.assertEqual(self._get_hours(*jobs), [3.0, 2.0])
        self.assertEqual(jobs.mapped("contract_visits"), [1, 1])
        self.assertEqual(
            set(jobs.mapped("contract_left")), {"0 of 2 visits and 0 of 5 hours"}
        )

    def test_another_company_s_contract_pays_nothing(self):
        self.terms.scope = "park"
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        company = self.env["res.company"].create({"name": "Second"})
        theirs = self._create_asset(
            product_id=self.bare_product.id, company_id=company.id
        )
        picking_type = self.env["stock.picking.type"].search(
            [("company_id", "=", company.id), ("code", "=", "repair_operation")]
        )
        locations = {
            name: picking_type.default_location_src_id.id
            for name in (
                "location_id",
                "product_location_src_id",
                "product_location_dest_id",
            )
        }
        repair = self._visit(
            asset_id=theirs.id,
            company_id=company.id,
            picking_type_id=picking_type.id,
            location_dest_id=picking_type.default_location_dest_id.id,
            **locations,
        )
        self.assertFalse(repair.contract_id)
        self.assertFalse(repair.contract_left)
        self.assertFalse(repair.coverage)
        self.assertEqual(self._visit().contract_id, contract)
