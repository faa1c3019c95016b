# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_contract import ContractCommon

MODELS = ("aftersales.contract", "aftersales.contract.asset")
#: group: operations allowed on a contract and on what it covers
MATRIX = {
    "base.group_user": "",
    "base.group_public": "",
    "aftersales_service.group_technician": "r",
    "aftersales_service.group_user": "r",
    "aftersales_service.group_manager": "rwcu",
    "sales_team.group_sale_salesman": "r",
    "account.group_account_invoice": "r",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install", "security")
class TestContractSecurity(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._sell_contract()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_role_matrix(self):
        for group, allowed in MATRIX.items():
            user = new_test_user(self.env, f"c_{group}", groups=group)
            for model in MODELS:
                for letter, operation in OPERATIONS.items():
                    with self.subTest(group=group, model=model, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            letter in allowed,
                        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_the_ledger(self):
        for group in MATRIX:
            user = new_test_user(self.env, f"p_{group}", groups=group)
            periods = self.env["aftersales.contract.period"].with_user(user)
            for operation in ("write", "create", "unlink"):
                with self.subTest(group=group, operation=operation):
                    self.assertFalse(periods.has_access(operation))

    def test_what_follows_from_the_steps_is_not_edited(self):
        manager = self._create_user("boss8", "aftersales_service.group_manager")
        contract = self.contract.with_user(manager)
        for values in (
            {"state": "expired"},
            {"sale_line_id": False},
            {"name": "MC/1"},
            {"is_renewal_offered": True},
            {"cancel_date": date(2026, 1, 1)},
            {"terms_texts": {}},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                contract.write(values)
        contract.visits_included = 5
        contract.action_cancel()
        self.assertEqual(self.contract.state, "cancelled")

    def test_steps_are_the_manager_s(self):
        for group in ("group_technician", "group_user"):
            user = self._create_user(f"x{group}", f"aftersales_service.{group}")
            contract = self.contract.with_user(user)
            for step in ("action_cancel", "action_activate", "action_offer_renewal"):
                with self.subTest(group=group, step=step):
                    with self.assertRaises(AccessError):
                        getattr(contract, step)()
            with self.assertRaises(AccessError):
                contract.asset_line_ids.action_end()

    def test_costs_are_for_managers_and_accountants(self):
        agent = self._create_user("nosy", "aftersales_service.group_user")
        for name in ("cost", "margin", "revenue", "analytic_account_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.contract.with_user(agent).read([name])
        accountant = self._create_user("books", "account.group_account_invoice")
        self.assertEqual(self.contract.with_user(accountant).cost, 0.0)

    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = self._create_user(
            "far",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for record in (
            self.contract,
            self.contract.asset_line_ids,
            self.contract.period_ids,
        ):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])
        asset = self._create_asset(
            product_id=self.bare_product.id, company_id=company.id
        )
        with self.assertRaisesRegex(Exception, "company|companies"):
            self.contract.asset_line_ids = [Command.create({"asset_id": asset.id})]

    def test_customers_read_their_own_and_little_of_it(self):
        owner = new_test_user(self.env, "own_c", groups="base.group_portal")
        other = new_test_user(self.env, "oth_c", groups="base.group_portal")
        asset = self._create_asset(
            product_id=self.bare_product.id, partner_id=owner.partner_id.id
        )
        contract = self._sell_contract(assets=asset, partner_id=owner.partner_id.id)
        model = self.env["aftersales.contract"]
        self.assertEqual(model.with_user(owner).search([]), contract)
        self.assertFalse(model.with_user(other).search([]))
        self.assertEqual(contract.with_user(owner).name, contract.name)
        for name in ("access_token", "note", "terms_texts", "cost", "user_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                contract.with_user(owner).read([name])
        with self.assertRaises(AccessError):
            contract.with_user(owner).write({"visits_included": 99})


@tagged("post_install", "-at_install", "security")
class TestContractPortal(ContractCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = new_test_user(cls.env, "owner_mc", groups="base.group_portal")
        cls.stranger = new_test_user(cls.env, "other_mc", groups="base.group_portal")
        cls.contract = cls._sell_own()
        cls.url = f"/my/contracts/{cls.contract.id}"

    @classmethod
    def _sell_own(cls):
        asset = cls._create_asset(
            product_id=cls.bare_product.id, partner_id=cls.owner.partner_id.id
        )
        return cls._sell_contract(assets=asset, partner_id=cls.owner.partner_id.id)

    def test_the_owner_sees_all_of_it(self):
        self.authenticate("owner_mc", "owner_mc")
        page = self.url_open("/my/contracts").text
        self.assertIn(self.url, page)
        page = self.url_open(self.url).text
        for text in ("2 of 2 visits", "Old bike", "Not planned yet", "Two visits"):
            self.assertIn(text, page)
        response = self.url_open(f"{self.url}/pdf")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        # While tests run Odoo puts HTML where the PDF would be.
        self.assertIn(self.contract.name, response.text)

    def test_the_next_visit_is_told(self):
        day = date(2027, 5, 4)
        self.patch(
            self.registry["aftersales.contract"],
            "_get_next_visit_dates",
            lambda contracts: dict.fromkeys(contracts, day),
        )
        self.authenticate("owner_mc", "owner_mc")
        self.assertIn("May 4, 2027", self.url_open(self.url).text)

    @mute_logger("odoo.http")
    def test_same_answer_for_others_and_for_nothing(self):
        draft = self._sell_contract(
            assets=self.env["aftersales.asset"], partner_id=self.owner.partner_id.id
        )
        self.assertEqual(draft.state, "draft")
        for login in ("other_mc", None):
            self.authenticate(login, login)
            for url in (self.url, f"{self.url}/pdf", "/my/contracts/999999999"):
                with self.subTest(login=login, url=url):
                    self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("owner_mc", "owner_mc")
        self.assertEqual(self.url_open(f"/my/contracts/{draft.id}").status_code, 404)
        self.authenticate(None, None)
        token = self.contract._portal_ensure_token()
        wrong = self.url_open(f"{self.url}?access_token=wrong")
        self.assertEqual(wrong.status_code, 404)
        page = self.url_open(f"{self.url}?access_token={token}")
        self.assertEqual(page.status_code, 200)
        # Who only has the link does not get to orders and invoices.
        self.assertNotIn("/my/orders/", page.text)

    def test_pages_cost_the_same_whatever_there_is(self):
        self.authenticate("owner_mc", "owner_mc")
        self.url_open("/my/contracts")
        counts = []
        for _number in range(2):
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.url_open("/my/contracts?filterby=all")
            counts.append(self.cr.sql_log_count - before)
            for _more in range(4):
                self._sell_own()
        self.assertLessEqual(counts[1], counts[0] + 1)
