# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractBilling(ContractCommon):
    def _bill(self, moment="2026-03-10 10:00:00"):
        self._run("ir_cron_contract_bill", moment)

    def _invoices(self, contract):
        return contract.sale_line_id.invoice_lines.move_id

    def test_each_period_is_billed_once_whatever_the_cron_does(self):
        contract = self._sell_contract(start=date(2026, 1, 31), quantity=3)
        self.assertRecordValues(
            contract.period_ids,
            [
                {"date_from": date(2026, 1, 31), "date_to": date(2026, 2, 27)},
                {"date_from": date(2026, 2, 28), "date_to": date(2026, 3, 30)},
                {"date_from": date(2026, 3, 31), "date_to": date(2026, 4, 29)},
            ],
        )
        self._bill()
        self._bill()
        # Two had begun when it was first looked at: none was left out.
        invoice = self._invoices(contract)
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.amount_untaxed, 60.0)
        self.assertEqual(invoice.invoice_line_ids.sale_line_ids, contract.sale_line_id)
        self.assertIn("01/31/2026 to 03/30/2026", invoice.invoice_line_ids.name)
        self._bill("2026-03-30 20:00:00")
        self.assertEqual(self._invoices(contract), invoice)
        # Midnight in Madrid, not in London.
        self._bill("2026-03-30 22:30:00")
        self.assertEqual(sum(self._invoices(contract).mapped("amount_untaxed")), 90.0)
        self._bill("2027-01-01 10:00:00")
        self.assertEqual(len(self._invoices(contract)), 2)
        self.assertEqual(contract.sale_order_id.invoice_status, "invoiced")
        self.assertFalse(contract.next_invoice_date)

    def test_a_person_and_the_cron_bill_the_same_once(self):
        contract = self._sell_contract()
        order = contract.sale_order_id
        order._create_invoices()
        with self.assertRaisesRegex(UserError, "No items are available"):
            order._create_invoices()
        self._bill()
        self.assertEqual(len(self._invoices(contract)), 1)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            contract.action_bill()

    def test_only_the_contract_is_billed_not_the_rest_of_the_order(self):
        machine = self._create_product(name="Machine", invoice_policy="order")
        order = self._quote_contract(
            order_line=[
                Command.create({"product_id": machine.id, "price_unit": 900.0}),
                Command.create(
                    {
                        "product_id": self.service.id,
                        "aftersales_contract_asset_ids": [Command.set(self.asset.ids)],
                    }
                ),
            ]
        )
        order.action_confirm()
        self._bill()
        self.assertEqual(order.invoice_ids.amount_untaxed, 30.0)

    def test_in_advance(self):
        self.terms.write({"invoice_period": "once"})
        contract = self._sell_contract()
        self.assertEqual(contract.sale_line_id.product_uom_qty, 1)
        self.assertEqual(contract.date_end, date(2027, 3, 9))
        self._bill()
        self.assertEqual(self._invoices(contract).amount_untaxed, 30.0)
        contract.sale_line_id.product_uom_qty = 2
        self.assertEqual(contract.date_end, date(2028, 3, 9))
        self._bill("2027-03-10 10:00:00")
        self.assertEqual(sum(self._invoices(contract).mapped("amount_untaxed")), 60.0)

    def test_an_invoice_that_was_deleted_or_cancelled_is_made_again(self):
        contract = self._sell_contract()
        self._bill()
        self._invoices(contract).unlink()
        self.assertEqual(contract.period_ids[0].state, "due")
        self._bill()
        invoice = self._invoices(contract)
        self.assertEqual(invoice.amount_untaxed, 30.0)
        invoice.button_cancel()
        self._bill()
        standing = self._invoices(contract).filtered(lambda m: m.state != "cancel")
        self.assertEqual(len(standing), 1)

    def test_a_cancelled_bill_does_not_come_back_beside_the_new_one(self):
        contract = self._sell_contract()
        first = contract._bill()
        first.button_cancel()
        first.button_draft()
        self.assertEqual(contract.period_ids[0].state, "billed")
        first.button_cancel()
        self._bill()
        with self.assertRaisesRegex(UserError, "it stays cancelled"):
            first.button_draft()
        second = self._invoices(contract) - first
        second.action_post()
        second.button_draft()
        self.assertEqual(contract.period_ids[0].move_id, second)

    def test_contracts_of_one_order_are_billed_together(self):
        other = self._create_asset(product_id=self.bare_product.id)
        order = self._quote_contract(
            order_line=[
                Command.create(
                    {
                        "product_id": self.service.id,
                        "aftersales_contract_asset_ids": [Command.set(asset.ids)],
                    }
                )
                for asset in (self.asset, other)
            ]
        )
        order.action_confirm()
        contracts = order.order_line.aftersales_contract_ids
        self._bill()
        self.assertEqual(len(order.invoice_ids), 1)
        self.assertEqual(order.invoice_ids.amount_untaxed, 60.0)
        self.assertEqual(
            [contract.period_ids[0].state for contract in contracts], ["billed"] * 2
        )
        # One alone, when a person asks.
        with freeze_time("2026-04-10 10:00:00"):
            contracts[0].action_bill()
        self.assertEqual(len(order.invoice_ids), 2)
        self.assertEqual(sum(order.invoice_ids.mapped("amount_untaxed")), 90.0)

    def test_what_is_billed_for_nothing_is_asked_about(self):
        seller = self._create_user("seller7", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        new = self._create_asset(product_id=self.bare_product.id)
        self.asset._replace_by(new)
        self._bill()
        self.assertFalse(contract.activity_ids)
        new.state = "returned"
        self._bill("2026-04-10 10:00:00")
        self._bill("2026-05-10 10:00:00")
        self.assertEqual(contract.activity_ids.user_id, seller)
        self.assertIn("no product any more", contract.activity_ids.summary)

    def test_nobody_is_told_of_each_draft(self):
        seller = self._create_user("seller3", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        self._bill()
        self.assertEqual(self._invoices(contract).invoice_user_id, seller)
        told = self.env["mail.mail"].search(
            [("recipient_ids", "in", seller.partner_id.ids)]
        )
        self.assertFalse(told.filtered(lambda mail: mail.model == "account.move"))

    def test_a_price_for_each_product_follows_them(self):
        self.terms.price_per_asset = True
        leaves, comes = (
            self._create_asset(product_id=self.bare_product.id) for _number in range(2)
        )
        contract = self._sell_contract(assets=self.asset | leaves, quantity=4)
        self._bill()
        self.assertEqual(self._invoices(contract).amount_untaxed, 60.0)
        with freeze_time("2026-03-20 10:00:00"):
            contract.asset_line_ids = [Command.create({"asset_id": comes.id})]
        # What takes the place of another is not paid twice.
        new = self._create_asset(product_id=self.bare_product.id)
        with freeze_time("2026-03-25 10:00:00"):
            self.asset._replace_by(new)
        self.assertEqual(
            [row["amount"] for row in contract._get_period_rows()], [60, 90, 90, 90]
        )
        with freeze_time("2026-05-12 10:00:00"):
            (comes | leaves).state = "returned"
        self._bill("2026-06-10 10:00:00")
        # April and May three, June one.
        self.assertEqual(
            self._invoices(contract).sorted("id").mapped("amount_untaxed"),
            [60.0, 210.0],
        )
        # What was signed stays as it was.
        self.assertEqual(contract.sale_line_id.price_unit, 60.0)

    def test_what_is_exchanged_on_a_period_s_first_day_is_paid_once(self):
        self.terms.price_per_asset = True
        leaves = self._create_asset(product_id=self.bare_product.id)
        new = self._create_asset(product_id=self.bare_product.id)
        contract = self._sell_contract(assets=self.asset | leaves, quantity=3)
        with freeze_time("2026-04-10 10:00:00"):
            self.asset._replace_by(new)
        self.assertEqual(
            [row["amount"] for row in contract._get_period_rows()], [60, 60, 60]
        )
        # What leaves on that day, and nothing comes, is not paid for what follows.
        with freeze_time("2026-05-10 10:00:00"):
            leaves.state = "returned"
        self.assertEqual(
            [row["amount"] for row in contract._get_period_rows()], [60, 60, 30]
        )

    def test_the_price_for_each_product_is_kept_as_sold(self):
        self.terms.price_per_asset = True
        leaves = self._create_asset(product_id=self.bare_product.id)
        each = self._sell_contract(assets=self.asset | leaves, quantity=3)
        self.terms.price_per_asset = False
        others = self._create_asset(product_id=self.bare_product.id)
        others |= self._create_asset(product_id=self.bare_product.id)
        whole = self._sell_contract(assets=others, quantity=3)
        self.terms.price_per_asset = True
        with freeze_time("2026-03-20 10:00:00"):
            (leaves | others[0]).state = "returned"
        self._bill("2026-04-10 10:00:00")
        self.assertEqual(self._invoices(each).amount_untaxed, 90.0)
        self.assertEqual(self._invoices(whole).amount_untaxed, 60.0)
        manager = self._create_user("boss3", "aftersales_service.group_manager")
        with self.assertRaises(AccessError):
            whole.with_user(manager).price_per_asset = True

    def test_contracts_from_before_the_price_was_kept(self):
        self.terms.price_per_asset = True
        each = self._sell_contract()
        whole = self._sell_contract(
            assets=self._create_asset(product_id=self.bare_product.id)
        )
        whole.terms_id = self.terms.copy({"price_per_asset": False})
        self.env.flush_all()
        self.cr.execute("ALTER TABLE aftersales_contract DROP COLUMN price_per_asset")
        self.env["aftersales.contract"]._init_price_per_asset()
        self.env.invalidate_all()
        self.assertTrue(each.price_per_asset)
        self.assertFalse(whole.price_per_asset)

    def test_one_more_where_all_is_billed_is_left_to_a_person(self):
        self.terms.write({"price_per_asset": True, "invoice_period": "once"})
        seller = self._create_user("seller2", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        self._bill()
        other = self._create_asset(product_id=self.bare_product.id)
        contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self.assertEqual(contract.activity_ids.user_id, seller)
        self.assertIn(other.name, contract.activity_ids.note)

    def test_what_was_credited_is_not_billed_again(self):
        contract = self._sell_contract()
        self._bill()
        invoice = self._invoices(contract)
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        self._bill("2026-03-11 10:00:00")
        self.assertEqual(
            len(
                self._invoices(contract).filtered(
                    lambda move: move.move_type == "out_invoice"
                )
            ),
            1,
        )

    def test_a_poisoned_contract_does_not_stop_the_others(self):
        bad = self._sell_contract()
        asset = self._create_asset(product_id=self.bare_product.id)
        good = self._sell_contract(assets=asset)
        prepare = type(self.env["sale.order"])._prepare_invoice

        def poisoned(order):
            if order == bad.sale_order_id:
                raise ValueError("poisoned")
            return prepare(order)

        self.patch(type(self.env["sale.order"]), "_prepare_invoice", poisoned)
        with mute_logger(
            "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"
        ):
            self._bill()
        self.assertFalse(self._invoices(bad))
        self.assertEqual(len(self._invoices(good)), 1)
        self.patch(type(self.env["sale.order"]), "_prepare_invoice", prepare)
        self._bill()
        self.assertEqual(len(self._invoices(bad)), 1)

    def test_the_ledger_has_each_period_once(self):
        contract = self._sell_contract()
        with (
            self.assertRaisesRegex(Exception, "period_uniq"),
            mute_logger("odoo.sql_db"),
        ):
            with self.cr.savepoint():
                contract.period_ids[0].copy({"contract_id": contract.id})
        contract._sync_periods()
        self.assertEqual(len(contract.period_ids), 12)

    def test_a_cancelled_contract_owes_what_had_begun(self):
        contract = self._sell_contract(start=date(2026, 3, 1))
        contract._action_cancel()
        self.assertEqual(contract.period_ids.mapped("date_from"), [date(2026, 3, 1)])

    def test_an_order_cancelled_before_its_contract_began(self):
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        self.assertEqual(contract.state, "draft")
        contract.sale_order_id._action_cancel()
        self.assertEqual(contract.state, "cancelled")
        self.assertFalse(contract.period_ids)

    def test_a_cancelled_order_is_billed_no_more(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        self._bill()
        contract.sale_order_id._action_cancel()
        self.assertFalse(contract.period_ids)
        self.assertFalse(contract.has_due)
        self._bill("2026-06-01 10:00:00")
        self.assertEqual(self._invoices(contract).state, "cancel")

    def test_an_order_cancelled_after_its_contract_is_not_tried_again(self):
        contract = self._sell_contract(start=date(2026, 3, 1))
        contract._action_cancel()
        contract._mark_due()
        self.assertTrue(contract.has_due)
        contract.sale_order_id._action_cancel()
        self.assertTrue(contract.period_ids)
        self.assertFalse(contract.has_due)
        self.assertFalse(contract.next_invoice_date)
        self._bill("2026-03-11 10:00:00")
        self.assertFalse(contract.error)
        self.assertFalse(self._invoices(contract))

    def test_an_order_that_is_paid_at_once_is_billed_by_its_periods(self):
        contract = self._sell_contract(start=date(2026, 3, 1), quantity=3)
        order = contract.sale_order_id
        order._force_lines_to_invoice_policy_order()
        order._create_invoices()
        self.assertEqual(self._invoices(contract).amount_untaxed, 30.0)
        self._bill("2027-01-01 10:00:00")
        self.assertEqual(sum(self._invoices(contract).mapped("amount_untaxed")), 90.0)

    def test_an_order_paid_before_it_begins_is_not_billed_twice(self):
        contract = self._sell_contract(start=date(2026, 4, 1), quantity=3)
        order = contract.sale_order_id
        order._force_lines_to_invoice_policy_order()
        quietly = order.with_context(raise_if_nothing_to_invoice=False)
        self.assertFalse(quietly._create_invoices())
        self._bill("2027-01-01 10:00:00")
        self.assertEqual(sum(self._invoices(contract).mapped("amount_untaxed")), 90.0)

    def test_a_billed_term_is_not_cut(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        self._bill()
        with self.assertRaisesRegex(ValidationError, "is billed until"):
            contract.date_end = date(2026, 2, 15)
        contract.date_end = date(2026, 5, 15)
        self.assertEqual(len(contract.period_ids), 5)
        self._bill("2026-12-01 10:00:00")
        self.assertEqual(sum(self._invoices(contract).mapped("amount_untaxed")), 150.0)

    def test_unpaid_it_stops_as_its_terms_say(self):
        self.terms.unpaid_days = 10
        contract = self._sell_contract()
        self._bill()
        invoice = self._invoices(contract)
        invoice.invoice_date = date(2026, 3, 10)
        invoice.invoice_date_due = date(2026, 3, 31)
        invoice.invoice_payment_term_id = False
        invoice.action_post()
        decide = self.env["aftersales.coverage"]._decide
        nothing = self.env["aftersales.cause"]
        on = lambda day: decide([(self.asset, day, nothing)])[0]  # noqa: E731
        due = invoice.invoice_date_due
        self.assertEqual(on(due)["coverage"], "partial")
        self.assertFalse(contract.is_suspended)
        late = on(date(2026, 5, 1))
        self.assertEqual(late["coverage"], "not_covered")
        self.assertIn("an invoice is not paid", late["note"])
        with freeze_time("2026-05-01 10:00:00"):
            contract.invalidate_recordset()
            self.assertTrue(contract.is_suspended)
            visit = self.env["repair.order"].create(
                {
                    "partner_id": self.customer.id,
                    "product_id": self.asset.product_id.id,
                    "asset_id": self.asset.id,
                    "service_kind": "preventive",
                }
            )
            self.assertFalse(visit.contract_id)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(on(date(2026, 5, 1))["coverage"], "partial")
        invoice.button_draft()
        contract.stops_unpaid = False
        self.assertEqual(on(date(2026, 5, 1))["coverage"], "partial")

    def test_revenue_and_cost(self):
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        self.terms.analytic_plan_id = plan
        contract = self._sell_contract()
        account = contract.analytic_account_id
        self.assertEqual(account.name, contract.name)
        self._bill()
        invoice = self._invoices(contract)
        line = invoice.invoice_line_ids
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})
        self.assertEqual(contract.revenue, 0.0)
        invoice.action_post()
        labour = self.env.ref("aftersales_service.product_labour")
        labour.standard_price = 12.0
        repair = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.asset.product_id.id,
                "asset_id": self.asset.id,
                "service_kind": "preventive",
                "labour_ids": [Command.create({"hours": 2, "product_id": labour.id})],
            }
        )
        self.assertEqual(repair.contract_id, contract)
        contract.invalidate_recordset()
        self.assertEqual(
            (contract.revenue, contract.cost, contract.margin), (30.0, 24.0, 6.0)
        )

    def test_who_may_bill(self):
        contract = self._sell_contract()
        agent = self._create_user("agent8", "aftersales_service.group_user")
        with self.assertRaises(AccessError):
            contract.with_user(agent).action_bill()
        accountant = self._create_user("counter", "account.group_account_invoice")
        contract.with_user(accountant).action_bill()
        self.assertEqual(len(self._invoices(contract)), 1)
