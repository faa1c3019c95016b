# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from datetime import date, timedelta

from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
class TestCheck(WarrantyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.tracking = "serial"
        cls.lot = cls.env["stock.lot"].create(
            {"name": "SN-0042", "product_id": cls.product.id}
        )
        cls.order = cls.env["sale.order"].create({"partner_id": cls.customer.id})
        line = cls.env["sale.order.line"].create(
            {"order_id": cls.order.id, "product_id": cls.product.id}
        )
        cls.asset = cls._create_asset(
            lot_id=cls.lot.id,
            sale_line_id=line.id,
            delivery_date=date.today() - timedelta(days=10),
        )
        cls.warranty = cls.asset.warranty_ids

    def _ask(self, serial, proof):
        page = self.url_open("/aftersales/warranty").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(
            "/aftersales/warranty",
            data={"csrf_token": token, "serial": serial, "proof": proof},
        ).text

    def _get_answer(self, page):
        """The page without what changes from one visit to the next."""
        body = page[page.index("<h1") : page.index("<form action=")]
        return " ".join(body.split())

    def test_yes_with_the_order_or_the_address(self):
        for serial, proof in (
            ("SN-0042", self.order.name),
            ("SN-0042", "AINA@example.com"),
            (self.warranty.name.lower(), "aina@example.com"),
        ):
            with self.subTest(serial=serial, proof=proof):
                page = self._ask(serial, proof)
                self.assertIn("Yes, it is under warranty", page)
                self.assertIn("labour", page)
                self.assertNotIn("Aina", page)

    def test_no_after_its_end(self):
        self.warranty.action_void("Serial filed off")
        page = self._ask("SN-0042", self.order.name)
        self.assertIn("No, it is not under warranty today", page)
        self.assertNotIn("filed off", page)

    def test_one_answer_for_every_wrong_guess(self):
        guesses = [
            ("SN-0042", "S99999"),
            ("SN-0042", "other@example.com"),
            ("SN-9999", self.order.name),
            ("SN-9999", "other@example.com"),
            ("%", "%"),
            ("SN-0042\x00", "é"),
            ("x" * 5000, self.order.name),
            ("SN-0042", "' OR 1=1 --"),
        ]
        answers = {self._get_answer(self._ask(*guess)) for guess in guesses}
        self.assertEqual(len(answers), 1)
        self.assertIn("We find no product", answers.pop())

    def test_too_many_guesses(self):
        for _index in range(10):
            self._ask("SN-0042", "S99999")
        page = self._ask("SN-0042", self.order.name)
        self.assertIn("Too many questions", page)
        self.assertNotIn("Yes, it is", page)

    def test_the_code_on_the_certificate(self):
        token = self.warranty._get_check_token()
        page = self.url_open(f"/aftersales/warranty/c/{token}").text
        self.assertIn("Yes, it is under warranty", page)
        self.assertNotIn("Aina", page)
        other = self._create_asset().warranty_ids
        signature = token.partition("-")[2]
        for wrong in (f"{other.id}-{signature}", token[:-1], "1", "x-y", f"9{token}"):
            with self.subTest(wrong):
                page = self.url_open(f"/aftersales/warranty/c/{wrong}").text
                self.assertIn("We find no product", page)

    def test_stop_reminders(self):
        url = f"/aftersales/warranty/reminders/{self.customer._get_reminder_token()}"
        page = self.url_open(url).text
        # Mail scanners open every link: looking stops nothing.
        self.assertFalse(self.customer.aftersales_no_warranty_reminder)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        wrong = f"/aftersales/warranty/reminders/{self.customer.id}-wrong"
        self.url_open(wrong, data={"csrf_token": token})
        self.assertFalse(self.customer.aftersales_no_warranty_reminder)
        self.assertIn("Done", self.url_open(url, data={"csrf_token": token}).text)
        self.customer.invalidate_recordset()
        self.assertTrue(self.customer.aftersales_no_warranty_reminder)

    def test_staff_ask_by_whatever_they_have(self):
        technician = self._create_user("tech", "aftersales_service.group_technician")
        for query in ("0042", self.order.name, self.warranty.name, "Aina", "aina@"):
            with self.subTest(query):
                form = Form(self.env["aftersales.warranty.check"].with_user(technician))
                form.query = query
                found = form.asset_ids[:]
                self.assertIn(self.asset.id, [asset.id for asset in found])
        form.query = "SN"
        self.assertFalse(form.asset_ids[:])
        self.assertIn("parts", self.asset.with_user(technician).coverage_today)


@tagged("post_install", "-at_install")
class TestPortalActions(WarrantyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = new_test_user(cls.env, "owner_wa", groups="base.group_portal")
        cls.stranger = new_test_user(cls.env, "other_wa", groups="base.group_portal")
        waiting = cls._create_policy(
            name="Register and win", kind="commercial", start_event="activation"
        )
        longer = cls._create_policy(name="Longer", kind="extended", duration=2)
        cls.service = cls.env["product.product"].create(
            {
                "name": "Two years more",
                "type": "service",
                "list_price": 90,
                "aftersales_extension_policy_id": longer.id,
            }
        )
        cls.product.aftersales_warranty_policy_ids |= waiting
        cls.product.optional_product_ids = cls.service.product_tmpl_id
        cls.asset = cls._create_asset(
            partner_id=cls.owner.partner_id.id, delivery_date=date.today()
        )
        cls.draft = cls.asset.warranty_ids.filtered(lambda w: w.state == "draft")
        cls.page = f"/my/assets/{cls.asset.id}"

    def _post(self, path, **data):
        page = self.url_open("/my/security").text
        token = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        return self.url_open(
            path, data={"csrf_token": token, **data}, allow_redirects=False
        )

    def test_owner_registers(self):
        self.authenticate("owner_wa", "owner_wa")
        self.assertIn("Register and win", self.url_open(self.page).text)
        answer = self._post(f"{self.page}/register", warranty_id=str(self.draft.id))
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.draft.state, "active")
        self.assertIn("Your warranty is running", self.url_open(self.page).text)
        # Pressed twice: told so, and nothing changes.
        self._post(f"{self.page}/register", warranty_id=str(self.draft.id))
        self.assertIn("registered any more", self.url_open(self.page).text)

    def test_owner_extends(self):
        self.authenticate("owner_wa", "owner_wa")
        self.assertIn("Two years more", self.url_open(self.page).text)
        for _press in range(2):
            answer = self._post(f"{self.page}/extend", product_id=str(self.service.id))
            self.assertIn("/my/orders/", answer.headers["location"])
        lines = self.env["sale.order.line"].search(
            [("aftersales_asset_id", "=", self.asset.id)]
        )
        self.assertEqual(len(lines), 1)
        self.assertEqual(lines.order_id.partner_id, self.owner.partner_id)
        self.assertEqual(lines.state, "sent")
        answer = self._post(f"{self.page}/extend", product_id=str(self.product.id))
        self.assertIn(self.page, answer.headers["location"])

    @mute_logger("odoo.http")
    def test_strangers_do_neither(self):
        self.authenticate("other_wa", "other_wa")
        for path, data in (
            ("register", {"warranty_id": str(self.draft.id)}),
            ("extend", {"product_id": str(self.service.id)}),
        ):
            answer = self._post(f"{self.page}/{path}", **data)
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.draft.state, "draft")
        # Nor through a product of their own.
        own = self._create_asset(partner_id=self.stranger.partner_id.id)
        answer = self._post(
            f"/my/assets/{own.id}/register", warranty_id=str(self.draft.id)
        )
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.draft.state, "draft")
