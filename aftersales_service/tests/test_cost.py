# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo.fields import Command
from odoo.tests import tagged

from .common_money import AftersalesMoneyCommon

METHODS = ("standard", "average", "fifo")


@tagged("post_install", "-at_install")
class TestCost(AftersalesMoneyCommon):
    """Every remedy walked with the installed chart of accounts, item by item."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense, cls.scrap_account = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": code,
                    "account_type": "expense",
                }
                for name, code in (("Given free", "629001"), ("Scrapped", "629002"))
            ]
        )
        cls.company._get_aftersales_free_location().valuation_account_id = cls.expense
        plan = cls.env["account.analytic.plan"].create({"name": "After-sales test"})
        cls.analytic = cls.env["account.analytic.account"].create(
            {"name": "Claims", "plan_id": plan.id}
        )
        cls.company.aftersales_analytic_account_id = cls.analytic
        cls.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", cls.company.id)]
        ).valuation_account_id = cls.scrap_account

    def _create_valued(self, method, valuation):
        """A product of which the first five cost 10, the next five 14."""
        category = self.env["product.category"].create(
            {
                "name": f"{method} {valuation}",
                "property_cost_method": method,
                "property_valuation": valuation,
            }
        )
        product = self._create_product(
            f"Lamp {method} {valuation}", "none", 0.0, 100.0, categ_id=category.id
        )
        product.taxes_id = self.tax
        product.invoice_policy = "delivery"
        product.standard_price = 10
        for price in (10, 14):
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 5,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": self.warehouse.lot_stock_id.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                }
            )
            move._action_confirm()
            move.quantity = 5
            move.picked = True
            move._action_done()
            if method != "standard":
                move.value_manual = 5 * price
        return product

    def _snapshot(self, product):
        """({account: balance}, {location: quantity}) of all there is of `product`."""
        balances, quants = defaultdict(float), defaultdict(float)
        for item in self.env["account.move.line"].search(
            [("product_id", "=", product.id), ("parent_state", "=", "posted")]
        ):
            balances[item.account_id] += item.balance
        for quant in self.env["stock.quant"].search([("product_id", "=", product.id)]):
            quants[quant.location_id] += quant.quantity
        return balances, quants

    def _changes(self, before, after):
        return tuple(
            {
                key: round(new[key] - old[key], 2)
                for key in old.keys() | new.keys()
                if round(new[key] - old[key], 2)
            }
            for old, new in zip(before, after, strict=True)
        )

    def _get_accounts(self, product):
        accounts = product._get_product_accounts()
        return accounts["income"], accounts["expense"], accounts["stock_valuation"]

    def _sell_two(self, product):
        order = self._sell_many((product, 2))
        self._invoice(order)
        return self._get_assets(order)

    def _walk(self, name):
        for method in METHODS:
            for valuation in ("periodic", "real_time"):
                with self.subTest(remedy=name, method=method, valuation=valuation):
                    product = self._create_valued(method, valuation)
                    yield product, self._sell_two(product), valuation == "real_time"

    @property
    def _places(self):
        return (
            self.warehouse.lot_stock_id,
            self.env.ref("stock.stock_location_customers"),
            self.company.aftersales_free_location_id,
            self.warehouse._get_aftersales_return_location(),
        )

    def _unit_cost(self, product, asset):
        """What one of the units sold had cost when it left."""
        return asset.move_id.value / asset.move_id.quantity

    def test_return_and_refund(self):
        for product, asset, real_time in self._walk("refund"):
            stock, customers, _free, _returns = self._places
            income, expense, valuation = self._get_accounts(product)
            cost = self._unit_cost(product, asset)
            before = self._snapshot(product)
            line = self._decide_return(asset)
            self._receive(line)
            self._inspect(line, 1, self.stocker)
            line.sudo().refund_ids.action_post()
            balances, quants = self._changes(before, self._snapshot(product))
            expected = {income: 100}
            if real_time:
                expected |= {expense: -cost, valuation: cost}
            self.assertEqual(balances, expected)
            self.assertEqual(quants, {customers: -1, stock: 1})
            self.assertEqual((line.refund_cost, line.cost), (100, 100))
            self.assertEqual(line.replacement_cost, 0)

    def test_refund_only(self):
        for product, asset, _real_time in self._walk("refund only"):
            income, _expense, _valuation = self._get_accounts(product)
            before = self._snapshot(product)
            claim = self._create_claim(asset).with_user(self.agent)
            line = claim.line_ids
            line.action_create_refund()
            line.sudo().refund_ids.action_post()
            balances, quants = self._changes(before, self._snapshot(product))
            self.assertEqual(balances, {income: 100})
            self.assertEqual(quants, {})
            self.assertEqual(line.cost, 100)

    def test_replacement_that_the_customer_keeps(self):
        for product, asset, real_time in self._walk("keep"):
            stock, _customers, free, _returns = self._places
            _income, _expense, valuation = self._get_accounts(product)
            before = self._snapshot(product)
            line = self._replace(asset, "keep")
            self._ship(line)
            move = line.sudo()._get_replacement_moves()
            balances, quants = self._changes(before, self._snapshot(product))
            self.assertGreater(move.value, 0)
            self.assertEqual(
                balances,
                {self.expense: move.value, valuation: -move.value} if real_time else {},
            )
            self.assertEqual(quants, {stock: -1, free: 1})
            self.assertEqual((line.replacement_cost, line.cost), (move.value,) * 2)
            self._check_analytic(line, -move.value)

    def test_exchange_costs_the_difference(self):
        for product, asset, real_time in self._walk("exchange"):
            stock, customers, free, _returns = self._places
            _income, _expense, valuation = self._get_accounts(product)
            before = self._snapshot(product)
            line = self._replace(asset, "after")
            self._receive(line)
            self._inspect(line, 1, self.stocker)
            self._ship(line)
            balances, quants = self._changes(before, self._snapshot(product))
            new = line.sudo()._get_replacement_moves().value
            old = line.sudo().move_ids.filtered("aftersales_is_exchange").value
            cost = round(new - old, 2)
            self.assertEqual(
                balances,
                {self.expense: cost, valuation: -cost} if real_time and cost else {},
            )
            self.assertEqual(quants, {customers: -1, free: 1})
            self.assertEqual(line.replacement_cost, cost)
            self._check_analytic(line, -cost)

    def test_exchange_of_what_is_scrapped_costs_the_whole(self):
        for product, asset, real_time in self._walk("scrap"):
            stock, customers, free, _returns = self._places
            _income, _expense, valuation = self._get_accounts(product)
            before = self._snapshot(product)
            line = self._replace(asset, "after")
            self._receive(line)
            self._inspect(line, 1, self.stocker, destination="scrap")
            self._ship(line)
            balances, _quants = self._changes(before, self._snapshot(product))
            moves = line.sudo().move_ids
            scrap = moves.filtered(lambda m: m.location_dest_id.usage == "inventory")
            cost = round(sum(m._get_aftersales_cost() for m in moves), 2)
            self.assertEqual(line.replacement_cost, cost)
            if real_time:
                self.assertEqual(round(sum(balances.values()), 2), 0)
                self.assertEqual(balances[self.scrap_account], round(scrap.value, 2))
                self.assertEqual(balances[valuation], -cost)
            else:
                self.assertEqual(balances, {})

    def _replace(self, asset, mode):
        line = self._create_claim(asset).with_user(self.agent).line_ids
        line.replacement_mode = mode
        line.action_create_replacement()
        return line

    def _ship(self, line):
        picking = line.sudo()._get_replacement_moves().picking_id
        picking.move_ids.picked = True
        picking.button_validate()

    def _check_analytic(self, line, amount):
        items = self.env["account.analytic.line"].search(
            [("aftersales_claim_line_id", "=", line.id)]
        )
        self.assertEqual(round(sum(items.mapped("amount")), 2), round(amount, 2))
        self.assertEqual(set(items.mapped("ref")), {line.claim_id.name})

    def test_stock_that_is_valued_later_is_closed_to_the_same_account(self):
        product = self._create_valued("average", "periodic")
        line = self._replace(self._sell_two(product), "keep")
        self._ship(line)
        values = self.company._get_location_valuation_vals()
        booked = sum(
            v["debit"] - v["credit"]
            for v in values
            if v["account_id"] == self.expense.id
        )
        self.assertEqual(round(booked, 2), round(line.replacement_cost, 2))
        category_account = self.expense.copy({"code": "629003"})
        product.categ_id.aftersales_expense_account_id = category_account
        values = self.company._get_location_valuation_vals()
        booked = defaultdict(float)
        for value in values:
            booked[value["account_id"]] += value["debit"] - value["credit"]
        self.assertEqual(round(booked[self.expense.id], 2), 0)
        self.assertEqual(
            round(booked[category_account.id], 2), round(line.replacement_cost, 2)
        )

    def test_type_and_category_have_accounts_of_their_own(self):
        product = self._create_valued("standard", "real_time")
        category_account = self.expense.copy({"code": "629004"})
        product.categ_id.aftersales_expense_account_id = category_account
        analytic = self.analytic.copy({"name": "By category"})
        product.categ_id.aftersales_analytic_account_id = analytic
        line = self._replace(self._sell_two(product), "keep")
        self._ship(line)
        move = line.sudo()._get_replacement_moves()
        self.assertIn(category_account, move.account_move_id.line_ids.account_id)
        self.assertNotIn(self.expense, move.account_move_id.line_ids.account_id)
        plan_field = analytic.plan_id._column_name()
        self.assertEqual(move.analytic_account_line_ids[plan_field], analytic)
        self.assertIn(line.claim_id.name, move.account_move_id.line_ids[0].name)
        kind = self.env["aftersales.type"].create({"name": "Own account"})
        kind.analytic_account_id = self.analytic.copy({"name": "By type"})
        line.claim_id.type_id = kind
        self.assertEqual(
            line.sudo()._get_analytic_account(), kind.sudo().analytic_account_id
        )

    def test_margin_of_the_sale_is_left_alone(self):
        product = self._create_valued("standard", "real_time")
        asset = self._sell_two(product)
        order = asset.sale_order_id
        before = order.order_line.read(["qty_delivered", "qty_invoiced", "price_total"])
        line = self._replace(asset, "after")
        self._receive(line)
        self._inspect(line, 1, self.stocker)
        self._ship(line)
        self.env.invalidate_all()
        after = order.order_line.read(["qty_delivered", "qty_invoiced", "price_total"])
        self.assertEqual(before, after)
        self.assertNotIn(
            line.sudo()._get_replacement_moves(), order.order_line.move_ids
        )

    def test_claim_type_and_cause_group_the_accountants_reports(self):
        product = self._create_valued("standard", "real_time")
        asset = self._sell_two(product)
        kind = self.env["aftersales.type"].create({"name": "Grouped"})
        claim = self._create_claim(asset, type_id=kind.id).with_user(self.agent)
        claim.line_ids.cause_id = self.cause
        claim.line_ids.action_create_refund()
        claim.sudo().line_ids.refund_ids.action_post()
        second = self._create_claim(asset, type_id=kind.id).with_user(self.agent)
        second.line_ids.cause_id = self.cause
        second.line_ids.replacement_mode = "keep"
        second.line_ids.action_create_replacement()
        self._ship(second.line_ids)
        self.env.flush_all()
        keys = ("aftersales_claim_id", "aftersales_type_id", "aftersales_cause_id")
        manager = self._create_user(
            "books",
            "account.group_account_manager,stock.group_stock_manager,"
            "sales_team.group_sale_manager,analytic.group_analytic_accounting",
        )
        for model, domain, claims in (
            ("account.invoice.report", [("product_id", "=", product.id)], claim),
            ("stock.move", [("product_id", "=", product.id)], second),
            ("account.analytic.line", [("product_id", "=", product.id)], second),
            ("account.move.line", [("product_id", "=", product.id)], claim | second),
        ):
            with self.subTest(model=model):
                groups = (
                    self.env[model]
                    .with_user(manager)
                    .formatted_read_group(domain, keys, ["__count"])
                )
                found = {
                    tuple(group[key] and group[key][0] for key in keys)
                    for group in groups
                }
                for one in claims:
                    self.assertIn((one.id, kind.id, self.cause.id), found)
        quote = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "aftersales_claim_line_id": claim.line_ids.id,
                        }
                    )
                ],
            }
        )
        quote.action_confirm()
        self.env.flush_all()
        groups = (
            self.env["sale.report"]
            .with_user(manager)
            .formatted_read_group(
                [("aftersales_claim_id", "=", claim.id)], keys, ["__count"]
            )
        )
        self.assertEqual(groups[0]["aftersales_cause_id"][0], self.cause.id)
