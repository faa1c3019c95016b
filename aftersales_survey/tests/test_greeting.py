# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import freeze_time, tagged

from odoo.addons.aftersales_service.tests.common import AftersalesCommon
from odoo.addons.mail.tests.common import MailCase

URL = "https://reviews.example.com/volta"


@tagged("post_install", "-at_install")
class TestGreeting(AftersalesCommon, MailCase):
    """A greeting leads to where reviews are written, when there is such a place."""

    def _greet(self):
        self.company.aftersales_greet_first_year = True
        self.env["aftersales.asset"].search([]).delivery_date = False
        self._sell(self.helmet).delivery_date = "2025-03-10"
        with freeze_time("2026-03-09 09:00:00"), self.mock_mail_gateway():
            with self.enter_registry_test_mode():
                cron = self.env.ref("aftersales_service.ir_cron_greet")
                cron.method_direct_trigger()
        [mail] = self._new_mails
        return mail.body_html

    def test_review_site(self):
        self.env["aftersales.review.site"].search([]).active = False
        self.env["aftersales.review.site"].create({"name": "Reviews", "url": URL})
        self.assertIn(URL, self._greet())

    def test_no_review_site(self):
        self.env["aftersales.review.site"].search([]).active = False
        self.assertNotIn("write a review", self._greet())
