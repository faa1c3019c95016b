# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon

VALUES = ("revenue", "charged", "cost", "margin")
#: Of labour beyond the contract: hours left, hours of the job, price of an hour,
#: hours taken of the contract, what the customer pays (a discount of two decimals).
SHARED = [
    (5.0, 5.0, 40.0, 5.0, 0.0),
    (5.0, 6.0, 40.0, 5.0, 40.01),
    (2.0, 4.0, 40.0, 2.0, 80.0),
    (1.0, 3.0, 33.33, 1.0, 66.66),
    (2.5, 7.5, 45.5, 2.5, 227.51),
    (3.0, 7.0, 45.5, 3.0, 181.99),
    (0.0, 1.5, 33.33, 0.0, 50.0),
]


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractResult(ContractCommon):
    """What contracts bring, what is charged on top, and what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.labour = cls.env.ref("aftersales_service.product_labour")
        cls.labour.write(
            {"list_price": 40.0, "standard_price": 12.0, "taxes_id": [Command.clear()]}
        )
        cls.travel = cls.env.ref("aftersales_service.product_travel")
        cls.travel.write({"list_price": 25.0, "taxes_id": [Command.clear()]})

    def _visit(self, hours, **values):
        return self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.asset.product_id.id,
                "asset_id": self.asset.id,
                "service_kind": "preventive",
                "service_mode": "onsite",
                "estimated_hours": hours,
                "labour_ids": [
                    Command.create({"hours": hours, "product_id": self.labour.id})
                ],
                **values,
            }
        )

    def _charge(self, repair, moment="2026-03-10 10:00:00"):
        """Quote what the job takes beyond the contract, and invoice it."""
        repair.action_create_sale_order()
        order = repair.sale_order_id
        with freeze_time(moment):
            order.action_confirm()
            order.order_line.qty_delivered = 0
            for line in order.order_line:
                line.qty_delivered = line.product_uom_qty
            invoice = order._create_invoices()
            invoice.action_post()
        return invoice

    def _get_result(self, contract):
        self.env.invalidate_all()
        return tuple(contract[name] for name in VALUES)

    def _get_rows(self, domain, groupby=()):
        return self.env["aftersales.contract.result"]._read_group(
            domain, groupby, [f"{name}:sum" for name in VALUES]
        )

    def test_what_is_charged_on_top(self):
        contract = self._sell_contract()
        contract._bill().action_post()
        # Ten hours, of which the contract pays five.
        invoice = self._charge(self._visit(10.0))
        self.assertEqual(invoice.amount_untaxed, 200.0)
        self.assertEqual(self._get_result(contract), (30.0, 200.0, 120.0, 110.0))
        # Credited, it was not charged.
        invoice._reverse_moves(cancel=True)
        self.assertEqual(self._get_result(contract), (30.0, 0.0, 120.0, -90.0))

    def test_charged_for_each_product(self):
        self.terms.price_per_asset = True
        other = self._create_asset(product_id=self.bare_product.id)
        contract = self._sell_contract(assets=self.asset | other)
        contract._bill().action_post()
        first = self._visit(5.0)
        second = self._visit(1.0, asset_id=other.id)
        self._charge(first)
        self._charge(second)
        self.assertEqual(first.sale_order_id.amount_untaxed, 0.0)
        self.assertEqual(second.sale_order_id.amount_untaxed, 40.0)
        self.assertEqual(self._get_result(contract), (60.0, 40.0, 72.0, 28.0))

    def test_covered_and_quoted_make_up_the_whole(self):
        for left, needed, price, taken, pays in SHARED:
            with self.subTest(left=left, needed=needed), self.cr.savepoint() as point:
                self.terms.hours_included = left
                self.labour.list_price = price
                self._sell_contract()
                repair = self._visit(needed)
                self.assertAlmostEqual(repair.contract_hours, taken)
                repair.action_create_sale_order()
                line = repair.sale_order_id.order_line
                whole = line.currency_id.round(line.product_uom_qty * line.price_unit)
                covered = whole - line.currency_id.round(
                    whole * (1 - line.discount / 100)
                )
                self.assertAlmostEqual(line.price_subtotal, pays)
                self.assertAlmostEqual(covered + line.price_subtotal, whole)
                self.assertAlmostEqual(repair.customer_amount, line.price_subtotal)
                # The same contract is sold anew for the next one.
                point.rollback()
                self.env.invalidate_all()

    def test_the_report_says_what_the_contracts_say(self):
        contract = self._sell_contract(start=date(2026, 2, 1))
        contract._bill().action_post()
        self._charge(self._visit(10.0), "2026-04-02 10:00:00")
        # What was worked of it stays its cost.
        cancelled = self._visit(1.0)
        cancelled.action_repair_cancel()
        mine = [("contract_id", "=", contract.id)]
        result = self._get_result(contract)
        self.assertEqual(result, (60.0, 200.0, 132.0, 128.0))
        self.assertEqual(self._get_rows(mine), [result])
        by_product = self._get_rows(mine, ["product_id", "partner_id", "terms_id"])
        self.assertEqual(
            by_product, [(self.service, self.customer, self.terms, *result)]
        )
        months = self._get_rows(mine, ["date:month"])
        self.assertEqual(
            [(month, revenue, charged) for month, revenue, charged, *_rest in months],
            [(date(2026, 3, 1), 60.0, 0.0), (date(2026, 4, 1), 0.0, 200.0)],
        )

    def test_a_draft_is_no_revenue(self):
        contract = self._sell_contract()
        contract._bill()
        self.assertFalse(
            self.env["aftersales.contract.result"].search(
                [("contract_id", "=", contract.id)]
            )
        )

    def test_who_sees_it(self):
        contract = self._sell_contract()
        contract._bill().action_post()
        result = self.env["aftersales.contract.result"]
        domain = [("contract_id", "=", contract.id)]
        for group in (
            "aftersales_service.group_manager",
            "account.group_account_invoice",
        ):
            user = self._create_user(group, group)
            self.assertTrue(result.with_user(user).search(domain))
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user.write({"company_ids": company.ids, "company_id": company.id})
        self.assertFalse(result.with_user(user).search(domain))
        agent = self._create_user("agent6", "aftersales_service.group_user")
        with self.assertRaises(AccessError):
            result.with_user(agent).search(domain)
