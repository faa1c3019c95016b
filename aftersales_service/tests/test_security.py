# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon

OPERATIONS = ("read", "write", "create", "unlink")
#: model: {role: operations allowed by its access rights}
MATRIX = {
    "aftersales.claim": {
        "portal_user": "read",
        "technician": "read",
        "agent": "read write create",
        "manager": "read write create unlink",
    },
    "aftersales.claim.line": {
        "portal_user": "",
        "technician": "read",
        "agent": "read write create unlink",
        "manager": "read write create unlink",
    },
    "aftersales.asset": {
        "portal_user": "read",
        "technician": "read",
        "agent": "read write create",
        "manager": "read write create unlink",
    },
    "aftersales.team": {
        "portal_user": "",
        "technician": "read",
        "agent": "read",
        "manager": "read write create unlink",
    },
    "aftersales.sla.status": {
        "portal_user": "",
        "technician": "read",
        "agent": "read",
        "manager": "read",
    },
    "aftersales.repair.labour": {
        "portal_user": "",
        "technician": "read write create unlink",
        "agent": "read write create unlink",
        "manager": "read write create unlink",
    },
}


@tagged("post_install", "-at_install", "security")
class TestSecurity(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls._create_user("outsider", "base.group_user")
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.agent.id)

    def test_role_matrix(self):
        for model, roles in MATRIX.items():
            for role, allowed in roles.items():
                user = getattr(self, role)
                for operation in OPERATIONS:
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation in allowed.split(),
                        )

    def test_employee_without_the_group_sees_nothing(self):
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertFalse(
                    self.env[model].with_user(self.outsider).has_access("read")
                )

    def test_confidential_claims_are_for_the_assignee_and_managers(self):
        other = self._create_user("other", "aftersales_service.group_user")
        self.team.member_ids |= other
        self.assertTrue(self.claim.with_user(other).has_access("read"))
        self.claim.is_confidential = True
        message = self.claim.message_post(body="Secret")
        self.assertFalse(self.claim.with_user(other).has_access("read"))
        self.assertFalse(self.claim.line_ids.with_user(other).has_access("read"))
        self.assertFalse(message.with_user(other).has_access("read"))
        self.assertEqual(self.asset.with_user(other).claim_count, 0)
        self.assertTrue(self.claim.with_user(self.agent).has_access("read"))
        self.assertTrue(self.claim.with_user(self.manager).has_access("read"))

    def test_agents_see_their_teams_claims(self):
        elsewhere = self.env["aftersales.team"].create({"name": "Lleida"})
        claim = self._create_claim(team_id=elsewhere.id)
        self.assertFalse(claim.with_user(self.agent).has_access("read"))
        self.assertTrue(claim.with_user(self.manager).has_access("read"))

    def test_technician_sees_claims_of_own_repairs_only(self):
        claim = self.claim.with_user(self.technician)
        self.assertFalse(claim.has_access("read"))
        self.claim.line_ids.action_create_repair()
        self.claim.repair_ids.user_id = self.technician
        self.assertTrue(claim.has_access("read"))
        with self.assertRaises(AccessError):
            claim.action_solve()

    def test_a_confidential_claim_stays_so_for_its_technician(self):
        self.claim.is_confidential = True
        self.claim.line_ids.diagnosis = "Secret"
        self.claim.line_ids.with_user(self.agent).action_create_repair()
        repair = self.claim.repair_ids
        repair.user_id = self.technician
        self.assertTrue(repair.with_user(self.technician).has_access("read"))
        self.assertFalse(repair.internal_notes)
        self.assertFalse(self.claim.with_user(self.technician).has_access("read"))
        with self.assertRaisesRegex(UserError, "confidential"):
            self.claim.with_user(self.agent).action_hand_over()

    def test_portal_sees_only_own(self):
        for record in (self.claim, self.asset):
            self.assertTrue(record.with_user(self.portal_user).has_access("read"))
            self.assertFalse(record.with_user(self.stranger_user).has_access("read"))

    def test_colleagues_see_each_other_only_if_the_company_says_so(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.customer.parent_id = firm
        self.stranger.parent_id = firm
        claim = self.claim.with_user(self.stranger_user)
        self.assertFalse(claim.has_access("read"))
        self.company.aftersales_portal_scope = "company"
        self.assertTrue(claim.has_access("read"))

    def test_portal_reads_no_internal_facts(self):
        claim = self.claim.with_user(self.portal_user)
        for name in (
            "cost",
            "is_confidential",
            "tag_ids",
            "response_count",
            "team_id",
            "technician_ids",
            "user_id",
            "sla_state",
            "sla_status_ids",
            "portal_key",
            "line_ids",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                claim.search_read([("id", "=", claim.id)], [name])

    def test_portal_calls_no_action(self):
        claim = self.claim.with_user(self.portal_user)
        for method in ("action_solve", "action_cancel", "action_assign_to_me"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(claim, method)()
        with self.assertRaises(AccessError):
            claim.write({"resolution": "Mine"})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.assertTrue(company.aftersales_warranty_location_id)
        user = self._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for record in (self.claim, self.claim.line_ids, self.asset):
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["aftersales.claim"].with_user(user).create(
                {"subject": "X", "company_id": self.company.id}
            )

    def test_agents_do_not_edit_what_follows_from_steps(self):
        line, claim = self.claim.line_ids, self.claim
        cases = {
            line: {
                "state": "done",
                "remedy": "refund",
                "coverage": "covered",
                "parts_percent": 100.0,
                "labour_percent": 100.0,
                "is_coverage_overridden": True,
                "cost": 1.0,
            },
            claim: {
                "name": "X",
                "date": "2020-01-01",
                "close_date": "2020-01-01",
                "first_response_date": "2020-01-01",
                "reopen_count": -1,
                "response_count": 1,
                "pause_log": [],
                "sla_state": "met",
                "stage_category": "solved",
                "access_token": "known",
                "technician_ids": [Command.link(self.technician.id)],
            },
        }
        for record, values in cases.items():
            for name, value in values.items():
                with self.subTest(field=name), self.assertRaises(AccessError):
                    record.with_user(self.agent).write({name: value})
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).write(
                {"line_ids": [Command.update(line.id, {"parts_percent": 100.0})]}
            )
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).write(
                {"line_ids": [Command.create({"coverage": "covered"})]}
            )
        own = self.env["aftersales.claim"].with_user(self.agent)
        self.assertNotEqual(own.create({"subject": "A", "name": "X"}).name, "X")
        with self.assertRaises(AccessError):
            own.with_context(default_reopen_count=3).create({"subject": "A"})

    def test_a_line_stays_with_its_claim(self):
        other = self._create_claim(partner_id=self.stranger.id)
        line = self.claim.line_ids.with_user(self.agent)
        with self.assertRaises(UserError):
            line.claim_id = other
        with self.assertRaises(UserError):
            line.company_id = self.env.company

    def test_a_merge_keeps_the_secret(self):
        survivor = self._create_claim()
        self.claim.is_confidential = True
        self.claim._merge_into(survivor)
        self.assertTrue(survivor.is_confidential)

    def test_an_unassigned_repair_of_a_confidential_claim_is_hidden(self):
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        repair.user_id = False
        self.assertTrue(repair.with_user(self.technician).has_access("write"))
        self.claim.is_confidential = True
        self.assertFalse(repair.with_user(self.technician).has_access("read"))

    def test_a_claim_with_products_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "stays in its company"):
            self.claim.write({"company_id": other.id, "team_id": False})
        empty = self._create_claim()
        empty.write({"company_id": other.id, "team_id": False})
        self.assertEqual(empty.company_id, other)
