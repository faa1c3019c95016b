# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command, Date
from odoo.tests import HttpCase, new_test_user, tagged

from .common import WarrantyCommon

DESKTOP, PHONE = "1366x768", "390x844"


@tagged("post_install", "-at_install")
class TestTours(WarrantyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent, cls.lead = (
            cls._create_user(login, f"aftersales_service.{group}", lang="en_US")
            for login, group in (
                ("wa_agent", "group_user"),
                ("wa_lead", "group_manager"),
            )
        )
        cls.team = cls.env.ref("aftersales_service.team_customer_care")
        cls.team.member_ids = cls.agent | cls.lead
        cls.owner = new_test_user(
            cls.env, "wa_owner", groups="base.group_portal", lang="en_US"
        )
        waiting, longer = (
            cls._create_policy(name=name, kind=kind, start_event=event, duration=2)
            for name, kind, event in (
                ("Register and win", "commercial", "activation"),
                ("Longer", "extended", "delivery"),
            )
        )
        cls.product.tracking = "serial"
        cls.rich = cls._create_product(
            name="Cargo e-bike with more", policies=cls.legal | waiting
        )
        cls.rich.optional_product_ids = cls.env["product.template"].create(
            {
                "name": "Two years more",
                "type": "service",
                "list_price": 90,
                "aftersales_extension_policy_id": longer.id,
            }
        )
        cls.lot = cls.env["stock.lot"].create(
            {"name": "WARRANTY-1", "product_id": cls.product.id}
        )
        cls.asset = cls._create_asset(lot_id=cls.lot.id, delivery_date=Date.today())

    def _claim(self, subject):
        return self.env["aftersales.claim"].create(
            {
                "subject": subject,
                "partner_id": self.customer.id,
                "team_id": self.team.id,
                "line_ids": [Command.create({"asset_id": self.asset.id})],
            }
        )

    def test_agent_sees_who_pays_and_why(self):
        line = self._claim("Tour: who pays").line_ids
        self.start_tour("/odoo/claims", "aftersales_warranty_agent", login="wa_agent")
        self.assertEqual(line.coverage, "not_covered")

    def test_lead_decides_otherwise(self):
        line = self._claim("Tour: goodwill").line_ids
        self.start_tour("/odoo/claims", "aftersales_warranty_lead", login="wa_lead")
        self.assertTrue(line.is_coverage_overridden)
        self.assertEqual(line.parts_percent, 50)
        self.assertIn("Goodwill for a loyal customer", line.coverage_note)
        self.assertIn("Goodwill", str(line.claim_id.message_ids[0].body))

    def test_agent_searches(self):
        self.start_tour("/odoo/claims", "aftersales_warranty_search", login="wa_agent")

    def test_customer_registers_downloads_and_extends(self):
        for size in (DESKTOP, PHONE):
            with self.subTest(size=size):
                self._use(size)
                asset = self._create_asset(
                    partner_id=self.owner.partner_id.id,
                    product_id=self.rich.id,
                    delivery_date=Date.today(),
                )
                self.start_tour("/my", "aftersales_warranty_customer", login="wa_owner")
                self.assertEqual(set(asset.warranty_ids.mapped("state")), {"active"})
                order = (
                    self.env["sale.order.line"]
                    .search([("aftersales_asset_id", "=", asset.id)])
                    .order_id
                )
                self.assertEqual(order.state, "sent")
                asset.active = False

    def test_anybody_with_a_proof_asks(self):
        for size in (DESKTOP, PHONE):
            with self.subTest(size=size):
                self._use(size)
                self.start_tour("/aftersales/warranty", "aftersales_warranty_check")

    def _use(self, size):
        self.browser_size = size
        self.touch_enabled = size == PHONE
