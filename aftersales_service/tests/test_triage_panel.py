# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged, users, warmup

from .common import AftersalesCommon


class TriagePanelCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assets = cls._sell(cls.bike, serials=["EB-2026-001", "EB-2026-002"])
        cls.seller = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.customer.user_id = cls.seller
        cls.article = cls.env["aftersales.article"].create(
            {"name": "The saddle squeaks", "body": "<p>Grease it.</p>"}
        )

    @classmethod
    def _receive(cls, subject, description="", **values):
        """A claim as a mail makes it: only a sender and a text."""
        return cls.env["aftersales.claim"].create(
            {
                "subject": subject,
                "description": description,
                "email_from": "marta@example.com",
                "team_id": cls.team.id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestTriagePanel(TriagePanelCommon):
    def _get_facts(self, panel):
        return {
            fact["name"]: [record["id"] for record in fact["records"]]
            for fact in panel["facts"]
        }

    def test_everything_is_proposed_at_once(self):
        other = self._create_claim(self.assets[1])
        claim = self._receive(
            "Broken", "My bike EB-2026-001 is broken: the saddle squeaks"
        )
        panel = claim.with_user(self.agent).get_triage_panel()
        warranty = self.env.ref("aftersales_service.type_warranty")
        self.assertEqual(
            self._get_facts(panel),
            {
                "partner_id": self.customer.ids,
                "asset_ids": self.assets[0].ids,
                "type_id": warranty.ids,
            },
        )
        self.assertEqual([c["id"] for c in panel["claims"]], other.ids)
        self.assertIn(self.article.id, [a["id"] for a in panel["articles"]])
        self.assertEqual(panel["problem_kind"], "usual")
        self.assertFalse(panel["department"])

    def test_one_click_takes_it_over_and_ends_it(self):
        claim = self._receive("Broken", "My bike EB-2026-001 is broken")
        as_agent = claim.with_user(self.agent)
        as_agent.action_apply_triage()
        self.assertEqual(claim.partner_id, self.customer)
        self.assertEqual(claim.line_ids.asset_id, self.assets[0])
        self.assertEqual(
            claim.type_id, self.env.ref("aftersales_service.type_warranty")
        )
        self.assertEqual(claim.problem_kind, "extraordinary")
        self.assertTrue(claim.triage_date)
        self.assertFalse(as_agent.get_triage_panel())
        as_agent.action_apply_triage()
        self.assertEqual(len(claim.line_ids), 1)

    def test_a_unit_claimed_already_leads_to_its_claim(self):
        other = self._create_claim(self.assets[0])
        self._create_claim()
        claim = self._receive("Broken", "My bike EB-2026-001 is broken")
        as_agent = claim.with_user(self.agent)
        panel = as_agent.get_triage_panel()
        self.assertNotIn("asset_ids", self._get_facts(panel))
        self.assertEqual(panel["claims"][0]["id"], other.id)
        as_agent.action_apply_triage()
        self.assertFalse(claim.line_ids)

    def test_nothing_at_hand_is_extraordinary(self):
        claim = self._receive("Zzyzx qwpfgj")
        panel = claim.with_user(self.agent).get_triage_panel()
        self.assertEqual(panel["problem_kind"], "extraordinary")

    def test_not_needed_and_later_stages_propose_nothing(self):
        claim, other = self._receive("One"), self._receive("Other")
        claim.with_user(self.agent).action_skip_triage()
        self.assertFalse(claim.with_user(self.agent).get_triage_panel())
        other.with_user(self.agent).action_assign_to_me()
        self.assertFalse(other.with_user(self.agent).get_triage_panel())

    def test_hand_over_in_one_click(self):
        claim = self._receive("Hello", "A quote for two more, please: what price?")
        claim.partner_id = self.customer
        as_agent = claim.with_user(self.agent)
        self.assertEqual(as_agent.get_triage_panel()["department"], "Sales")
        as_agent.action_hand_over_as_proposed()
        activity = self.env["mail.activity"].search([("user_id", "=", self.seller.id)])
        self.assertIn("what price", activity.note)
        self.assertEqual(claim.stage_category, "cancelled")

    def test_hand_over_asks_for_whom_when_nobody_is_in_charge(self):
        claim = self._receive("The invoice", "The invoice has the wrong tax number")
        action = claim.with_user(self.agent).action_hand_over_as_proposed()
        self.assertEqual(action["res_model"], "aftersales.claim.handover")
        self.assertEqual(action["context"]["default_department"], "accounting")
        self.assertEqual(claim.stage_category, "new")

    def test_a_confidential_claim_is_not_handed_over(self):
        claim = self._receive(
            "A quote, please", user_id=self.agent.id, is_confidential=True
        )
        as_agent = claim.with_user(self.agent)
        self.assertFalse(as_agent.get_triage_panel()["department"])
        with self.assertRaisesRegex(UserError, "confidential"):
            as_agent.action_hand_over_as_proposed()

    def test_only_agents_of_the_claim_triage_it(self):
        claim = self._receive("Broken", user_id=self.technician.id)
        elsewhere = self.env["aftersales.team"].create({"name": "Lleida"})
        hidden = self._receive("Broken", team_id=elsewhere.id)
        for record in (claim.with_user(self.technician), hidden.with_user(self.agent)):
            for name in (
                "get_triage_panel",
                "action_apply_triage",
                "action_skip_triage",
                "action_hand_over_as_proposed",
            ):
                with self.subTest(method=name), self.assertRaises(AccessError):
                    getattr(record, name)()

    @users("test_agent")
    @warmup
    def test_budget_whatever_the_customer_has(self):
        for index in range(6):
            self._sell(self.helmet)
            self._create_claim(subject=f"Noise {index}")
        claim = self._receive("Broken", "My bike EB-2026-001: the saddle squeaks")
        claim = claim.with_env(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(32):
            claim.get_triage_panel()


@tagged("post_install", "-at_install")
class TestTriagePanelTour(TriagePanelCommon, HttpCase):
    def test_agent_accepts_the_proposal(self):
        claim = self._receive("Tour: broken", "My bike EB-2026-001 is broken")
        self.start_tour(
            f"/odoo/claims/{claim.id}", "aftersales_service_triage", login="test_agent"
        )
        self.assertEqual(claim.line_ids.asset_id, self.assets[0])
