# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestTriageNumbers(AftersalesCommon):
    """Serial and order numbers in a claim's text that lead to nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-2026-001"])
        cls.order = cls.asset.sale_line_id.order_id
        cls.foreign = cls._sell(cls.bike, serials=["EB-2026-777"], partner=cls.stranger)
        cls._create_lot(cls.bike, "EB-2026-500")
        cls.elsewhere = cls.env["res.company"].create({"name": "Lleida"})

    def _get_panel(self, text):
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "Broken",
                "description": text,
                "email_from": "marta@example.com",
                "team_id": self.team.id,
            }
        )
        return claim.with_user(self.agent).get_triage_panel()

    def _sell_elsewhere(self, serial):
        """Sell a bike to the same customer in another company."""
        env = self.env(context={"allowed_company_ids": self.elsewhere.ids})
        product = env["product.product"].create(
            {"name": "Bike", "is_storable": True, "tracking": "serial"}
        )
        lot = env["stock.lot"].create(
            {
                "name": serial,
                "product_id": product.id,
                "company_id": self.elsewhere.id,
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.elsewhere.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 1})
                ],
            }
        )
        asset = env["aftersales.asset"].create(
            {
                "partner_id": self.customer.id,
                "product_id": product.id,
                "lot_id": lot.id,
                "sale_line_id": order.order_line.id,
                "company_id": self.elsewhere.id,
            }
        )
        return asset, order

    def test_what_is_wrong_with_a_number_is_said(self):
        strange = self.foreign.sale_line_id.order_id.name
        for text, notices in (
            ("My bike EB-2026-001 is broken", []),
            ("my bike eb-2026-001 is broken", []),
            (f"Order {self.order.name}", []),
            ("Serial number: 4711", ["Serial number 4711 is not known."]),
            ("Número de serie EB-9", ["Serial number EB-9 is not known."]),
            (
                "My EB-2026-999 is broken",
                ["EB-2026-999 is no serial or order number that we know."],
            ),
            ("Order no. S9999", ["Order S9999 is not known."]),
            (
                "Serial EB-2026-777",
                ["Serial number EB-2026-777 belongs to another customer."],
            ),
            (
                f"Order {strange}",
                [f"Order {strange} is another customer's."],
            ),
            (
                "EB-2026-500",
                ["Serial number EB-2026-500 was not delivered to any customer."],
            ),
            ("Called on 12/03/2026 from +34 600 123 456", []),
        ):
            with self.subTest(text=text):
                self.assertEqual(self._get_panel(text)["notices"], notices)

    def test_a_serial_in_any_case_is_proposed(self):
        facts = self._get_panel("my bike eb-2026-001 is broken")["facts"]
        assets = [fact["records"] for fact in facts if fact["name"] == "asset_ids"]
        self.assertEqual([record["id"] for record in assets[0]], self.asset.ids)

    def test_goods_that_came_back_are_told(self):
        self._return(self.asset.move_id.picking_id, 1)
        [notice] = self._get_panel("Serial EB-2026-001")["notices"]
        self.assertIn("not in service: Returned", notice)

    def test_numbers_of_other_documents_are_not_called_wrong(self):
        claim = self._create_claim()
        self.helmet.default_code = "HELMET-2026"
        text = f"{claim.name}, {self.order.picking_ids.name}, HELMET-2026"
        self.assertEqual(self._get_panel(text)["notices"], [])

    def test_another_companys_numbers_are_neither_proposed_nor_told(self):
        asset, order = self._sell_elsewhere("EB-LLEIDA-1234")
        other_order = self._sell(self.helmet).sale_line_id.order_id
        panel = self._get_panel("Serial EB-LLEIDA-1234")
        names = [fact["name"] for fact in panel["facts"]]
        self.assertNotIn(
            asset.id, [r["id"] for f in panel["facts"] for r in f["records"]]
        )
        self.assertNotIn("sale_order_id", names)
        self.assertEqual(
            panel["notices"], ["Serial number EB-LLEIDA-1234 is not known."]
        )
        order.name = "LLEIDA-0001"
        panel = self._get_panel("Order LLEIDA-0001")
        self.assertNotIn("sale_order_id", [fact["name"] for fact in panel["facts"]])
        self.assertEqual(panel["notices"], ["Order LLEIDA-0001 is not known."])
        self.assertNotEqual(other_order, order)

    def test_another_companys_products_are_refused(self):
        asset, _order = self._sell_elsewhere("EB-LLEIDA-1234")
        # Whoever works in both companies.
        self.agent.company_ids |= self.elsewhere
        claim = self._create_claim()
        claims = self.env["aftersales.claim"].with_user(self.agent)
        claims = claims.with_context(
            allowed_company_ids=[self.company.id, self.elsewhere.id]
        )
        claim = claim.with_env(claims.env)
        for values in (
            {"asset_id": asset.id},
            {"product_id": asset.product_id.id, "lot_id": asset.lot_id.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "compan"),
                self.env.cr.savepoint(),
            ):
                claim.line_ids = [Command.create(values)]
        self.assertFalse(claim.line_ids)
        team = self.env["aftersales.team"].create(
            {"name": "Lleida", "company_id": self.elsewhere.id}
        )
        with self.assertRaisesRegex(UserError, "compan"), self.env.cr.savepoint():
            claim.team_id = team

    def test_the_dialog_tells_it_as_well(self):
        claim = self._create_claim(description="Serial number: 4711")
        wizard = Form(
            self.env["aftersales.claim.triage"]
            .with_user(self.agent)
            .with_context(default_claim_id=claim.id)
        )
        self.assertEqual(wizard.notice, "Serial number 4711 is not known.")
