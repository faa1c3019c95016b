# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .common import AftersalesCommon

DESKTOP, PHONE = "1366x768", "390x844"


@tagged("post_install", "-at_install")
class TestTours(AftersalesCommon, HttpCase):
    def test_agent_takes_diagnoses_and_decides(self):
        asset = self._sell(self.bike, serials=["EB-1"])
        claim = self._create_claim(asset, subject="Tour: no power")
        self.start_tour("/odoo/claims", "aftersales_service_agent", login="test_agent")
        self.assertEqual(claim.user_id, self.agent)
        self.assertEqual(claim.line_ids.cause_id, self.cause)
        self.assertEqual(claim.line_ids.remedy, "repair")
        self.assertEqual(len(claim.repair_ids), 1)

    def test_lead_assigns_and_looks_at_the_figures(self):
        claim = self._create_claim(subject="Tour: nobody has it")
        self.start_tour(
            "/odoo/after-sales", "aftersales_service_lead", login="test_lead"
        )
        self.assertEqual(claim.user_id, self.agent)

    def test_technician_ends_a_repair(self):
        asset = self._sell(self.bike, serials=["EB-1"])
        claim = self._create_claim(asset, user_id=self.technician.id)
        claim.line_ids.action_create_repair()
        repair = claim.repair_ids
        self.start_tour(
            f"/odoo/action-aftersales_service.repair_order_action/{repair.id}",
            "aftersales_service_technician",
            login="test_technician",
        )
        self.assertEqual(repair.state, "done")
        self.assertEqual(repair.labour_ids.hours, 1.5)
        self.assertEqual(self.battery.qty_available, 9)

    def test_customer_reports_a_problem(self):
        self._sell(self.bike, serials=["EB-1"])
        for size in (DESKTOP, PHONE):
            with self.subTest(size=size):
                self._use(size)
                self.start_tour(
                    "/my", "aftersales_service_customer", login="test_marta"
                )
                claim = self.env["aftersales.claim"].search(
                    [("partner_id", "=", self.customer.id)]
                )
                self.assertEqual(claim.subject, "It stops")
                self.assertEqual(claim.contact_by, "phone")
                self.assertEqual(claim.contact_phone, "+34 600 111 222")
                self.assertEqual(
                    claim.message_ids.attachment_ids.mapped("name"), ["first.png"]
                )
                claim._action_cancel("Next size")
                claim.active = False

    def test_customer_is_helped_by_an_article(self):
        self._sell(self.bike, serials=["EB-1"])
        article = self.env["aftersales.article"].create(
            {
                "name": "Pair the bike with the phone",
                "kind": "faq",
                "body": "<p>Hold the power button for five seconds.</p>",
                "is_published": True,
            }
        )
        for count, size in enumerate((DESKTOP, PHONE), 1):
            with self.subTest(size=size):
                self._use(size)
                self.start_tour(
                    "/my/claims/new",
                    "aftersales_service_customer_helped",
                    login="test_marta",
                )
                self.assertEqual(article.deflection_count, count)
        self.assertFalse(
            self.env["aftersales.claim"].search([("partner_id", "=", self.customer.id)])
        )

    def test_customer_says_it_is_not_solved(self):
        claim = self._create_claim(self._sell(self.bike, serials=["EB-1"]))
        for count, size in enumerate((DESKTOP, PHONE), 1):
            with self.subTest(size=size):
                self._use(size)
                claim._action_solve()
                self.start_tour(
                    f"/my/claims/{claim.id}",
                    "aftersales_service_customer_answer",
                    login="test_marta",
                )
                self.assertEqual(claim.stage_category, "in_progress")
                self.assertEqual(claim.reopen_count, count)
                said = claim.message_ids.filtered(
                    lambda m: m.message_type == "comment" and "again" in (m.body or "")
                )
                self.assertEqual(said.author_id, self.customer)

    def _use(self, size):
        self.browser_size = size
        self.touch_enabled = size == PHONE

    def test_customer_follows_a_claim_without_a_login(self):
        for size in ("1366x768", "390x844"):
            with self.subTest(size=size):
                self.browser_size = size
                claim = self._create_claim()
                claim._action_solve()
                path = urlsplit(claim._get_tracking_url()).path
                self.start_tour(path, "aftersales_service_guest")
                self.assertEqual(claim.stage_category, "in_progress")
                self.assertIn("ten minutes", str(claim.message_ids[0].body))

    def test_stranger_scans_a_label_and_reports(self):
        pending = self.env["aftersales.claim.pending"]
        for size in ("1366x768", "390x844"):
            with self.subTest(size=size):
                self.browser_size = size
                self.start_tour("/aftersales/q?s=EB-1", "aftersales_service_intake")
                found = pending.search([("reference", "=", "EB-1")])
                self.assertEqual(found.email, "nuria@example.com")
                found.unlink()
