# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestReminder(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.legal.reminder_days = 30
        cls.cron = cls.env.ref("aftersales_warranty.ir_cron_remind")

    def _run(self, moment="2028-04-10 08:00:00"):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _mails(self, partner=None):
        partner = partner or self.customer
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def _ledger(self, assets):
        return self.env["aftersales.warranty.reminder"].search(
            [("warranty_id", "in", assets.warranty_ids.ids)], order="id"
        )

    def test_once_and_not_before_its_day(self):
        asset = self._create_asset()
        self.assertEqual(asset.warranty_ids.reminder_date, date(2028, 4, 3))
        self._run("2028-04-02 10:00:00")
        self.assertFalse(self._ledger(asset))
        self._run("2028-04-03 10:00:00")
        self._run("2028-04-04 10:00:00")
        self.assertEqual(self._ledger(asset).mapped("state"), ["sent"])
        self.assertEqual(len(self._mails()), 1)
        mail = self._mails()
        self.assertIn("Cargo e-bike", mail.subject)
        self.assertIn("May 3, 2028", mail.body_html)
        self.assertIn("/aftersales/warranty/reminders/", mail.body_html)

    def test_not_after_the_end(self):
        asset = self._create_asset()
        self._run("2028-05-04 10:00:00")
        self.assertFalse(self._ledger(asset))

    def test_nobody_is_reminded_unless_the_policy_says_so(self):
        self.legal.reminder_days = 0
        asset = self._create_asset()
        self.assertFalse(asset.warranty_ids.reminder_date)
        self._run()
        self.assertFalse(self._mails())

    def test_who_is_not_told_and_why(self):
        deaf = self.customer.copy({"name": "No mail", "email": False})
        out = self.customer.copy({"aftersales_no_warranty_reminder": True})
        black = self.customer.copy({"email": "black@example.com"})
        self.env["mail.blacklist"]._add("black@example.com")
        assets = self.env["aftersales.asset"].union(
            *(self._create_asset(partner_id=p.id) for p in (deaf, out, black))
        )
        longer = self._create_policy(name="Long", kind="commercial", duration=5)
        self.product.aftersales_warranty_policy_ids |= longer
        assets |= self._create_asset()
        self._run()
        self.assertEqual(
            self._ledger(assets).mapped("state"),
            ["no_address", "opted_out", "opted_out", "covered"],
        )
        for partner in (deaf, out, black, self.customer):
            self.assertFalse(self._mails(partner))

    def test_in_the_customer_s_language_with_the_offer(self):
        self.env["res.lang"]._activate_lang("es_ES")
        longer = self._create_policy(name="More", kind="extended", duration=2)
        service = self.env["product.product"].create(
            {
                "name": "Two years more",
                "type": "service",
                "list_price": 90,
                "aftersales_extension_policy_id": longer.id,
            }
        )
        self.product.optional_product_ids = service.product_tmpl_id
        self.customer.lang = "es_ES"
        asset = self._create_asset()
        self._run()
        body = self._mails().body_html
        self.assertIn("3 de mayo de 2028", body)
        self.assertIn("Two years more", body)
        self.assertIn(f"/my/assets/{asset.id}", body)

    @mute_logger("odoo.sql_db")
    def test_the_ledger_holds_each_once(self):
        asset = self._create_asset()
        self._run()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._ledger(asset).copy()

    def test_goes_on_after_a_bad_record(self):
        assets = self.env["aftersales.asset"].union(
            *(self._create_asset() for _index in range(3))
        )
        Warranty = self.registry["aftersales.warranty"]
        bad, plain = assets[1].warranty_ids.id, Warranty._remind

        def remind(records):
            if bad in records.ids:
                raise ValueError("poisoned")
            return plain(records)

        self.patch(Warranty, "_remind", remind)
        logger = "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"
        with mute_logger(logger):
            self._run()
        self.assertEqual(len(self._ledger(assets)), 2)
        self.assertEqual(len(self._mails()), 2)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with freeze_time("2028-04-10 08:00:00"):
            self.env["aftersales.warranty"].search(
                self.env["aftersales.warranty"]._get_reminder_domain()
            )._remind()
        return self.cr.sql_log_count - before

    def test_cost_grows_with_what_is_due(self):
        self._create_asset()
        self._count_queries()
        self._create_asset()
        one = self._count_queries()
        self.env["aftersales.asset"].create(
            [
                self._prepare_asset(delivery_date=date(2028, 1, 1))
                for _index in range(200)
            ]
        )
        self._create_asset()
        self.assertLessEqual(self._count_queries(), one)
