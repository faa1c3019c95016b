# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractPayment(ContractCommon):
    """An invoice that is overdue stops the contract; once paid it goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.unpaid_days = 10
        cls.contract = cls._sell_contract()
        cls.invoice = cls.contract._bill()
        cls.invoice.write(
            {
                "invoice_date": date(2026, 3, 10),
                "invoice_payment_term_id": False,
                "invoice_date_due": date(2026, 3, 31),
            }
        )
        cls.invoice.action_post()

    def _follow(self, moment):
        self._run("ir_cron_contract_payment", moment)

    def _claim(self):
        return self.env["aftersales.claim"].create(
            {
                "subject": "It squeaks",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {
                            "asset_id": self.asset.id,
                            "product_id": self.asset.product_id.id,
                        }
                    )
                ],
            }
        )

    def _repair(self, kind):
        return self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.asset.product_id.id,
                "asset_id": self.asset.id,
                "service_kind": kind,
                "service_mode": "onsite",
                "estimated_hours": 1.0,
            }
        )

    def _pay(self, user=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        if user:
            wizard = wizard.with_user(user)
        wizard.create({})._create_payments()

    def test_paid_at_last_open_claims_and_jobs_are_covered(self):
        accountant = self._create_user("counts3", "account.group_account_invoice")
        with freeze_time("2026-05-01 10:00:00"):
            line = self._claim().line_ids
            job = self._repair("corrective")
            care = self._repair("preventive")
            self.assertEqual(line.coverage, "not_covered")
            self.assertEqual(job.coverage, "not_covered")
            self.assertFalse(care.contract_id)
            self._pay(accountant)
            self.assertEqual(line.coverage, "partial")
            self.assertEqual(line.contract_id, self.contract)
            self.assertEqual(job.coverage, "partial")
            self.assertEqual(care.contract_id, self.contract)

    def test_paid_in_time_decides_nothing_anew(self):
        line = self._claim().line_ids
        lines = type(line)
        self.patch(lines, "_update_coverage", lambda self: 1 / 0)
        with freeze_time("2026-04-10 10:00:00"):
            self._pay()
        self.assertEqual(line.coverage, "partial")

    def test_overdue_is_noted_once_on_its_day(self):
        care = self._repair("preventive")
        done = self._repair("preventive")
        done.state = "done"
        self.assertEqual((care | done).contract_id, self.contract)
        self._follow("2026-04-10 10:00:00")
        self.assertFalse(self.contract.is_suspension_known)
        self._follow("2026-04-11 10:00:00")
        self.assertTrue(self.contract.is_suspension_known)
        self.assertFalse(care.contract_id)
        self.assertEqual(done.contract_id, self.contract)
        self._follow("2026-04-12 10:00:00")
        told = self.contract.message_ids.filtered(lambda m: "overdue" in m.body)
        self.assertEqual(len(told), 1)
        self.assertIn("04/11/2026", told.body)
        with freeze_time("2026-04-20 10:00:00"):
            self._pay()
        self.assertFalse(self.contract.is_suspension_known)
        self.assertEqual(care.contract_id, self.contract)
        self.assertIn("covers again", self.contract.message_ids[0].body)

    def test_paid_when_it_is_over_it_covers_no_more(self):
        self._follow("2026-04-11 10:00:00")
        with freeze_time("2027-04-10 10:00:00"):
            self.contract._expire()
            self.env.invalidate_all()
            self._pay()
        self.assertFalse(self.contract.is_suspension_known)
        told = self.contract.message_ids.mapped("body")
        self.assertFalse([body for body in told if "covers again" in body])

    def test_a_claim_from_before_stays_covered(self):
        line = self._claim().line_ids
        self._follow("2026-04-11 10:00:00")
        self.assertEqual(line.coverage, "partial")

    def test_credited_it_goes_on_the_next_night(self):
        self._follow("2026-04-11 10:00:00")
        with freeze_time("2026-04-12 10:00:00"):
            line = self._claim().line_ids
            self.assertEqual(line.coverage, "not_covered")
            self.invoice._reverse_moves(cancel=True)
        self._follow("2026-04-13 10:00:00")
        self.assertFalse(self.contract.is_suspension_known)
        self.assertEqual(line.coverage, "partial")

    def test_what_the_customer_approved_stays(self):
        care = self._repair("preventive")
        care.action_create_sale_order()
        care.sale_order_id.action_confirm()
        self._follow("2026-04-11 10:00:00")
        self.assertEqual(care.contract_id, self.contract)

    def test_the_night_costs_what_changes(self):
        self._follow("2026-04-11 10:00:00")
        contracts = self.env["aftersales.contract"]
        with freeze_time("2026-04-12 10:00:00"), self.assertQueryCount(12):
            self.env.invalidate_all()
            contracts.search([("is_suspension_known", "=", True)])._follow_suspension()
