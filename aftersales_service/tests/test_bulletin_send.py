# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from psycopg2 import OperationalError

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

    def test_the_mails_go_out_at_once(self):
        self._approve(self.bulletin)
        with (
            self.mock_mail_gateway(),
            self.capture_triggers("mail.ir_cron_mail_scheduler_action") as triggers,
        ):
            self._run()
        self.assertTrue(triggers.records)

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

    def test_many_that_change_cost_the_same(self):
        owners = self.env["res.partner"].create(
            [{"name": f"O{n}", "email": f"o{n}@example.com"} for n in range(24)]
        )
        assets = self.env["aftersales.asset"].create(
            [{"partner_id": o.id, "product_id": self.bike.id} for o in owners]
        )
        self._send(self.bulletin)

        def count_queries(changed, **values):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            changed.with_context(tracking_disable=True).write(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def sell(changed):
            return count_queries(changed, partner_id=self.customer.id)

        def retire(changed):
            return count_queries(changed, state="retired")

        for change in (sell, retire):
            with self.subTest(change=change.__name__):
                change(assets[:1])
                few, many = change(assets[1:3]), change(assets[3:12])
                # The ledger of an asset's own changes is one line an asset.
                self.assertLessEqual(many - few, 9)
                assets = assets[12:]

    def test_what_goes_on_is_closed_before_it_is_archived(self):
        self._send(self.bulletin)
        with self.assertRaisesRegex(UserError, "Close the notice"):
            self.bulletin.action_archive()
        self.bulletin.action_close()
        self.bulletin.action_archive()
        self.assertFalse(self.bulletin.active)

    def test_a_line_break_in_a_title_is_a_blank(self):
        self.bulletin.name = "Battery\r\nBcc: everybody@example.com"
        self.assertEqual(self.bulletin.name, "Battery Bcc: everybody@example.com")
        mails = self._send(self.bulletin)
        self.assertEqual(
            set(mails.mapped("subject")),
            {"Recall: Battery Bcc: everybody@example.com"},
        )

    def test_a_reminder_asks_about_what_is_open_only(self):
        self._send_in_march()
        done, gone, silent = self.marta_bikes
        self._lines(done).with_user(self.agent).action_answer_done()
        self._lines(gone).with_user(self.agent).action_answer_not_mine()
        mails = self._remind("2026-03-15")
        mail = mails.filtered(lambda m: m.recipient_ids == self.customer)
        self.assertIn(silent.lot_id.name, mail.body_html)
        for bike in (done, gone):
            self.assertNotIn(bike.lot_id.name, mail.body_html)

    def test_who_is_busy_is_told_a_little_later(self):
        self._approve(self.bulletin)
        model = type(self.env["aftersales.bulletin.recipient"])
        with (
            self.mock_mail_gateway(),
            patch.object(model, "_tell", side_effect=OperationalError("busy")),
            self.capture_triggers(SEND) as triggers,
        ):
            self._run()
        self.assertFalse(self._new_mails)
        self.assertTrue(triggers.records)
        self.assertEqual(self.bulletin.state, "sending")
        with self.mock_mail_gateway():
            self._run()
        self.assertEqual(len(self._new_mails), 2)

    # -- percentages

    def test_progress_golden(self):
        """(state, answer): count -> told, answered and done, in percent."""
        for counts, expected in (
            ({}, (0, 0, 0)),
            ({("listed", False): 4}, (0, 0, 0)),
            ({("told", False): 4}, (100, 0, 0)),
            ({("queued", False): 1, ("told", False): 3}, (75, 0, 0)),
            ({("unreachable", False): 1, ("failed", False): 1}, (0, 0, 0)),
            ({("answered", "visit"): 1, ("told", False): 3}, (100, 25, 0)),
            ({("done", "done"): 1, ("told", False): 3}, (100, 25, 25)),
            # Whoever has it no longer can't do it: one of two is done.
            ({("done", "visit"): 1, ("answered", "not_mine"): 2}, (100, 100, 100)),
            (
                {
                    ("done", False): 1,
                    ("answered", "not_mine"): 2,
                    ("unreachable", False): 1,
                },
                (75, 75, 50),
            ),
            ({("answered", "not_mine"): 2}, (100, 100, 0)),
        ):
            with self.subTest(counts=counts):
                self.bulletin._set_progress(counts)
                progress = (
                    self.bulletin.told_percent,
                    self.bulletin.answered_percent,
                    self.bulletin.done_percent,
                )
                self.assertEqual(progress, expected)

    # -- contacts that become one

    def _merge(self, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        partners = self.env["res.partner"].union(*partners)
        wizard._merge(partners.ids, partners[0])
        self.env.invalidate_all()

    def test_two_contacts_become_one_with_all_their_answers(self):
        twin = self.env["res.partner"].create({"name": "Twin", "email": "t@x.com"})
        self.jordi_bike.partner_id = twin
        self._send(self.bulletin)
        self._lines(self.jordi_bike).with_user(self.agent).action_answer_done()
        recipients = self.bulletin.recipient_ids.sudo()
        tokens = recipients.mapped("token")
        self._merge(self.customer, twin)
        self.assertFalse(twin.exists())
        self.assertEqual(self._lines().partner_id, self.customer)
        self.assertEqual(self._lines(self.jordi_bike).state, "done")
        self.assertEqual(set(self._lines(self.marta_bikes).mapped("state")), {"told"})
        main = self._lines().recipient_id
        self.assertEqual(len(main), 1)
        for token in tokens:
            self.assertEqual(main._find_by_token(token), main)
        with self.mock_mail_gateway():
            self.bulletin.action_list_affected()
            self._run()
        self.assertFalse(self._new_mails)
        self.assertFalse(self.bulletin.waiting_count)

    def test_who_waits_for_the_notice_gets_it_as_one_contact(self):
        twin = self.env["res.partner"].create({"name": "Twin", "email": "t@x.com"})
        self.jordi_bike.partner_id = twin
        self._approve(self.bulletin)
        first = self._lines(self.marta_bikes).recipient_id
        with self.mock_mail_gateway():
            first.sudo()._tell()
        self._merge(self.customer, twin)
        with self.mock_mail_gateway():
            self._run()
        [mail] = self._new_mails
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("EB-0300", mail.body_html)
        self.assertEqual(self.bulletin.state, "open")
