# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
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

    def test_what_is_over_is_not_sold_longer(self):
        contract = self._sell_contract()
        contract.action_cancel()
        end = contract.date_end
        for quantity in (13, 1, 0):
            with (
                self.subTest(quantity=quantity),
                self.assertRaisesRegex(UserError, "is over"),
                self.cr.savepoint(),
            ):
                contract.sale_line_id.product_uom_qty = quantity
        self.assertEqual(contract.date_end, end)

    def test_somebody_is_asked_about_a_contract_of_nothing(self):
        manager = self._create_user("boss", "aftersales_service.group_manager")
        contract = self._sell_contract(assets=self.asset | self._create_asset())
        contract.user_id = manager
        first, last = contract.asset_line_ids
        first.action_end()
        self.assertFalse(contract.activity_ids)
        last.asset_id.state = "retired"
        self.assertEqual(contract.activity_ids.user_id, manager)
        self.assertIn("covers no product any more", contract.activity_ids.summary)

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
        self.terms.update_field_translations(
            "terms", {"es_ES": {"Two visits a year.": "Dos visitas al año."}}
        )
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


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractByHand(ContractCommon):
    """A manager enters a contract that no order sold, and changes what runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("boss", "aftersales_service.group_manager")

    def _enter(self):
        form = Form(self.env["aftersales.contract"].with_user(self.manager))
        form.partner_id = self.customer
        form.terms_id = self.terms
        contract = form.save()
        contract.asset_line_ids = [Command.create({"asset_id": self.asset.id})]
        return contract

    def test_it_is_entered_with_what_its_terms_promise(self):
        contract = self._enter()
        self.assertRegex(contract.name, r"^MC/2026/\d{5}$")
        self.assertEqual(contract.visits_included, 2)
        self.assertEqual(contract.invoice_period, self.terms.invoice_period)
        self.assertEqual(contract.excluded_cause_ids, self.misuse)
        self.assertIn("Two visits", contract.terms)
        contract.action_activate()
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.date_end, date(2027, 3, 9))
        copy = contract.copy()
        self.assertNotEqual(copy.name, contract.name)
        self.assertEqual(copy.state, "draft")

    def test_its_reference_and_conditions_are_not_typed(self):
        contracts = self.env["aftersales.contract"].with_user(self.manager)
        contract = contracts.create(
            {
                "name": "Mine",
                "terms_texts": {"en_US": "Forged"},
                "partner_id": self.customer.id,
                "terms_id": self.terms.id,
            }
        )
        self.assertRegex(contract.name, r"^MC/2026/\d{5}$")
        self.assertNotIn("Forged", contract.terms)
        with self.assertRaises(AccessError):
            contract.name = "Mine"

    def test_what_has_begun_stays(self):
        contract = self._sell_contract().with_user(self.manager)
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        for values in (
            {"date_start": date(2027, 6, 1)},
            {"invoice_period": "once"},
            {"scope": "park"},
            {"partner_id": other.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "has begun"),
            ):
                contract.write(values)

    def test_the_order_says_how_long_what_it_sold_runs(self):
        contract = self._sell_contract().with_user(self.manager)
        order = contract.sudo().sale_order_id.name
        with self.assertRaisesRegex(UserError, order):
            contract.date_end = date(2028, 5, 10)
        by_hand = (
            self.env["aftersales.contract"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": self.customer.id,
                    "terms_id": self.terms.id,
                    "asset_line_ids": [
                        Command.create({"asset_id": self._create_asset().id})
                    ],
                }
            )
        )
        by_hand.action_activate()
        by_hand.date_end = date(2028, 5, 10)
        self.assertEqual(by_hand.date_end, date(2028, 5, 10))

    def test_values_that_no_contract_has(self):
        contract = self._enter()
        contract.action_activate()
        for values in (
            {"date_end": False},
            {"date_end": "9999-12-31"},
            {"date_end": "1900-01-01"},
            {"notice_days": 10**9},
            {"unpaid_days": 10**9},
            {"hours_included": 1e300},
            {"hours_included": float("nan")},
            {"visits_included": 10**9},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.cr.savepoint(),
            ):
                contract.write(values)
        for values in ({"notice_days": 10**9}, {"duration": 10**9}):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.cr.savepoint(),
            ):
                self.terms.write(values)
                self.terms.flush_recordset()

    def test_terms_that_contradict_themselves(self):
        for values in (
            {"notice_days": 400},
            {"scope": "park", "price_per_asset": True},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.terms.write(values)
        self.terms.write({"notice_days": 400, "renewal_mode": "none"})

    def test_before_its_end_a_person_is_asked(self):
        contract = self._enter()
        contract.user_id = self.manager
        contract.action_activate()
        self._run("ir_cron_contract_renew", "2027-02-01 08:00:00")
        self._run("ir_cron_contract_renew", "2027-02-08 08:00:00")
        self._run("ir_cron_contract_renew", "2027-02-09 08:00:00")
        self.assertEqual(len(contract.activity_ids), 1)
        self.assertEqual(contract.activity_ids.user_id, self.manager)
        self._run("ir_cron_contract_renew", "2027-03-12 08:00:00")
        self.assertEqual(len(contract.activity_ids), 1)
        self.assertFalse(contract.next_ids)

    def test_an_order_of_centuries_is_refused(self):
        for quantity, start in (
            (12, date(9999, 12, 31)),
            (12, date(1900, 1, 1)),
            (601, None),
            (10**6, None),
        ):
            with (
                self.subTest(quantity=quantity, start=start),
                self.assertRaisesRegex(ValidationError, "50 years at most"),
                self.cr.savepoint(),
            ):
                self._quote_contract(quantity=quantity, start=start)
