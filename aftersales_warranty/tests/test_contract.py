# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContract(ContractCommon):
    def test_confirming_the_order_starts_the_contract(self):
        seller = self._create_user("seller", "sales_team.group_sale_salesman")
        order = self._quote_contract(user_id=seller.id).with_user(seller)
        self.assertEqual(order.order_line.product_uom_qty, 12)
        self.assertEqual(order.amount_untaxed, 360.0)
        order.action_confirm()
        contract = order.sudo().order_line.aftersales_contract_ids
        self.assertRegex(contract.name, r"^MC/2026/\d{5}$")
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.date_start, date(2026, 3, 10))
        self.assertEqual(contract.date_end, date(2027, 3, 9))
        self.assertEqual(contract._get_assets()[contract], self.asset)
        self.assertEqual(contract.visits_included, 2)
        self.assertEqual(contract.excluded_cause_ids, self.misuse)
        self.assertEqual(contract.user_id, seller)

    def test_what_was_sold_stays_when_the_terms_change(self):
        contract = self._sell_contract()
        self.terms.write({"visits_included": 9, "terms": "<p>Other.</p>"})
        self.assertEqual(contract.visits_included, 2)
        self.assertIn("Two visits", contract.terms)

    def test_today_is_the_company_s(self):
        with freeze_time("2026-12-31 23:30:00"):
            contract = self._sell_contract()
        self.assertEqual(contract.date_start, date(2027, 1, 1))
        self.assertEqual(contract.date_end, date(2027, 12, 31))

    def test_a_start_and_a_number_of_periods_of_one_s_own(self):
        contract = self._sell_contract(start=date(2026, 4, 1), quantity=3)
        self.assertEqual(contract.date_end, date(2026, 6, 30))
        contract.sale_line_id.product_uom_qty = 6
        self.assertEqual(contract.date_end, date(2026, 9, 30))

    def test_without_products_it_waits(self):
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        self.assertEqual(contract.state, "draft")
        self.assertTrue(contract.activity_ids)
        with self.assertRaisesRegex(UserError, "covers no product yet"):
            contract.action_activate()
        contract.asset_line_ids = [Command.create({"asset_id": self.asset.id})]
        contract.action_activate()
        self.assertEqual(contract.state, "active")

    def test_a_park_covers_what_the_customer_has(self):
        self.terms.scope = "park"
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        self.assertEqual(contract._get_assets()[contract], self.asset)
        later = self._create_asset()
        self.assertEqual(contract._get_assets()[contract], self.asset | later)
        with self.assertRaisesRegex(ValidationError, "All products of"):
            self._sell_contract(assets=self.env["aftersales.asset"])

    def test_one_contract_at_a_time_for_a_product(self):
        contract = self._sell_contract()
        with self.assertRaisesRegex(ValidationError, contract.name):
            self._sell_contract()
        following = self._sell_contract(start=date(2027, 3, 10))
        self.assertEqual(following.state, "active")

    def test_bad_input_is_answered(self):
        contract = self._sell_contract()
        for values in (
            {"date_end": date(2026, 3, 9)},
            {"visits_included": -1},
            {"hours_included": -0.5},
            {"parts_percent": 101.0},
            {"price_adjustment": -100.0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                contract.write(values)
                contract.flush_recordset()
            contract.invalidate_recordset()

    def test_products_of_others_are_refused(self):
        stranger = self.env["res.partner"].create({"name": "Somebody Else"})
        other = self._create_asset(partner_id=stranger.id)
        with self.assertRaisesRegex(ValidationError, "is not Aina Puig's"):
            self._quote_contract(assets=other)
        contract = self._sell_contract()
        with self.assertRaisesRegex(ValidationError, "is not Aina Puig's"):
            contract.asset_line_ids = [Command.create({"asset_id": other.id})]

    def test_half_a_period_is_not_sold(self):
        with self.assertRaisesRegex(ValidationError, "whole periods"):
            self._quote_contract(quantity=1.5)

    def test_what_leaves_stays_in_the_history(self):
        contract = self._sell_contract()
        line = contract.asset_line_ids
        with self.assertRaisesRegex(UserError, "history"):
            line.unlink()
        line.action_end()
        self.assertEqual(line.date_to, date(2026, 3, 10))
        self.assertFalse(contract._get_assets()[contract])
        self._sell_contract(start=date(2026, 3, 11))

    def test_a_cancelled_order_cancels_its_contract(self):
        contract = self._sell_contract()
        order = contract.sale_order_id
        order._action_cancel()
        self.assertEqual(contract.state, "cancelled")
        order.action_draft()
        with self.assertRaisesRegex(UserError, "is deleted|is not confirmed"):
            contract.sudo().write({"state": "draft"})
            contract.action_activate()
        order.action_confirm()
        self.assertEqual(order.order_line.aftersales_contract_ids, contract)
        self.assertEqual(contract.state, "active")

    def test_what_never_ran_covers_nothing(self):
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        contract.write(
            {
                "date_start": date(2026, 1, 1),
                "asset_line_ids": [Command.create({"asset_id": self.asset.id})],
            }
        )
        contract._action_cancel()
        self.assertFalse(contract._find_for(self.asset))

    def test_a_contract_that_runs_is_not_archived(self):
        contract = self._sell_contract()
        with self.assertRaisesRegex(UserError, "cancel it before"):
            contract.active = False
        contract._action_cancel()
        contract.active = False

    def test_it_ends_with_its_last_day(self):
        contract = self._sell_contract()
        self._run("ir_cron_contract_expire", "2027-03-09 12:00:00")
        self.assertEqual(contract.state, "active")
        self._run("ir_cron_contract_expire", "2027-03-09 23:30:00")
        self.assertEqual(contract.state, "expired")

    def test_conditions_in_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        contract = self._sell_contract()
        spanish = contract.with_context(lang="es_ES")
        self.assertEqual(spanish.terms, "<p>Two visits a year.</p>")
        # Translated after it was sold: the same conditions.
        self.terms.with_context(lang="es_ES").terms = "<p>Dos visitas al año.</p>"
        spanish.invalidate_recordset(["terms"])
        self.assertEqual(spanish.terms, "<p>Dos visitas al año.</p>")
        self.assertEqual(contract.terms, "<p>Two visits a year.</p>")
        # Others, for what is sold from now on.
        self.terms.terms = "<p>One visit a year.</p>"
        spanish.invalidate_recordset(["terms"])
        self.assertEqual(spanish.terms, "<p>Two visits a year.</p>")
        self.assertEqual(
            self._sell_contract(
                assets=self._create_asset(product_id=self.bare_product.id)
            ).terms,
            "<p>One visit a year.</p>",
        )
