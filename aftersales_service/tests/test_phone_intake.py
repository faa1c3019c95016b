# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged, users, warmup
from odoo.tools import SQL

from .common import AftersalesCommon


class IntakeCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assets = cls._sell(cls.bike, serials=["EB-2026-001", "EB-2026-002"])
        cls.order = cls.assets.sale_line_id.order_id
        cls.customer.phone = "+34 600 11 22 33"
        cls.stranger.phone = "(93) 412.34.56"


@tagged("post_install", "-at_install")
class TestIntake(IntakeCommon):
    def _find(self, term, user=None):
        claims = self.env["aftersales.claim"].with_user(user or self.agent)
        return claims.get_intake_matches(term)

    def _find_ids(self, term):
        return [match["partner_id"] for match in self._find(term)]

    def test_a_phone_number_however_it_is_written(self):
        for term in (
            "600112233",
            "+34600112233",
            "0034 600 112 233",
            "600-11-22-33",
            "(600) 112233",
            "112233",
        ):
            with self.subTest(term=term):
                self.assertEqual(self._find_ids(term)[0], self.customer.id)
        for term in ("934123456", "+34 93 412 34 56", "93 4123456"):
            with self.subTest(term=term):
                self.assertEqual(self._find_ids(term)[0], self.stranger.id)

    def test_a_short_number_stored_without_prefix(self):
        self.customer.phone = "812 345"
        self.assertIn(self.customer.id, self._find_ids("+376 812345"))
        self.assertNotIn(self.customer.id, self._find_ids("+376 812346"))

    def test_name_mail_order_claim_and_serial(self):
        claim = self._create_claim(self.assets[0])
        for term in (
            "marta v",
            "marta@example.com",
            self.order.name,
            self.order.name.lower(),
            claim.name,
            "EB-2026-002",
            "eb-2026-0",
        ):
            with self.subTest(term=term):
                self.assertEqual(self._find_ids(term)[0], self.customer.id)

    def test_a_scanned_serial_brings_its_product(self):
        [match] = self._find("eb-2026-002")
        self.assertEqual(match["asset_ids"], self.assets[1].ids)

    def test_nothing_matches_wildcards_or_rubbish(self):
        for term in (
            "%%%",
            "__",
            "x\x00y",
            "\ud800\ud800",
            "  ",
            "",
            None,
            "x" * 10**6,
        ):
            with self.subTest(term=str(term)[:10]):
                self.assertEqual(self._find(term), [])

    def test_products_and_open_claims_of_the_whole_firm(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).parent_id = firm
        claim = self._create_claim(self.assets[0])
        hidden = self._create_claim(user_id=self.manager.id, is_confidential=True)
        done = self._create_claim()
        done._action_cancel("Mistake")
        claims = self.env["aftersales.claim"].with_user(self.agent)
        found = claims.get_intake_customer(self.stranger.id)
        self.assertEqual(
            {asset["id"]: asset["claims"] for asset in found["assets"]},
            {self.assets[0].id: claim.name, self.assets[1].id: ""},
        )
        names = [one["name"] for one in found["claims"]]
        self.assertEqual(names, [claim.name])
        self.assertNotIn(hidden.name, names)

    def _register(self, user=None, **form):
        claims = self.env["aftersales.claim"].with_user(user or self.agent)
        values = {"subject": "It squeaks", "partner_id": self.customer.id, **form}
        return claims.browse(claims.register_from_intake(values)["id"])

    def test_the_claim_has_all_that_was_said(self):
        claim = self._register(
            asset_ids=self.assets.ids,
            symptom_id=str(self.symptom.id),
            type_id=str(self.env.ref("aftersales_service.type_warranty").id),
            channel_id=self.env.ref("aftersales_service.channel_phone").id,
            description="Since Monday",
            stage_id=self.env.ref("aftersales_service.stage_solved").id,
            is_confidential=True,
        )
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.line_ids.asset_id, self.assets)
        self.assertEqual(claim.line_ids.symptom_id, self.symptom)
        self.assertEqual(claim.channel_id.name, "Phone")
        self.assertEqual(claim.team_id, self.team)
        self.assertEqual(claim.stage_category, "new")
        self.assertFalse(claim.is_confidential)

    def test_a_new_customer_is_written_down(self):
        customer = {
            "name": "Nora Font",
            "phone": "611 22 33 44",
            "email": "nora@example.com",
            "credit_limit": 1000,
        }
        claim = self._register(partner_id=False, customer=customer)
        self.assertEqual(claim.partner_id.name, "Nora Font")
        self.assertEqual(self._find_ids("+34611223344"), claim.partner_id.ids)
        again = self._register(partner_id=False, customer=customer)
        self.assertEqual(again.partner_id, claim.partner_id)

    def test_what_is_missing_or_wrong_is_said(self):
        foreign = self._sell(self.helmet, partner=self.stranger)
        for error, form, message in (
            (UserError, {"subject": " \x00"}, "what the problem is"),
            (UserError, {"partner_id": False}, "Choose the customer"),
            (UserError, {"partner_id": False, "customer": {}}, "Write the name"),
            (
                UserError,
                {"partner_id": False, "customer": {"name": "x" * 10**7}},
                "too long",
            ),
            (UserError, {"asset_ids": [10**9]}, "not there any more"),
            (UserError, {"asset_ids": ["9" * 40]}, "not there any more"),
            (UserError, {"partner_id": 10**9}, "not there any more"),
            (UserError, {"type_id": "10000000"}, "not there any more"),
            (ValidationError, {"asset_ids": foreign.ids}, "belongs to another"),
            (ValidationError, {"description": "x" * 10**7}, "too long"),
        ):
            count = self.env["aftersales.claim"].search_count([])
            with (
                self.subTest(message=message),
                self.assertRaisesRegex(error, message),
                self.env.cr.savepoint(),
            ):
                self._register(**form)
            self.assertEqual(self.env["aftersales.claim"].search_count([]), count)

    def test_rubbish_for_a_customer_is_refused(self):
        claims = self.env["aftersales.claim"].with_user(self.agent)
        for rubbish in (None, "", [], {"id": 1}, "x", -1, 10**20, [[1]]):
            with self.subTest(rubbish=rubbish), self.assertRaises(UserError):
                claims.get_intake_customer(rubbish)

    def test_junk_over_rpc_is_refused_in_words_or_ignored(self):
        """No program that calls us wrongly sees an error of ours or leaves a trace."""
        claims = self.env["aftersales.claim"].with_user(self.agent)
        junk = (None, False, True, -1, 1.5, "x", "\x00", "9" * 5000, [], {}, [[]])
        junk += ({"id": 1}, ["'; DROP TABLE"], "²", [None, {}, "1e9", -5], "\ud800")
        count = self.env["aftersales.claim"].search_count([])
        partners = self.env["res.partner"].search_count([])
        for value in junk:
            for call in (
                lambda value=value: claims.get_intake_matches(value),
                lambda value=value: claims.get_intake_customer(value),
                lambda value=value: claims.register_from_intake(value),
                lambda value=value: self._register(subject=value, partner_id=False),
                lambda value=value: self._register(partner_id=value, customer=None),
                lambda value=value: self._register(partner_id=False, customer=value),
                lambda value=value: self._register(
                    partner_id=False, customer={"name": value}
                ),
            ):
                with self.subTest(value=str(value)[:20]):
                    try:
                        with self.env.cr.savepoint():
                            call()
                    except (UserError, AccessError):
                        continue
        self.assertEqual(self.env["aftersales.claim"].search_count([]), count + 2)
        self.assertEqual(self.env["res.partner"].search_count([]), partners + 2)

    def test_junk_in_a_choice_leaves_a_plain_claim(self):
        for name in ("asset_ids", "type_id", "symptom_id", "channel_id", "priority"):
            for value in ({"a": 1}, [[]], "x", 1.5, "\x00", -1, True):
                with self.subTest(name=name, value=value):
                    claim = self._register(**{name: value})
                    self.assertEqual(claim.priority, "1")
                    self.assertFalse(claim.line_ids)
        claim = self._register(description={"a": 1}, priority="3")
        self.assertFalse(claim.description)
        self.assertEqual(claim.priority, "3")

    def test_a_unit_is_not_claimed_twice(self):
        self._register(asset_ids=self.assets[0].ids)
        with self.assertRaisesRegex(ValidationError, "would be claimed"):
            self._register(asset_ids=self.assets[0].ids)

    def test_only_agents_take_calls(self):
        outsider = self._create_user("outsider", "base.group_user")
        for user in (self.technician, outsider, self.portal_user):
            claims = self.env["aftersales.claim"].with_user(user)
            for name, arguments in (
                ("get_intake_choices", []),
                ("get_intake_matches", ["600112233"]),
                ("get_intake_customer", [self.customer.id]),
                ("register_from_intake", [{"subject": "X"}]),
            ):
                with self.subTest(user=user.login, method=name):
                    with self.assertRaises(AccessError):
                        getattr(claims, name)(*arguments)

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = self._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for term in ("EB-2026-002", self.order.name):
            with self.subTest(term=term):
                self.assertEqual(self._find(term, user), [])
        claims = self.env["aftersales.claim"].with_user(user)
        found = claims.get_intake_customer(self.customer.id)
        self.assertEqual((found["assets"], found["claims"]), ([], []))
        with self.assertRaisesRegex(UserError, "not there any more"):
            self._register(user, asset_ids=self.assets.ids)

    def test_the_number_is_found_by_its_index(self):
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        partners = self.env["res.partner"]
        query = partners._search(
            partners._get_aftersales_phone_domain("600112233"), bypass_access=True
        )
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("aftersales_phone_idx", str(plan))

    @users("test_agent")
    @warmup
    def test_budget_whatever_there_is(self):
        self._sell(self.helmet, quantity=30)
        for serial in range(12):
            asset = self._sell(self.bike, serials=[f"EB-2027-{serial}"])
            self._create_claim(asset, subject=f"Noise {serial}")
        claims = self.env["aftersales.claim"]
        for term, budget in (("EB-2027", 12), ("600112233", 12), ("Marta", 10)):
            self.env.invalidate_all()
            with self.assertQueryCount(budget):
                claims.get_intake_matches(term)
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            claims.get_intake_customer(self.customer.id)


@tagged("post_install", "-at_install")
class TestIntakeTour(IntakeCommon, HttpCase):
    def _get_claim(self):
        return self.env["aftersales.claim"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_a_call_with_the_keyboard_alone(self):
        self.start_tour(
            "/odoo/claim-intake", "aftersales_service_intake_call", login="test_agent"
        )
        claim = self._get_claim()
        self.assertEqual(claim.subject, "The saddle squeaks")
        self.assertEqual(claim.line_ids.asset_id, self.assets[0])
        self.assertEqual(claim.channel_id.name, "Phone")

    def test_a_scanned_serial_does_the_same(self):
        self.start_tour(
            "/odoo/claim-intake", "aftersales_service_intake_scan", login="test_agent"
        )
        claim = self._get_claim()
        self.assertEqual(claim.line_ids.asset_id, self.assets[1])
        nora = self.env["res.partner"].search([("name", "=", "Nora Font")])
        self.assertEqual(nora.phone, "699 88 77 66")
