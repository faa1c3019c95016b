# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import BulletinCommon

PHONE = "390x844"


@tagged("post_install", "-at_install")
class TestBulletinTours(BulletinCommon, HttpCase, MailCase):
    def test_manager_prepares_approves_and_sends(self):
        self.bulletin.unlink()
        with self.mock_mail_gateway():
            self.start_tour(
                "/odoo/product-notices",
                "aftersales_service_bulletin_manager",
                login="test_lead",
            )
            self._run()
        bulletin = self.env["aftersales.bulletin"].search([], limit=1)
        self.assertEqual(bulletin.name, "Tour: the battery may overheat")
        self.assertEqual(bulletin.approved_by_id, self.manager)
        self.assertEqual(bulletin.state, "open")
        self.assertEqual(self._new_mails.recipient_ids, self.customer | self.stranger)

    def test_customer_answers_on_the_telephone(self):
        self._send(self.bulletin)
        self.browser_size, self.touch_enabled = PHONE, True
        recipient = self._lines(self.jordi_bike).recipient_id
        self.start_tour(
            f"/aftersales/notice/{recipient.token}",
            "aftersales_service_bulletin_customer",
        )
        line = self._lines(self.jordi_bike)
        self.assertEqual(line.answer, "visit")
        self.assertEqual(line.note, "After six, please")
        self.assertTrue(line.repair_id)

    def test_customer_answers_in_the_portal(self):
        self._send(self.bulletin)
        self.browser_size, self.touch_enabled = PHONE, True
        self.start_tour(
            "/my/assets", "aftersales_service_bulletin_portal", login="test_jordi"
        )
        line = self._lines(self.jordi_bike)
        self.assertEqual(line.answer, "not_mine")
        self.assertFalse(line.answered_by_id)

    def test_manager_follows_it_up(self):
        self.stranger.email = False
        self._send(self.bulletin)
        self.stranger.email = "jordi@example.com"
        with self.mock_mail_gateway():
            self.start_tour(
                "/odoo/product-notices",
                "aftersales_service_bulletin_follow",
                login="test_lead",
            )
            self._run()
        self.assertEqual(self._new_mails.recipient_ids, self.stranger)
        self.assertEqual(self.bulletin.state, "open")
        booked = self._lines(self.marta_bikes[0])
        self.assertEqual(booked.answered_by_id, self.manager)
        self.assertTrue(booked.repair_id)
