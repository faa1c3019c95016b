# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import AftersalesCommon

CRON = "aftersales_service.ir_cron_greet"
LOGGER = "odoo.addons.aftersales_service.models.aftersales_greeting"


@tagged("post_install", "-at_install")
class TestGreeting(AftersalesCommon, HttpCase, MailCase):
    """Off by default; each once for a product and year; who wants none gets none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.asset"].search([]).delivery_date = False
        cls.bike_asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.bike_asset.delivery_date = "2025-03-10"

    def _greet(self, moment):
        with freeze_time(moment), self.mock_mail_gateway():
            with self.enter_registry_test_mode():
                self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        return self._new_mails

    def _greet_on(self, day):
        return self._greet(f"{day} 09:00:00")

    def test_off_by_default(self):
        self.assertFalse(self.company.aftersales_greet_first_year)
        self.assertFalse(self.company.aftersales_greet_anniversary)
        self.assertFalse(self._greet_on("2026-03-10"))
        self.assertFalse(self.env["aftersales.greeting"].search([]))

    def test_end_of_the_first_year(self):
        self.company.aftersales_greet_first_year = True
        self.assertFalse(self._greet_on("2026-03-08"))
        [mail] = self._greet_on("2026-03-09")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("how is it going?", mail.subject)
        self.assertIn("E-bike Tramuntana", mail.body_html)
        self.assertIn(
            self.bike_asset._get_qr_url().replace("&", "&amp;"), mail.body_html
        )
        self.assertFalse(mail.model)
        for day in ("2026-03-09", "2026-03-10", "2026-03-16", "2027-03-09"):
            self.assertFalse(self._greet_on(day))

    def test_anniversary_every_year_once(self):
        self.company.aftersales_greet_anniversary = True
        self.assertFalse(self._greet_on("2026-03-09"))
        [mail] = self._greet_on("2026-03-10")
        self.assertIn("Happy anniversary", mail.subject)
        self.assertIn("a year since", mail.body_html)
        self.assertFalse(self._greet_on("2026-03-11"))
        [mail] = self._greet_on("2028-03-10")
        self.assertIn("3 years since", re.sub(r"<[^>]+>", "", mail.body_html))

    def test_both_are_not_two_mails_in_two_days(self):
        self.company.write(
            {"aftersales_greet_anniversary": True, "aftersales_greet_first_year": True}
        )
        self.assertEqual(len(self._greet_on("2026-03-09")), 1)
        self.assertFalse(self._greet_on("2026-03-10"))
        self.assertEqual(len(self._greet_on("2027-03-10")), 1)

    def test_29_february(self):
        self.company.aftersales_greet_anniversary = True
        self.bike_asset.delivery_date = "2024-02-29"
        self.assertFalse(self._greet_on("2025-02-27"))
        self.assertEqual(len(self._greet_on("2025-02-28")), 1)
        self.assertFalse(self._greet_on("2025-03-01"))
        self.assertFalse(self._greet_on("2028-02-28"))
        self.assertEqual(len(self._greet_on("2028-02-29")), 1)

    def test_the_day_is_the_company_s(self):
        self.company.aftersales_greet_anniversary = True
        self.assertFalse(self._greet("2026-03-09 22:30:00"))
        # Half past midnight in Madrid.
        self.assertEqual(len(self._greet("2026-03-09 23:30:00")), 1)

    def test_a_missed_day_is_made_up_for_but_history_is_not(self):
        self.company.aftersales_greet_anniversary = True
        old = self._sell(self.helmet, partner=self.stranger)
        old.delivery_date = "2020-11-01"
        [mail] = self._greet_on("2026-03-15")
        self.assertEqual(mail.recipient_ids, self.customer)

    def test_one_mail_for_the_products_of_an_owner(self):
        self.company.aftersales_greet_first_year = True
        helmet = self._sell(self.helmet)
        helmet.delivery_date = "2025-03-10"
        [mail] = self._greet_on("2026-03-09")
        self.assertIn("Helmet", mail.subject)
        self.assertIn("E-bike Tramuntana", mail.subject)
        self.assertEqual(len(self.env["aftersales.greeting"].search([])), 2)

    def _get_state_after(self):
        self.company.aftersales_greet_first_year = True
        self.assertFalse(self._greet_on("2026-03-09"))
        self.assertFalse(self._greet_on("2026-03-10"))
        return self.bike_asset.greeting_ids.mapped("state")

    def test_who_wants_none_gets_none(self):
        self.customer.aftersales_no_greetings = True
        self.assertEqual(self._get_state_after(), ["opted_out"])

    def test_who_is_on_the_blacklist_gets_none(self):
        self.env["mail.blacklist"]._add(self.customer.email)
        self.assertEqual(self._get_state_after(), ["opted_out"])

    def test_who_has_no_address_gets_none(self):
        self.customer.email = False
        self.assertEqual(self._get_state_after(), ["no_address"])

    def test_who_waits_for_us_gets_none(self):
        self._create_claim(self.bike_asset)
        self.assertEqual(self._get_state_after(), ["claim_open"])

    def test_what_came_back_is_no_occasion(self):
        self.bike_asset.state = "returned"
        self.assertEqual(self._get_state_after(), [])

    def test_each_in_their_language(self):
        self._install_language("es_ES")
        self.customer.lang = "es_ES"
        self.company.aftersales_greet_first_year = True
        [mail] = self._greet_on("2026-03-09")
        self.assertIn("¿", mail.subject)
        self.assertIn("/es/aftersales/greeting/", mail.body_html)

    @mute_logger(LOGGER)
    def test_a_poisoned_owner_stops_nobody_else(self):
        self.company.aftersales_greet_first_year = True
        other = self._sell(self.helmet, partner=self.stranger)
        other.delivery_date = "2025-03-10"
        model = type(self.env["aftersales.greeting"])
        original = model._get_products

        def poisoned(greeting):
            if greeting.partner_id == self.customer:
                raise ValueError("poisoned")
            return original(greeting)

        with (
            patch.object(model, "_get_products", poisoned),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            [mail] = self._greet_on("2026-03-09")
        self.assertEqual(mail.recipient_ids, self.stranger)
        self.assertEqual(self.bike_asset.greeting_ids.state, "failed")
        self.assertFalse(self._greet_on("2026-03-10"))

    def test_it_costs_what_is_due(self):
        self.company.aftersales_greet_first_year = True

        def count_queries(day):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._greet_on(day)
            return self.env.cr.sql_log_count - before

        count_queries("2026-06-01")
        few = count_queries("2026-06-02")
        self.env["aftersales.asset"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "product_id": self.helmet.id,
                    "delivery_date": "2025-01-01",
                }
                for _index in range(100)
            ]
        )
        self.assertLessEqual(count_queries("2026-06-03"), few)

    # -- no more of them

    def test_the_link_ends_them_when_its_button_is_pressed(self):
        self.company.aftersales_greet_first_year = True
        [mail] = self._greet_on("2026-03-09")
        url = re.search(r"/aftersales/greeting/[\w-]+", mail.body_html).group()
        page = self.url_open(url)
        self.assertFalse(self.customer.aftersales_no_greetings)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        page = self.url_open(f"{url}/stop", data={"csrf_token": token})
        self.assertIn("no more mails of this kind", page.text)
        self.env.invalidate_all()
        self.assertTrue(self.customer.aftersales_no_greetings)

    @mute_logger("odoo.http")
    def test_a_wrong_link_ends_nothing(self):
        for token in ("x" * 32, "preview"):
            answer = self.url_open(f"/aftersales/greeting/{token}")
            self.assertEqual(answer.status_code, 404)

    def test_nobody_reads_the_links(self):
        self.company.aftersales_greet_first_year = True
        self._greet_on("2026-03-09")
        greeting = self.bike_asset.greeting_ids
        with self.assertRaises(AccessError):
            greeting.with_user(self.manager).read(["token"])
        with self.assertRaises(AccessError):
            greeting.with_user(self.manager).unlink()

    def test_a_date_that_is_corrected_greets_nobody_twice(self):
        self.company.aftersales_greet_first_year = True
        other = self._sell(self.helmet, partner=self.stranger)
        other.delivery_date = "2025-03-20"
        self.assertEqual(len(self._greet_on("2026-03-09")), 1)
        self.bike_asset.delivery_date = "2025-03-20"
        [mail] = self._greet_on("2026-03-19")
        self.assertEqual(mail.recipient_ids, self.stranger)

    def test_one_mail_a_day_however_many_years(self):
        self.company.aftersales_greet_anniversary = True
        helmet = self._sell(self.helmet)
        helmet.delivery_date = "2023-03-10"
        [mail] = self._greet_on("2026-03-10")
        text = " ".join(re.sub(r"<[^>]+>", "", mail.body_html).split())
        self.assertIn("a year since we handed over your E-bike Tramuntana.", text)
        self.assertIn("3 years since we handed over your Helmet.", text)
        self.assertEqual(
            set((self.bike_asset | helmet).greeting_ids.mapped("state")), {"sent"}
        )

    def test_one_mail_a_day_whatever_the_occasion(self):
        self.company.write(
            {"aftersales_greet_anniversary": True, "aftersales_greet_first_year": True}
        )
        helmet = self._sell(self.helmet)
        helmet.delivery_date = "2023-03-09"
        [mail] = self._greet_on("2026-03-09")
        self.assertIn("how is it going?", mail.subject)
        self.assertEqual(helmet.greeting_ids.state, "greeted")
        self.assertFalse(self._greet_on("2026-03-10"))

    def test_who_has_it_from_somebody_else_has_bought_nothing(self):
        self.bike_asset.partner_id = self.stranger
        self.assertEqual(self._get_state_after(), ["other_buyer"])

    def test_a_colleague_of_the_buyer_is_greeted(self):
        colleague = self.env["res.partner"].create(
            {"name": "Pau", "email": "pau@x.com", "parent_id": self.customer.id}
        )
        self.bike_asset.partner_id = colleague
        self.company.aftersales_greet_first_year = True
        [mail] = self._greet_on("2026-03-09")
        self.assertEqual(mail.recipient_ids, colleague)

    def test_several_products_lead_to_a_form_without_a_login(self):
        self.company.aftersales_greet_first_year = True
        self._sell(self.helmet).delivery_date = "2025-03-10"
        [mail] = self._greet_on("2026-03-09")
        self.assertNotIn("/my/", mail.body_html)
        lead = self.env["aftersales.greeting"].search([("lead_id", "=", False)])
        page = self.url_open(lead._get_claim_url().replace(lead.get_base_url(), ""))
        self.assertEqual(page.status_code, 200)
        self.assertTrue(page.url.endswith("/aftersales/claim/new"))

    def test_who_is_archived_gets_none(self):
        self.portal_user.active = False
        self.customer.active = False
        self.assertEqual(self._get_state_after(), ["no_address"])
