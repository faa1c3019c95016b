# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import FOLLOW_UP, SEND, BulletinCommon

LOGGER = "odoo.addons.aftersales_service.models.aftersales_bulletin_send"


@tagged("post_install", "-at_install")
class TestBulletinSend(BulletinCommon, MailCase, CronMixinCase):
    """One mail an owner, once, after a manager has approved the count."""

    # -- approving

    def test_nothing_is_sent_before_it_is_approved(self):
        self.bulletin.action_list_affected()
        with self.mock_mail_gateway():
            self._run()
        self.assertFalse(self._new_mails)

    def test_who_approves_sees_the_count(self):
        self.stranger.email = False
        self.bulletin.action_list_affected()
        action = self.bulletin.action_approve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.asset_count, wizard.owner_count), (4, 2))
        self.assertEqual(wizard.unreachable_count, 1)
        self.assertIn("English", wizard.languages)

    def test_what_has_changed_since_is_shown_and_approved_again(self):
        self.bulletin.action_list_affected()
        action = self.bulletin.action_approve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        # The same number, but another product.
        self.jordi_bike.state = "returned"
        self._sell(self.bike, serials=["EB-0400"], partner=self.stranger)
        with self.mock_mail_gateway():
            again = wizard.action_confirm()
            self._run()
        self.assertEqual(again["res_id"], wizard.id)
        self.assertTrue(wizard.has_changed)
        self.assertEqual(self.bulletin.state, "listed")
        self.assertFalse(self._new_mails)
        wizard.action_confirm()
        self.assertEqual(self.bulletin.state, "sending")
        self.assertEqual(self.bulletin.approved_by_id, self.manager)
        self.assertIn("4 products of 2 owners", self.bulletin.message_ids[0].body)

    def test_a_notice_without_text_is_not_sent(self):
        self.bulletin.description = "<p><br></p>"
        self.bulletin.action_list_affected()
        with self.assertRaisesRegex(UserError, "Write what customers should read"):
            self.bulletin.action_approve()

    def test_approving_wakes_the_scheduled_action(self):
        self.bulletin.action_list_affected()
        with self.capture_triggers(SEND) as triggers:
            self._approve(self.bulletin)
        self.assertEqual(len(triggers.records), 1)

    # -- sending

    def test_an_owner_gets_one_mail_about_all_their_products(self):
        mails = self._send(self.bulletin)
        self.assertEqual(len(mails), 2)
        mail = mails.filtered(lambda m: m.recipient_ids == self.customer)
        self.assertEqual(mail.subject, "Recall: The battery may overheat")
        for bike in self.marta_bikes:
            self.assertIn(bike.lot_id.name, mail.body_html)
        self.assertNotIn(self.jordi_bike.lot_id.name, mail.body_html)
        self.assertIn("Do not charge it any more", mail.body_html)
        recipient = self.bulletin.recipient_ids.sudo().filtered(
            lambda r: r.partner_id == self.customer
        )
        self.assertIn(f"/aftersales/notice/{recipient.token}", mail.body_html)
        # Whoever may read the notice must not find the owner's link on it.
        self.assertFalse(mail.model)
        self.assertEqual(self.bulletin.state, "open")
        self.assertEqual(self.bulletin.told_percent, 100)
        self.assertEqual(set(self._lines().mapped("state")), {"told"})

    def test_nobody_gets_it_twice(self):
        self._send(self.bulletin)
        with self.mock_mail_gateway():
            self._run()
            self._run(FOLLOW_UP)
            self.bulletin.action_list_affected()
            self._run()
        self.assertFalse(self._new_mails)
        with self.assertRaisesRegex(UserError, "nobody to tell"):
            self.bulletin.action_approve()

    def test_it_goes_on_where_it_stopped(self):
        """What was told stands in the same transaction as its mail."""
        self._approve(self.bulletin)
        first = self.bulletin.recipient_ids[:1].sudo()
        with self.mock_mail_gateway():
            first._tell()
            self.assertEqual(len(self._new_mails), 1)
        # A crash here: the state of the first is written, the second waits.
        self.assertEqual(self.bulletin.state, "sending")
        with self.mock_mail_gateway():
            self._run()
        self.assertEqual(len(self._new_mails), 1)
        self.assertNotEqual(self._new_mails.recipient_ids, first.partner_id)
        self.assertEqual(self.bulletin.state, "open")

    def test_many_go_in_batches(self):
        owners = self.env["res.partner"].create(
            [{"name": f"N{n}", "email": f"n{n}@example.com"} for n in range(7)]
        )
        self.env["aftersales.asset"].create(
            [{"partner_id": o.id, "product_id": self.bike.id} for o in owners]
        )
        self._approve(self.bulletin)
        batches = []
        model = type(self.env["aftersales.bulletin.recipient"])
        tell = model._tell

        def record(recipients):
            batches.append(len(recipients))
            return tell(recipients)

        with self.mock_mail_gateway(), patch.object(model, "_tell", record):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["aftersales.bulletin"]._cron_send(batch_size=4)
        self.assertEqual(batches, [4, 4, 1])
        self.assertEqual(len(self._new_mails), 9)

    def test_a_batch_costs_the_same_for_more_owners(self):
        def send(count, name):
            product = self._create_product(name, "none", 1, 2)
            owners = self.env["res.partner"].create(
                [{"name": f"{n}", "email": f"{name}{n}@x.com"} for n in range(count)]
            )
            self.env["aftersales.asset"].create(
                [{"partner_id": o.id, "product_id": product.id} for o in owners]
            )
            bulletin = self._create_bulletin(product_ids=product.ids)
            self._approve(bulletin)
            recipients = bulletin.recipient_ids.sudo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self.mock_mail_gateway():
                recipients._tell()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        send(2, "Warm")
        few, many = send(10, "Few"), send(40, "Many")
        # Each mail writes its recipients and its message; nothing else is by owner.
        self.assertLessEqual((many - few) / 30, 8)

    @mute_logger(LOGGER)
    def test_a_poisoned_owner_stops_nobody_else(self):
        self._approve(self.bulletin)
        model = type(self.env["aftersales.bulletin.recipient"])
        render = model._get_mail_subject

        def poisoned(recipient):
            if recipient.partner_id == self.customer:
                raise ValueError("poisoned")
            return render(recipient)

        with (
            self.mock_mail_gateway(),
            patch.object(model, "_get_mail_subject", poisoned),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            self._run()
        self.assertEqual(self._new_mails.recipient_ids, self.stranger)
        self.assertEqual(set(self._lines(self.marta_bikes).mapped("state")), {"failed"})
        self.assertEqual(self._lines(self.jordi_bike).state, "told")
        self.assertEqual(self.bulletin.untold_count, 3)
        self.assertEqual(self.bulletin.state, "open")
        failed = self.bulletin.recipient_ids.filtered("error")
        self.assertEqual(failed.partner_id, self.customer)
        # What was wrong is put right: the rest goes out, and only that.
        with self.mock_mail_gateway():
            self.bulletin.action_retry()
            self._run()
        self.assertEqual(self._new_mails.recipient_ids, self.customer)
        self.assertEqual(self.bulletin.untold_count, 0)

    def test_who_has_no_address_or_is_archived_is_listed_for_the_telephone(self):
        self.stranger_user.active = False
        self.stranger.active = False
        mails = self._send(self.bulletin)
        self.assertEqual(mails.recipient_ids, self.customer)
        self.assertEqual(self._lines(self.jordi_bike).state, "unreachable")
        self.assertEqual(self.bulletin.state, "open")
        with self.assertRaisesRegex(UserError, "working e-mail address"):
            self.bulletin.action_retry()
        self.stranger.active = True
        with self.mock_mail_gateway():
            self.bulletin.action_retry()
            self._run()
        self.assertEqual(self._new_mails.recipient_ids, self.stranger)
        self.assertEqual(self._lines(self.jordi_bike).state, "told")

    def test_a_notice_is_no_advertising(self):
        """Who is on the blacklist for mailings is told of a danger all the same."""
        self.env["mail.blacklist"]._add(self.customer.email)
        self.assertIn(self.customer, self._send(self.bulletin).recipient_ids)

    def test_each_in_their_language(self):
        for code, title in (
            ("es_ES", "La batería puede calentarse"),
            ("ca_ES", "La bateria es pot escalfar"),
        ):
            self._install_language(code)
            self.bulletin.with_context(lang=code).name = title
        self.customer.lang, self.stranger.lang = "es_ES", "ca_ES"
        mails = self._send(self.bulletin)
        spanish = mails.filtered(lambda m: m.recipient_ids == self.customer)
        catalan = mails.filtered(lambda m: m.recipient_ids == self.stranger)
        self.assertIn("La batería puede calentarse", spanish.subject)
        self.assertIn("La bateria es pot escalfar", catalan.subject)
        self.assertIn("Hola", spanish.body_html)
        self.assertIn("/es/aftersales/notice/", spanish.body_html)
        code = self.env["res.lang"]._get_data(code="ca_ES").url_code
        self.assertIn(f"/{code}/aftersales/notice/", catalan.body_html)

    def test_what_is_stopped_waits_for_another_approval(self):
        self._approve(self.bulletin)
        self.bulletin.action_stop()
        self.assertEqual(self.bulletin.state, "open")
        self.assertEqual(self.bulletin.waiting_count, 4)
        with self.mock_mail_gateway():
            self._run()
        self.assertFalse(self._new_mails)
        self.assertEqual(len(self._send(self.bulletin)), 2)

    def test_what_comes_to_it_later_waits_for_its_approval(self):
        self._send(self.bulletin)
        later = self._sell(self.bike, serials=["EB-0500"])
        with self.mock_mail_gateway():
            self._run(FOLLOW_UP)
        self.assertFalse(self._new_mails)
        self.assertEqual(self.bulletin.waiting_count, 1)
        mails = self._send(self.bulletin)
        self.assertEqual(mails.recipient_ids, self.customer)
        self.assertEqual(self._lines(later).state, "told")

    # -- reminders

    @freeze_time("2026-03-01 09:00:00")
    def _send_in_march(self):
        self._send(self.bulletin)

    def _remind(self, day):
        with freeze_time(f"{day} 09:00:00"), self.mock_mail_gateway():
            self._run(FOLLOW_UP)
        return self._new_mails

    def test_the_silent_are_reminded_so_many_times(self):
        self._send_in_march()
        self._lines(self.jordi_bike).with_user(self.agent).action_answer_done()
        self.assertFalse(self._remind("2026-03-14"))
        [mail] = self._remind("2026-03-15")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertTrue(mail.subject.startswith("Reminder: Recall"))
        self.assertFalse(self._remind("2026-03-15"))
        self.assertEqual(len(self._remind("2026-03-29")), 1)
        self.assertFalse(self._remind("2026-06-01"))

    def test_a_closed_notice_reminds_nobody_until_it_is_taken_up_again(self):
        self._send_in_march()
        self.bulletin.action_close()
        self.assertFalse(self._remind("2026-03-20"))
        self.bulletin.action_reopen()
        self.assertEqual(len(self._remind("2026-03-21")), 2)

    def test_no_reminder_when_none_is_wanted(self):
        self.bulletin.reminder_max = 0
        self._send_in_march()
        self.assertFalse(self._remind("2027-03-01"))
        with self._refused_by_the_database():
            self.bulletin.write({"reminder_max": 1, "reminder_days": 0})

    # -- owners and products that change

    def test_a_new_owner_is_listed_as_not_yet_told(self):
        self._send(self.bulletin)
        bike = self.marta_bikes[0]
        bike.with_user(self.agent).partner_id = self.stranger
        line = self._lines(bike)
        self.assertEqual((line.partner_id, line.state), (self.stranger, "listed"))
        self.assertEqual(self.bulletin.waiting_count, 1)
        mails = self._send(self.bulletin)
        self.assertEqual(mails.recipient_ids, self.stranger)
        self.assertIn("EB-0100", mails.body_html)
        # Back to whom it was told before: they are not told again.
        bike.partner_id = self.customer
        self.assertEqual(self._lines(bike).state, "told")
        self.assertFalse(self.bulletin.waiting_count)

    def test_an_owner_before_sending_is_just_the_owner(self):
        self.bulletin.action_list_affected()
        self.marta_bikes.partner_id = self.stranger
        self.assertEqual(self._lines().partner_id, self.stranger)
        self.assertEqual(self._send(self.bulletin).recipient_ids, self.stranger)

    def test_who_sends_it_back_before_it_is_sent_is_not_told(self):
        self._approve(self.bulletin)
        self.jordi_bike.state = "returned"
        with self.mock_mail_gateway():
            self._run()
        self.assertEqual(self._new_mails.recipient_ids, self.customer)
        self.assertEqual(self.bulletin.asset_count, 3)

    def test_an_exchanged_product_counts_no_more_and_its_successor_is_looked_at(self):
        self._send(self.bulletin)
        old = self.jordi_bike
        new = self._sell(self.bike, serials=["EB-0900"], partner=self.stranger)
        old._replace_by(new)
        self.assertFalse(self._lines(old))
        self.assertEqual(self.bulletin.asset_count, 3)
        self.bulletin.action_list_affected()
        self.assertEqual(self._lines(new).state, "listed")

    def test_a_product_that_comes_back_into_service_is_not_told_twice(self):
        self._send(self.bulletin)
        self.jordi_bike.state = "returned"
        self.assertFalse(self._lines(self.jordi_bike))
        self.bulletin.action_list_affected()
        self.jordi_bike.state = "in_service"
        self.assertEqual(self._lines(self.jordi_bike).state, "told")

    def test_a_product_that_is_done_needs_no_new_owner_told(self):
        self._send(self.bulletin)
        self._lines(self.jordi_bike).with_user(self.agent).action_answer_done()
        self.jordi_bike.partner_id = self.customer
        self.assertEqual(self._lines(self.jordi_bike).state, "done")
        self.assertFalse(self.bulletin.waiting_count)
