# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractOrder(ContractCommon):
    """A contract follows its order, whatever is done to that."""

    def _sell_again(self, order, moment):
        with freeze_time(moment):
            order._action_cancel()
            order.action_draft()
            order.action_confirm()

    def test_confirmed_again_it_starts_again(self):
        contract = self._sell_contract()
        self._sell_again(contract.sale_order_id, "2026-04-01 10:00:00")
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.date_start, date(2026, 4, 1))
        self.assertEqual(contract.date_end, date(2027, 3, 31))
        self.assertFalse(contract.cancel_date)
        self.assertEqual(contract.period_ids[0].date_from, date(2026, 4, 1))
        self.assertEqual(len(contract.period_ids), 12)

    def test_confirmed_again_it_is_what_the_order_says_now(self):
        contract = self._sell_contract()
        order = contract.sale_order_id
        order._action_cancel()
        order.action_draft()
        other = self._create_asset(product_id=self.bare_product.id)
        self.terms.visits_included = 7
        order.order_line.write(
            {
                "aftersales_contract_asset_ids": [Command.set(other.ids)],
                "aftersales_contract_start": date(2026, 5, 1),
                "product_uom_qty": 6,
            }
        )
        order.action_confirm()
        self.assertEqual(contract._get_assets()[contract], other)
        self.assertEqual(contract.visits_included, 7)
        self.assertEqual(
            (contract.date_start, contract.date_end),
            (date(2026, 5, 1), date(2026, 10, 31)),
        )

    def test_products_that_a_person_added_stay(self):
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        contract.asset_line_ids = [Command.create({"asset_id": self.asset.id})]
        contract.action_activate()
        self._sell_again(contract.sale_order_id, "2026-04-01 10:00:00")
        self.assertEqual(contract._get_assets()[contract], self.asset)
        self.assertEqual(contract.date_start, date(2026, 4, 1))

    def test_what_was_billed_keeps_its_first_day(self):
        contract = self._sell_contract()
        contract._bill().action_post()
        self._sell_again(contract.sale_order_id, "2026-04-01 10:00:00")
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.date_start, date(2026, 3, 10))

    def test_what_was_used_keeps_its_first_day(self):
        contract = self._sell_contract()
        done = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.asset.product_id.id,
                "asset_id": self.asset.id,
                "service_kind": "preventive",
                "service_mode": "onsite",
            }
        )
        done.state = "done"
        self._sell_again(contract.sale_order_id, "2026-04-01 10:00:00")
        self.assertEqual(contract.date_start, date(2026, 3, 10))

    def test_fewer_periods_than_were_billed_are_refused(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        # January, February and March.
        contract._bill()
        with self.assertRaisesRegex(ValidationError, "is billed until"):
            contract.sale_line_id.product_uom_qty = 2
        contract.sale_line_id.product_uom_qty = 3
        self.assertEqual(contract.date_end, date(2026, 3, 31))

    def test_a_term_billed_at_once_is_not_cut_below_its_bill(self):
        self.terms.invoice_period = "once"
        contract = self._sell_contract(quantity=2)
        contract._bill()
        with self.assertRaisesRegex(ValidationError, "is billed until"):
            contract.sale_line_id.product_uom_qty = 1
        contract.sale_line_id.product_uom_qty = 3
        self.assertEqual(contract.date_end, date(2029, 3, 9))

    def test_more_periods_do_not_reach_into_another_contract(self):
        contract = self._sell_contract()
        following = self._sell_contract(start=date(2027, 3, 10))
        with self.assertRaisesRegex(ValidationError, following.name):
            contract.sale_line_id.product_uom_qty = 13

    def test_more_periods_of_a_park_do_not_reach_into_the_next(self):
        self.terms.scope = "park"
        none = self.env["aftersales.asset"]
        park = self._sell_contract(assets=none)
        self._sell_contract(assets=none, start=date(2027, 3, 10))
        with self.assertRaisesRegex(ValidationError, "All products of"):
            park.sale_line_id.product_uom_qty = 13

    def test_a_seller_who_sees_no_bills_is_told_as_well(self):
        seller = self._create_user("seller8", "sales_team.group_sale_salesman")
        contract = self._sell_contract(start=date(2026, 1, 1), user_id=seller.id)
        contract._bill()
        with self.assertRaisesRegex(ValidationError, "is billed until"):
            contract.sale_line_id.with_user(seller).product_uom_qty = 1

    def test_who_sells_and_who_bills_opens_it(self):
        contract = self._sell_contract()
        for group in (
            "sales_team.group_sale_salesman_all_leads",
            "account.group_account_invoice",
            "aftersales_service.group_technician",
        ):
            user = self._create_user(group, group)
            mine = contract.with_user(user)
            views = mine.get_views([(False, "list"), (False, "form")])
            for kind, view in views["views"].items():
                arch = etree.fromstring(view["arch"])
                for field in arch.xpath("//field[not(ancestor::field)]"):
                    name = field.get("name")
                    with self.subTest(group=group, kind=kind, field=name):
                        self.env.invalidate_all()
                        mine.web_read({name: {}})

    def test_a_seller_is_told_what_to_do_instead_of_0(self):
        seller = self._create_user("seller6", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        with self.assertRaisesRegex(UserError, "cancel the contract instead"):
            contract.sale_line_id.with_user(seller).product_uom_qty = 0

    def test_what_was_sold_is_changed_on_the_contract(self):
        seller = self._create_user("seller5", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        line = contract.sale_line_id.with_user(seller)
        other = self._create_asset(product_id=self.bare_product.id)
        for values in (
            {"aftersales_contract_asset_ids": [Command.link(other.id)]},
            {"aftersales_contract_start": date(2027, 1, 1)},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, f"Change it on {contract.name}"),
                self.cr.savepoint(),
            ):
                line.write(values)
            line.invalidate_recordset()
        # The same again, as the form saves it, is no change.
        line.aftersales_contract_asset_ids = [Command.set(self.asset.ids)]
        contract._action_cancel()
        line.aftersales_contract_start = date(2027, 1, 1)

    def test_an_unchanged_quantity_of_what_is_over_is_no_change(self):
        seller = self._create_user("seller11", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        line = contract.sale_line_id.with_user(seller)
        contract._action_cancel()
        line.write({"product_uom_qty": 12, "discount": 5.0})
        self.assertEqual(line.discount, 5.0)
        with self.assertRaisesRegex(UserError, "is over"):
            line.product_uom_qty = 13

    def test_a_seller_cancels_an_order_with_its_drafts(self):
        seller = self._create_user("seller4", "sales_team.group_sale_salesman")
        contract = self._sell_contract(user_id=seller.id)
        invoice = contract._bill()
        contract.sale_order_id.with_user(seller)._action_cancel()
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(contract.state, "cancelled")
        outsider = self._create_user("nobody4", "base.group_user")
        other = self._create_asset(product_id=self.bare_product.id)
        kept = self._sell_contract(assets=other)
        draft = kept._bill()
        with self.assertRaises(AccessError):
            kept.sale_order_id.with_user(outsider)._action_cancel()
        self.assertEqual(draft.state, "draft")

    def test_the_line_that_sold_a_contract_stays(self):
        contract = self._sell_contract()
        order = contract.sale_order_id
        order._action_cancel()
        order.action_draft()
        with self.assertRaisesRegex(UserError, "set its quantity to 0"):
            order.order_line.unlink()
        order.order_line.product_uom_qty = 0
        order.action_confirm()
        self.assertEqual(contract.state, "cancelled")
