# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .test_repair_quote import QuoteCommon
from .test_tours import DESKTOP, PHONE


@tagged("post_install", "-at_install")
class TestQuoteTours(QuoteCommon, HttpCase):
    """The customer answers the quotation of a repair on the page of the claim."""

    def _start(self, tour, size):
        self.browser_size, self.touch_enabled = size, size == PHONE
        self._plan()
        order = self._quote()
        order.write({"require_signature": True, "require_payment": False})
        order.action_quotation_sent()
        self.start_tour(f"/my/claims/{self.claim.id}", tour, login="test_marta")
        return order

    def test_customer_signs_without_a_login(self):
        """The link in the mail about the quotation leads to where it is signed."""
        self.browser_size = PHONE
        self.touch_enabled = True
        self._plan()
        order = self._quote()
        order.write({"require_signature": True, "require_payment": False})
        order.action_quotation_sent()
        path = urlsplit(self.claim._get_tracking_url()).path
        self.start_tour(path, "aftersales_service_guest_signs")
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.repair.quote_state, "approved")

    def test_the_quotation_of_a_former_customer_is_shown_to_no_other(self):
        self._plan()
        order = self._quote()
        order.action_quotation_sent()
        self.authenticate(None, None)
        path = urlsplit(self.claim._get_tracking_url()).path
        self.assertIn(order.name, self.url_open(path).text)
        self.claim.partner_id = self.stranger
        path = urlsplit(self.claim._get_tracking_url()).path
        page = self.url_open(path).text
        self.authenticate("test_jordi", "test_jordi")
        page += self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertIn(self.claim.name, page)
        for text in (order.name, order.access_token, "Marta"):
            self.assertNotIn(text, page)

    def _assert_signed(self, size):
        order = self._start("aftersales_service_customer_signs", size)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.signed_by, "Marta Vidal")
        self.assertTrue(order.signature)
        self.assertEqual(self.repair.quote_state, "approved")
        self.assertEqual(self.repair.state, "confirmed")
        [note] = self.claim.message_ids.filtered(lambda m: order.name in (m.body or ""))
        self.assertIn("approved", note.body)

    def _assert_refused(self, size):
        order = self._start("aftersales_service_customer_refuses", size)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.repair.state, "cancel")
        self.assertIn("send it back", order.message_ids[0].body)

    def test_customer_signs_at_the_desk(self):
        self._assert_signed(DESKTOP)

    def test_customer_signs_on_the_phone(self):
        self._assert_signed(PHONE)

    def test_customer_refuses_at_the_desk(self):
        self._assert_refused(DESKTOP)

    def test_customer_refuses_on_the_phone(self):
        self._assert_refused(PHONE)
