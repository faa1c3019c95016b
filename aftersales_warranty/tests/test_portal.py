# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
class TestPortal(WarrantyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without an active_test or tracking context: the server has its own.
        cls.owner = new_test_user(cls.env, "owner_wa", groups="base.group_portal")
        cls.stranger = new_test_user(cls.env, "other_wa", groups="base.group_portal")
        cls.asset = cls._create_asset(
            partner_id=cls.owner.partner_id.id, delivery_date=date.today()
        )
        cls.warranty = cls.asset.warranty_ids
        cls.url = f"/my/warranties/{cls.warranty.id}/pdf"

    def test_owner_downloads_the_certificate(self):
        self.authenticate("owner_wa", "owner_wa")
        page = self.url_open(f"/my/assets/{self.asset.id}")
        self.assertIn("Warranty until", page.text)
        self.assertIn(self.url, page.text)
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        # While tests run Odoo puts HTML where the PDF would be.
        self.assertIn(self.warranty.name, response.text)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_list_says_until_when(self):
        self.authenticate("owner_wa", "owner_wa")
        self.assertIn("Warranty until", self.url_open("/my/assets").text)

    def test_list_is_filtered_and_sorted_by_warranty(self):
        old = self._create_asset(
            partner_id=self.owner.partner_id.id, delivery_date=date(2001, 1, 1)
        )
        self.authenticate("owner_wa", "owner_wa")
        links = [f"/my/assets/{asset.id}" for asset in (old, self.asset)]
        page = self.url_open("/my/assets?sortby=warranty").text
        self.assertLess(page.index(links[0]), page.index(links[1]))
        page = self.url_open("/my/assets?filterby=warranty").text
        self.assertNotIn(f'{links[0]}"', page)
        self.assertIn(f'{links[1]}"', page)

    @mute_logger("odoo.http")
    def test_same_answer_for_others_and_for_nothing(self):
        draft = self._create_asset(
            partner_id=self.stranger.partner_id.id, delivery_date=False
        ).warranty_ids
        self.assertEqual(draft.state, "draft")
        for login in ("other_wa", None):
            self.authenticate(login, login)
            answers = [
                self.url_open(url)
                for url in (
                    self.url,
                    f"{self.url}?access_token=wrong",
                    f"/my/warranties/{self.warranty.id + 1000}/pdf",
                    f"/my/warranties/{draft.id}/pdf",
                )
            ]
            for answer in answers:
                with self.subTest(login=login, url=answer.url):
                    self.assertEqual(answer.status_code, 404)
                    self.assertNotIn(self.warranty.name, answer.text)

    def test_link_with_its_token(self):
        token = self.warranty._portal_ensure_token()
        self.authenticate(None, None)
        response = self.url_open(f"{self.url}?access_token={token}")
        self.assertEqual(response.status_code, 200)
        # While tests run Odoo puts HTML where the PDF would be.
        self.assertIn(self.warranty.name, response.text)

    @mute_logger("odoo.http")
    def test_general_report_route_is_protected(self):
        self.authenticate("other_wa", "other_wa")
        route = f"/report/html/aftersales_warranty.report_warranty/{self.warranty.id}"
        response = self.url_open(route)
        self.assertNotEqual(response.status_code, 200)
        self.assertNotIn(self.warranty.name, response.text)

    def test_void_certificate_is_not_offered(self):
        self.warranty.action_void("Wrong unit")
        self.authenticate("owner_wa", "owner_wa")
        page = self.url_open(f"/my/assets/{self.asset.id}")
        self.assertNotIn(self.url, page.text)
        self.assertNotIn("Warranty until", page.text)
