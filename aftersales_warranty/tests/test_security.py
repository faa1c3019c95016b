# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon

MODELS = ("policy", "policy.coverage", "terms", "")
# group: {model: operations allowed}; what isn't named is denied
MATRIX = {
    "base.group_user": {"policy": "r", "policy.coverage": "r"},
    "aftersales_service.group_technician": {
        "policy": "r",
        "policy.coverage": "r",
        "terms": "r",
        "": "r",
    },
    "aftersales_service.group_user": {
        "policy": "r",
        "policy.coverage": "r",
        "terms": "r",
        "": "r",
    },
    "aftersales_service.group_manager": {
        "policy": "rwcu",
        "policy.coverage": "rwcu",
        "terms": "r",
        "": "rwcu",
    },
    "base.group_portal": {"": "r"},
    "base.group_public": {},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install", "security")
class TestSecurity(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warranty = cls._create_asset().warranty_ids

    def _portal_user(self, login, **partner):
        user = new_test_user(self.env, login, groups="base.group_portal")
        user.partner_id.write(partner)
        return user

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_role_matrix(self):
        for group, allowed in MATRIX.items():
            user = new_test_user(self.env, f"u_{group}", groups=group)
            for model in MODELS:
                name = ".".join(filter(None, ("aftersales.warranty", model)))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(group=group, model=name, operation=operation):
                        self.assertEqual(
                            self.env[name].with_user(user).has_access(operation),
                            letter in allowed.get(model, ""),
                        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_who_may_void_and_activate(self):
        for group in ("group_technician", "group_user"):
            user = self._create_user(group, f"aftersales_service.{group}")
            warranty = self.warranty.with_user(user)
            with self.subTest(group), self.assertRaises(AccessError):
                warranty.action_void("Because")
            with self.subTest(group), self.assertRaises(AccessError):
                warranty.action_open_void()
            with self.subTest(group), self.assertRaises(AccessError):
                warranty.write({"date_end": date(2099, 1, 1)})
        manager = self._create_user("boss", "aftersales_service.group_manager")
        self.warranty.with_user(manager).action_void("Because")
        self.assertEqual(self.warranty.state, "void")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_portal_can_call_nothing(self):
        owner = self._portal_user("owner")
        self.warranty.asset_id.partner_id = owner.partner_id
        warranty = self.warranty.with_user(owner)
        self.assertEqual(warranty.read(["name"])[0]["name"], self.warranty.name)
        for method in ("action_activate", "action_open_void"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(warranty, method)()
        with self.assertRaises(AccessError):
            warranty.action_void("Because")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_portal_sees_own_certificates_only(self):
        owner, stranger = self._portal_user("owner"), self._portal_user("stranger")
        self.warranty.asset_id.partner_id = owner.partner_id
        Warranty = self.env["aftersales.warranty"]
        self.assertEqual(Warranty.with_user(owner).search([]), self.warranty)
        self.assertFalse(Warranty.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.warranty.with_user(stranger).read(["name"])

    def test_portal_colleagues_by_the_company_setting(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        owner = self._portal_user("owner", parent_id=firm.id)
        colleague = self._portal_user("colleague", parent_id=firm.id)
        self.warranty.asset_id.partner_id = owner.partner_id
        mine = self.env["aftersales.warranty"].with_user(colleague)
        self.company.aftersales_portal_scope = "own"
        self.assertFalse(mine.search([]))
        self.company.aftersales_portal_scope = "company"
        self.assertEqual(mine.search([]), self.warranty)

    def test_portal_reads_listed_fields_only(self):
        owner = self._portal_user("owner")
        self.warranty.asset_id.partner_id = owner.partner_id
        self.warranty._portal_ensure_token()
        warranty = self.warranty.with_user(owner)
        for name in ("access_token", "void_reason", "terms_id", "message_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                warranty.read([name])
        self.assertEqual(warranty.read(["coverage_summary"])[0]["id"], warranty.id)

    def test_portal_does_not_see_drafts(self):
        owner = self._portal_user("owner")
        self._create_asset(partner_id=owner.partner_id.id, delivery_date=False)
        self.assertFalse(self.env["aftersales.warranty"].with_user(owner).search([]))

    def test_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        there = self._create_asset(company_id=other.id).warranty_ids
        private = self._create_policy(name="Theirs", company_id=other.id)
        terms = private._get_current_terms()[private]
        manager = self._create_user("manager", "aftersales_service.group_manager")
        for record in (there, private, private.coverage_ids, terms):
            with self.subTest(record._name):
                found = record.with_user(manager).search([("id", "in", record.ids)])
                self.assertFalse(found)
        self.assertEqual(
            self.env["aftersales.warranty"].with_user(manager).search([]),
            self.env["aftersales.warranty"].search(
                [("company_id", "=", self.company.id)]
            ),
        )

    def test_reference_of_each_company(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        sequence = self.env.ref("aftersales_warranty.sequence_warranty")
        sequence.copy({"company_id": other.id, "prefix": "B/"})
        assets = self.env["aftersales.asset"].create(
            [
                self._prepare_asset(),
                self._prepare_asset(company_id=other.id),
                self._prepare_asset(),
            ]
        )
        prefixes = [asset.warranty_ids.name[:2] for asset in assets]
        self.assertEqual(prefixes, ["WA", "B/", "WA"])
