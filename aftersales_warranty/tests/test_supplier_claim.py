# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common import AftersalesCommon


class RecoveryCommon(AftersalesCommon):
    """A battery that its maker answers for, and an e-bike under warranty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["aftersales.warranty.policy"].create(
            {
                "name": "Law",
                "kind": "legal",
                "duration": 3,
                "coverage_ids": [
                    Command.create({"component": component})
                    for component in ("parts", "labour")
                ],
            }
        )
        cls.bike.aftersales_warranty_policy_ids = cls.policy
        cls.maker = cls.env["res.partner"].create({"name": "Cells Ltd"})
        cls.seller = cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.maker.id,
                "product_tmpl_id": cls.battery.product_tmpl_id.id,
                "aftersales_warranty_months": 24,
                "aftersales_claim_days": 30,
                "aftersales_claim_instructions": "Write to rma@example.com",
            }
        )
        cls.supplier_cause = cls.env["aftersales.cause"].create(
            {"name": "Bad cells", "liability": "supplier"}
        )

    @classmethod
    def _fail(cls, serial="EB-1", cause=None, parts=1):
        """Sell a bike, claim it and repair it with `parts` batteries."""
        asset = cls._sell(cls.bike, serials=[serial])
        line = cls._create_claim(asset).line_ids
        line.cause_id = cause or cls.supplier_cause
        line.action_create_repair()
        repair = line.repair_ids
        repair.move_ids = [
            Command.create(
                {
                    "product_id": cls.battery.id,
                    "product_uom_qty": parts,
                    "repair_line_type": "add",
                }
            )
        ]
        repair.action_validate()
        repair.action_repair_start()
        repair.move_ids.quantity = parts
        repair.move_ids.picked = True
        repair.action_repair_end()
        return line

    @classmethod
    def _get_claims(cls):
        return cls.env["aftersales.supplier.claim"].search(
            [("partner_id", "=", cls.maker.id)], order="id"
        )


@tagged("post_install", "-at_install")
class TestSupplierClaim(RecoveryCommon):
    def test_failed_parts_gather_by_themselves(self):
        line = self._fail(parts=2)
        claim = self._get_claims()
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    "product_id": self.battery.id,
                    "quantity": 2,
                    "unit_cost": 200,
                    "amount": 400,
                    "claim_line_id": line.id,
                    "move_id": line.repair_ids.move_ids.id,
                    "deadline": line._get_coverage_date() + timedelta(days=30),
                }
            ],
        )
        self.assertEqual(claim.deadline, claim.line_ids.deadline)
        self.assertEqual(claim.claimed_amount, 400)
        self.assertIn("rma@example.com", claim.note)
        self.assertRegex(claim.name, r"^SC/")
        # Another failure joins it; looking again gathers nothing twice.
        self._fail("EB-2")
        self.env["aftersales.supplier.claim"]._cron_gather()
        self.assertEqual(self._get_claims(), claim)
        self.assertEqual(len(claim.line_ids), 2)

    def test_found_liable_after_the_repair(self):
        line = self._fail(cause=self.cause)
        self.assertFalse(self._get_claims())
        line.cause_id = self.supplier_cause
        self.assertEqual(len(self._get_claims().line_ids), 1)

    def test_what_the_vendor_does_not_answer_for(self):
        self.seller.aftersales_warranty_months = 0
        self._fail()
        self.seller.aftersales_warranty_months = 1
        asset = self._sell(self.bike, serials=["EB-3"])
        asset.delivery_date = date.today() - timedelta(days=60)
        line = self.env["aftersales.claim.line"].create(
            {
                "claim_id": self._create_claim().id,
                "asset_id": asset.id,
                "cause_id": self.supplier_cause.id,
            }
        )
        failure = {
            "source": line,
            "product": self.battery,
            "lot": self.env["stock.lot"],
        }
        Claim = self.env["aftersales.supplier.claim"]
        self.assertFalse(Claim._get_seller(failure))
        asset.delivery_date = date.today() - timedelta(days=5)
        self.assertEqual(Claim._get_seller(failure), self.seller)
        self.assertFalse(self._get_claims())

    def test_goods_that_were_refunded(self):
        self.seller.copy(
            {
                "product_tmpl_id": self.bike.product_tmpl_id.id,
                "product_id": self.bike.id,
            }
        )
        line = self._create_claim(self._sell(self.bike, serials=["EB-4"])).line_ids
        line.cause_id = self.supplier_cause
        line.sudo().write({"remedy": "refund", "state": "done"})
        gathered = self._get_claims().line_ids
        self.assertEqual(gathered.product_id, self.bike)
        self.assertEqual(gathered.lot_id.name, "EB-4")
        self.assertFalse(gathered.move_id)

    def test_sent_back_credited_and_settled(self):
        self._fail(parts=2)
        claim = self._get_claims().with_user(self.manager)
        claim.action_create_return()
        picking = claim.sudo().picking_ids
        self.assertEqual(picking.location_dest_id.usage, "supplier")
        self.assertEqual(picking.move_ids.product_uom_qty, 2)
        with self.assertRaisesRegex(UserError, "nothing to be moved"):
            claim.action_create_return()
        claim.action_send()
        self.assertEqual(claim.state, "sent")
        claim.action_create_credit_note()
        refund = claim.sudo().refund_ids
        self.assertEqual(refund.move_type, "in_refund")
        self.assertEqual(refund.state, "draft")
        self.assertEqual(claim.recovered_amount, 0)
        with self.assertRaisesRegex(UserError, "nothing left"):
            claim.action_create_credit_note()
        refund.invoice_line_ids.tax_ids = False
        refund.invoice_line_ids.price_unit = 150
        refund.invoice_date = date.today()
        refund.action_post()
        self.assertEqual(claim.recovered_amount, 300)
        self.assertEqual(claim.recovered_percent, 75)
        claim.action_settle()
        with self.assertRaisesRegex(UserError, "moved on"):
            claim.action_settle()
        with self.assertRaises(UserError):
            claim.unlink()

    def test_replaced(self):
        self._fail()
        claim = self._get_claims()
        claim.line_ids.result = "replace"
        claim.action_send()
        with self.assertRaisesRegex(UserError, "nothing left"):
            claim.action_create_credit_note()
        claim.action_create_replacement()
        picking = claim.picking_ids
        self.assertEqual(picking.location_id.usage, "supplier")
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(claim.replaced_amount, 200)
        self.assertEqual(claim.recovered_percent, 100)

    def test_after_sending_another_one_gathers(self):
        self._fail()
        first = self._get_claims()
        first.action_send()
        self._fail("EB-2")
        self.assertEqual(len(self._get_claims()), 2)
        second = self._get_claims() - first
        second.action_cancel()
        self.env["aftersales.supplier.claim"]._cron_gather()
        third = self._get_claims() - first - second
        self.assertEqual(len(third.line_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_nothing_is_claimed_twice(self):
        self._fail()
        claim = self._get_claims()
        values = {
            "claim_id": claim.id,
            "product_id": self.battery.id,
            "move_id": claim.line_ids.move_id.id,
        }
        Line = self.env["aftersales.supplier.claim.line"]
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            Line.create(values)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            Line.create({**values, "move_id": False, "quantity": -1})
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.seller.aftersales_warranty_months = -1
            self.seller.flush_recordset()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_only_managers_claim(self):
        self._fail()
        claim = self._get_claims()
        self.assertEqual(claim.with_user(self.agent).read(["name"])[0]["id"], claim.id)
        for user in (self.agent, self.technician, self.portal_user):
            for method in (
                "action_send",
                "action_create_return",
                "action_create_credit_note",
                "action_cancel",
            ):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        getattr(claim.with_user(user), method)()
        other = self.env["res.company"].create({"name": "Other shop"})
        claim.company_id = other
        self.assertFalse(claim.with_user(self.manager).search([("id", "=", claim.id)]))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_steps_are_no_fields_to_edit(self):
        line = self._fail()
        claim = self._get_claims().with_user(self.manager)
        for record, values in (
            (claim, {"state": "done"}),
            (claim, {"date_sent": date(2026, 1, 1)}),
            (claim.line_ids, {"claim_line_id": False}),
            (claim.line_ids, {"move_id": False}),
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                record.write(values)
        self.assertEqual(claim.line_ids.sudo().claim_line_id, line)


@tagged("post_install", "-at_install")
class TestCost(RecoveryCommon):
    def test_cost_of_a_policy(self):
        line = self._fail()
        self._sell(self.bike, serials=["EB-8"])
        self.env.flush_all()
        self.assertEqual(line.warranty_id, line.asset_id.warranty_ids)
        rows = self.env["aftersales.warranty.cost"]._read_group(
            [("policy_id", "=", self.policy.id)],
            ["policy_id"],
            ["sold:sum", "claims:sum", "cost:sum", "claim_rate:avg", "recovered:sum"],
        )
        self.assertEqual(rows, [(self.policy, 2, 1, line.cost, 50, 200)])
        self.assertEqual(line.cost, 200)
        manager = self.env["aftersales.warranty.cost"].with_user(self.manager)
        self.assertTrue(manager.search([("policy_id", "=", self.policy.id)]))
        for user in (self.agent, self.portal_user):
            with self.assertRaises(AccessError):
                manager.with_user(user).search([])

    def test_rates_are_those_of_the_sums(self):
        """One claim in four units is a quarter, however the units are spread."""
        self.helmet.aftersales_warranty_policy_ids = self.policy
        line = self._fail()
        self._sell(self.helmet, 3)
        self.env.flush_all()
        report = self.env["aftersales.warranty.cost"].with_user(self.manager)
        domain = [("policy_id", "=", self.policy.id)]
        rates = ["claim_rate:avg", "unit_cost:avg"]
        rows = report._read_group(domain, ["policy_id"], rates)
        self.assertEqual(rows, [(self.policy, 25, line.cost / 4)])
        rows = report._read_group(domain, ["product_id"], rates)
        self.assertIn((self.bike, 100, line.cost), rows)
        # Causes sell nothing: theirs is the rate of their products.
        rows = report._read_group(domain, ["cause_id"], ["claim_rate:avg"])
        self.assertIn((self.supplier_cause, 100), rows)

    def test_what_is_not_covered_costs_no_warranty(self):
        self.policy.excluded_cause_ids = self.supplier_cause
        line = self._fail()
        self.assertEqual(line.coverage, "not_covered")
        self.assertFalse(line.warranty_id)

    def _provide(self, user=None, **values):
        accountant = user or self._create_user("books", "account.group_account_user")
        wizard = self.env["aftersales.warranty.provision"].with_user(accountant)
        return wizard.create(values)

    def _account(self, code, kind):
        return self.env["account.account"].create(
            {"name": code, "code": code, "account_type": kind}
        )

    def test_provision_with_its_computation(self):
        # Half a year of one bike has cost 200; two and a half years are to come.
        line = self._fail()
        today = self.company._aftersales_today()
        line.asset_id.warranty_ids.write(
            {
                "date_start": today - timedelta(days=99),
                "date_end": today + timedelta(days=300),
            }
        )
        wizard = self._provide(
            expense_account_id=self._account("X69500", "expense").id,
            provision_account_id=self._account("X49990", "liability_current").id,
        )
        mine = wizard.line_ids.filtered(lambda one: one.policy_id == self.policy)
        # A hundred days behind us, three hundred to come.
        self.assertEqual(mine.cost, 200)
        self.assertEqual(mine.amount, 600)
        self.assertEqual(wizard.amount, wizard.expected_amount)
        action = wizard.action_create_entry()
        entry = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(entry.state, "draft")
        self.assertIn("Law: ", entry.narration)
        self.assertEqual(sum(entry.line_ids.mapped("debit")), wizard.amount)
        entry.action_post()
        # The next time only the difference is proposed.
        again = self._provide(user=wizard.env.user)
        self.assertEqual(again.provision_account_id, wizard.provision_account_id)
        self.assertEqual(again.booked_amount, wizard.amount)
        self.assertEqual(again.amount, 0)
        with self.assertRaisesRegex(UserError, "what is expected"):
            again.action_create_entry()

    def test_provision_needs_accounts_and_accountants(self):
        self._fail()
        with self.assertRaisesRegex(UserError, "both accounts"):
            self._provide().action_create_entry()
        with self.assertRaises(AccessError):
            self._provide(user=self.manager)
