# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractDownPayment(ContractCommon):
    """What was paid before is taken off what is billed, and never more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.env["account.tax"].create(
            {"name": "21 % of the test", "amount": 21.0, "type_tax_use": "sale"}
        )
        cls.service.taxes_id = tax
        cls.tax = tax

    def _run_bill(self, moment):
        self._run("ir_cron_contract_bill", moment)

    def _pay_down(self, order, is_posted=True, **values):
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": [Command.set(order.ids)], **values}
        )
        invoice = wizard._create_invoices(order)
        if is_posted:
            invoice.action_post()
        return invoice

    def _get_totals(self, order):
        """[(untaxed, total)] of the order's invoices that stand, oldest first."""
        standing = order.invoice_ids.filtered(lambda move: move.state != "cancel")
        return [
            (move.amount_untaxed_signed, move.amount_total_signed)
            for move in standing.sorted("id")
        ]

    def _sum(self, order):
        totals = self._get_totals(order)
        return tuple(round(sum(one), 2) for one in zip(*totals, strict=True))

    def test_all_was_paid_before(self):
        contract = self._sell_contract(quantity=3)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=100)
        self._run_bill("2026-03-10 12:00:00")
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(
            self._get_totals(order), [(90.0, 108.9), (0.0, 0.0), (0.0, 0.0)]
        )
        self.assertEqual(contract.period_ids.mapped("state"), ["billed"] * 3)
        advances = order.order_line.filtered("is_downpayment")
        self.assertFalse(any(advances.mapped("qty_to_invoice")))

    def test_a_part_is_used_up_by_the_first_periods(self):
        contract = self._sell_contract(start=date(2026, 3, 1), quantity=4)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="fixed", fixed_amount=50.0)
        for month in (3, 4, 5, 6):
            self._run_bill(f"2026-{month:02}-01 12:00:00")
            order.invoice_ids.filtered(lambda m: m.state == "draft").action_post()
        # 50.00 with tax are 41.32 without: one month, and a part of the next.
        self.assertEqual(
            self._get_totals(order),
            [(41.32, 50.0), (0.0, 0.0), (18.68, 22.6), (30.0, 36.3), (30.0, 36.3)],
        )
        self.assertEqual(self._sum(order), (120.0, 145.2))

    def test_a_person_bills_as_the_cron_does(self):
        contract = self._sell_contract(quantity=3)
        self._pay_down(
            contract.sale_order_id, advance_payment_method="percentage", amount=10
        )
        accountant = self._create_user("counts2", "account.group_account_invoice")
        contract.with_user(accountant).action_bill()
        self.assertEqual(
            self._get_totals(contract.sale_order_id)[1], (21.0, round(21 * 1.21, 2))
        )

    def test_a_final_invoice_takes_no_more_than_it_bills(self):
        contract = self._sell_contract(quantity=3)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=50)
        order._create_invoices(final=True)
        self.assertEqual(self._get_totals(order)[1], (0.0, 0.0))
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(self._sum(order), (90.0, 108.9))

    def test_the_rest_of_the_order_is_billed_apart(self):
        machine = self._create_product(
            name="Machine",
            invoice_policy="order",
            taxes_id=[Command.set(self.tax.ids)],
        )
        order = self._quote_contract(
            order_line=[
                Command.create({"product_id": machine.id, "price_unit": 900.0}),
                Command.create(
                    {
                        "product_id": self.service.id,
                        "product_uom_qty": 3,
                        "aftersales_contract_asset_ids": [Command.set(self.asset.ids)],
                    }
                ),
            ]
        )
        order.action_confirm()
        self._pay_down(order, advance_payment_method="percentage", amount=20)
        # 198: the first month takes 30 of it, the machine the rest.
        self._run_bill("2026-03-10 12:00:00")
        order._create_invoices(final=True)
        self.assertEqual(
            [one[0] for one in self._get_totals(order)], [198.0, 0.0, 732.0]
        )
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(self._sum(order), (990.0, round(990 * 1.21, 2)))

    def test_what_waits_for_its_products_is_still_to_come(self):
        machine = self._create_product(
            name="Machine",
            invoice_policy="order",
            taxes_id=[Command.set(self.tax.ids)],
        )
        order = self._quote_contract(assets=self.env["aftersales.asset"], quantity=3)
        order.order_line = [
            Command.create({"product_id": machine.id, "price_unit": 900.0})
        ]
        order.action_confirm()
        contract = order.order_line.aftersales_contract_ids
        self.assertEqual(contract.state, "draft")
        self._pay_down(order, advance_payment_method="percentage", amount=100)
        order._create_invoices(final=True)
        self.assertEqual([one[0] for one in self._get_totals(order)], [990.0, 0.0])
        contract.asset_line_ids = [Command.create({"asset_id": self.asset.id})]
        contract.action_activate()
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual([one[0] for one in self._get_totals(order)], [990.0, 0.0, 0.0])

    def test_of_another_tax_it_is_left_to_what_it_was_for(self):
        machine = self._create_product(
            name="Machine", invoice_policy="order", taxes_id=[Command.clear()]
        )
        order = self._quote_contract(quantity=3)
        order.order_line = [
            Command.create({"product_id": machine.id, "price_unit": 900.0})
        ]
        order.action_confirm()
        self._pay_down(order, advance_payment_method="percentage", amount=100)
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(self._get_totals(order)[1], (0.0, 0.0))
        order._create_invoices(final=True)
        self.assertEqual(self._sum(order), (990.0, 1008.9))

    def test_a_cancelled_bill_gives_its_part_back(self):
        contract = self._sell_contract(quantity=3)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=50)
        contract._bill().button_cancel()
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(self._sum(order), (90.0, 108.9))

    def test_a_credited_bill_gives_its_part_back(self):
        contract = self._sell_contract(quantity=3)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=50)
        invoice = contract._bill()
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        contract.period_ids.action_bill_again()
        self._run_bill("2027-01-01 12:00:00")
        self.assertEqual(self._sum(order), (90.0, 108.9))

    def test_a_draft_is_not_deducted_at_night(self):
        contract = self._sell_contract(quantity=2)
        order = contract.sale_order_id
        advance = self._pay_down(
            order, is_posted=False, advance_payment_method="percentage", amount=50
        )
        self._run_bill("2026-03-10 12:00:00")
        self.assertEqual(self._get_totals(order)[1], (30.0, 36.3))
        advance.action_post()
        self._run_bill("2026-04-10 12:00:00")
        self.assertEqual(self._sum(order), (60.0, 72.6))

    def test_what_is_left_of_it_when_the_contract_is_cancelled(self):
        seller = self._create_user("seller9", "sales_team.group_sale_salesman")
        contract = self._sell_contract(quantity=2, user_id=seller.id)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=100)
        contract._bill()
        contract._action_cancel()
        asked = contract.activity_ids
        self.assertEqual(asked.user_id, seller)
        self.assertIn("30.00", asked.summary)
        self.assertIn(order.name, asked.summary)

    def test_one_more_product_than_was_paid_for(self):
        self.terms.price_per_asset = True
        contract = self._sell_contract(quantity=2)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=100)
        other = self._create_asset(product_id=self.bare_product.id)
        contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self._run_bill("2026-03-10 12:00:00")
        self._run_bill("2026-04-10 12:00:00")
        self.assertEqual([one[0] for one in self._get_totals(order)], [60.0, 0.0, 60.0])

    def test_taxes_in_the_price(self):
        self.tax.price_include_override = "tax_included"
        self.service.list_price = 36.3
        contract = self._sell_contract(quantity=3)
        order = contract.sale_order_id
        self._pay_down(order, advance_payment_method="percentage", amount=50)
        for month in (3, 4, 5):
            self._run_bill(f"2026-{month:02}-11 12:00:00")
            order.invoice_ids.filtered(lambda m: m.state == "draft").action_post()
        self.assertEqual(self._sum(order), (90.0, 108.9))
        self.assertTrue(all(total >= 0 for _net, total in self._get_totals(order)))
