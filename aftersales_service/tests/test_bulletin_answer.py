# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import BulletinCommon


@tagged("post_install", "-at_install")
class TestBulletinAnswer(BulletinCommon, HttpCase, MailCase):
    """What owners answer by link, in the portal and on the telephone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulletin.instructions = "<p>Change the battery.</p>"
        cls.jordi_bike.delivery_date = "2026-01-15"

    def _get_url(self, partner):
        recipient = self.bulletin.recipient_ids.sudo().filtered(
            lambda r: r.partner_id == partner
        )
        return f"/aftersales/notice/{recipient.token}"

    def _get_token(self, page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)

    def _post(self, url, answers, **form):
        """Open the page at `url` and send {asset: answer}."""
        page = self.url_open(url)
        data = {
            "csrf_token": self._get_token(page),
            **{f"answer_{self._lines(a).id}": answer for a, answer in answers.items()},
            **form,
        }
        target = re.search(r'action="([^"]*/notice[^"]*)"', page.text).group(1)
        return self.url_open(target, data=data)

    # -- by link

    def test_looking_at_the_link_writes_nothing(self):
        self._send(self.bulletin)
        page = self.url_open(self._get_url(self.customer))
        self.assertEqual(page.status_code, 200)
        self.assertIn("The battery may overheat", page.text)
        self.assertIn("EB-0100", page.text)
        self.assertNotIn("EB-0300", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(set(self._lines().mapped("state")), {"told"})
        get = self.url_open(
            f"{self._get_url(self.customer)}/answer?answer_{self._lines()[0].id}=done"
        )
        self.assertIn(get.status_code, (404, 405))
        self.assertEqual(set(self._lines().mapped("state")), {"told"})

    def test_each_product_has_its_answer(self):
        self._send(self.bulletin)
        done, visit, sold = self.marta_bikes
        answers = {done: "done", visit: "visit", sold: "not_mine"}
        page = self._post(self._get_url(self.customer), answers, note="Ring twice")
        self.assertIn("we have noted your answer", page.text)
        self.assertEqual(self._lines(done).state, "done")
        self.assertEqual(self._lines(visit).answer, "visit")
        self.assertEqual(self._lines(visit).note, "Ring twice")
        self.assertEqual(self._lines(sold).answer, "not_mine")
        self.assertEqual(self._lines(self.jordi_bike).state, "told")
        self.bulletin.invalidate_recordset()
        self.assertEqual(self.bulletin.answered_count, 3)
        self.assertEqual(self.bulletin.answered_percent, 75)
        # One of three that can still be done.
        self.assertAlmostEqual(self.bulletin.done_percent, 100 / 3)
        self.assertIn("The battery may overheat", done.message_ids[0].body)

    def test_a_product_can_be_left_for_later(self):
        self._send(self.bulletin)
        first, *rest = self.marta_bikes
        self._post(self._get_url(self.customer), {first: "done"})
        self.assertEqual({self._lines(bike).state for bike in rest}, {"told"})
        recipient = self._lines(first).recipient_id
        self.assertTrue(recipient.reminder_date)
        self._post(self._get_url(self.customer), dict.fromkeys(rest, "done"))
        self.assertFalse(recipient.reminder_date)

    def test_an_answer_counts_once(self):
        self._send(self.bulletin)
        url = self._get_url(self.stranger)
        page = self.url_open(url)
        line = self._lines(self.jordi_bike)
        data = {"csrf_token": self._get_token(page), f"answer_{line.id}": "visit"}
        for answer in ("visit", "done", "not_mine"):
            data[f"answer_{line.id}"] = answer
            self.url_open(f"{url}/answer", data=data)
        self.assertEqual((line.state, line.answer), ("answered", "visit"))
        self.assertEqual(len(line.repair_ids), 1)

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        self._send(self.bulletin)
        url = self._get_url(self.stranger)
        bike = self.jordi_bike
        for answers, form, message in (
            ({}, {}, "Choose an answer"),
            ({bike: "maybe"}, {}, "Choose one of the answers"),
            ({bike: "visit"}, {"wanted_date": "2000-01-01"}, "still to come"),
            ({bike: "visit"}, {"wanted_date": "soon"}, "no date"),
        ):
            with self.subTest(message=message):
                page = self._post(url, answers, **form)
                self.assertIn(message, page.text)
                self.assertEqual(self._lines(bike).state, "told")

    @mute_logger("odoo.http")
    def test_nobody_answers_for_others(self):
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        page = self.url_open(self._get_url(self.customer))
        data = {"csrf_token": self._get_token(page), f"answer_{line.id}": "done"}
        page = self.url_open(f"{self._get_url(self.customer)}/answer", data=data)
        self.assertIn("Choose an answer", page.text)
        self.assertEqual(line.state, "told")
        for token in ("x" * 32, "short", "' OR 1=1", "0" * 500):
            with self.subTest(token=token[:9]):
                answer = self.url_open(f"/aftersales/notice/{token}")
                self.assertEqual(answer.status_code, 404)
        data.pop("csrf_token")
        answer = self.url_open(f"{self._get_url(self.stranger)}/answer", data=data)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(line.state, "told")

    def test_the_link_ends_with_the_ownership_and_the_answers_with_the_notice(self):
        self._send(self.bulletin)
        url = self._get_url(self.stranger)
        self.bulletin.action_close()
        page = self.url_open(url)
        self.assertIn("This notice has ended", page.text)
        self.assertNotIn('type="radio"', page.text)
        self.bulletin.action_reopen()
        self.jordi_bike.partner_id = self.customer
        self.assertEqual(self.url_open(url).status_code, 404)

    # -- in the portal

    def test_the_portal_shows_it_where_the_product_is(self):
        self._send(self.bulletin)
        self.authenticate("test_marta", "test_marta")
        bike = self.marta_bikes[0]
        for path in ("/my/assets", f"/my/assets/{bike.id}", "/my/claims/new"):
            with self.subTest(path=path):
                self.assertIn("Recall", self.url_open(path).text)
        page = self._post(f"/my/notices/{self._lines(bike).id}", {bike: "done"})
        self.assertIn("we have noted your answer", page.text)
        self.assertEqual(self._lines(bike).state, "done")
        self.assertNotIn(
            "o_aftersales_notice_alert", self.url_open(f"/my/assets/{bike.id}").text
        )

    def test_the_portal_shows_nothing_before_it_is_sent_or_when_it_is_closed(self):
        bike = self.marta_bikes[0]
        self.bulletin.action_list_affected()
        self.authenticate("test_marta", "test_marta")
        mark = "o_aftersales_notice_alert"
        path = f"/my/assets/{bike.id}"
        self.assertNotIn(mark, self.url_open(path).text)
        line = self._lines(bike)
        self.assertEqual(self.url_open(f"/my/notices/{line.id}").status_code, 404)
        self._send(self.bulletin)
        self.assertIn(mark, self.url_open(path).text)
        self.bulletin.action_close()
        self.assertNotIn(mark, self.url_open(path).text)

    @mute_logger("odoo.http")
    def test_the_portal_shows_nothing_of_others(self):
        self._send(self.bulletin)
        self.authenticate("test_jordi", "test_jordi")
        line = self._lines(self.marta_bikes[0])
        own = self._lines(self.jordi_bike)
        page = self.url_open(f"/my/notices/{own.id}")
        data = {"csrf_token": self._get_token(page), f"answer_{line.id}": "done"}
        for url in (f"/my/notices/{line.id}", "/my/notices/0", "/my/notices/999999"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)
                self.assertEqual(self.url_open(url, data=data).status_code, 404)
        self.url_open(f"/my/notices/{own.id}", data=data)
        self.assertEqual(line.state, "told")

    def test_pages_cost_the_same_for_more_products(self):
        self._send(self.bulletin)
        assets = self.marta_bikes.sudo()

        def count_queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            notices = records._get_portal_notices()
            for asset in records:
                for line in notices.get(asset, ()):
                    line.bulletin_id._get_kind_label()
            return self.env.cr.sql_log_count - before

        count_queries(assets)
        self.assertLessEqual(count_queries(assets), count_queries(assets[:1]))

    # -- on the telephone

    def test_agents_note_answers_and_technicians_do_not(self):
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        with self.assertRaises(AccessError):
            line.with_user(self.technician).action_answer_done()
        line.with_user(self.agent).action_answer_not_mine()
        self.assertEqual(line.answer, "not_mine")
        self.assertEqual(line.answered_by_id, self.agent)

    # -- visits

    @freeze_time("2026-03-01 09:00:00")
    def test_a_booked_visit_is_a_repair_order(self):
        self._send(self.bulletin)
        self._post(
            self._get_url(self.stranger),
            {self.jordi_bike: "visit"},
            wanted_date="2026-03-30",
        )
        repair = self._lines(self.jordi_bike).repair_ids
        self.assertEqual(repair.asset_id, self.jordi_bike)
        self.assertEqual(repair.lot_id, self.jordi_bike.lot_id)
        self.assertEqual(repair.partner_id, self.stranger)
        self.assertEqual(repair.service_kind, "preventive")
        self.assertEqual(repair.service_mode, "onsite")
        self.assertFalse(repair.user_id)
        self.assertIn("Change the battery", repair.internal_notes)
        # Nine in Madrid, where the clocks have changed the day before.
        self.assertEqual(repair.schedule_date, datetime(2026, 3, 30, 7, 0))
        self.assertEqual(self.bulletin.repair_count, 1)

    def test_a_check_is_an_inspection(self):
        self.bulletin.write({"kind": "check", "service_mode": "workshop"})
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        line.with_user(self.agent).action_answer_visit()
        self.assertEqual(line.repair_ids.service_kind, "inspection")
        self.assertEqual(line.repair_ids.service_mode, "workshop")

    def _book(self):
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        line.with_user(self.agent).action_answer_visit()
        line.repair_ids.user_id = self.technician
        return line, line.repair_ids.with_user(self.technician)

    def test_the_visit_that_is_done_completes_the_product(self):
        with freeze_time("2026-03-01 09:00:00"):
            line, repair = self._book()
        with freeze_time("2026-03-08 09:00:00"):
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        self.assertEqual(line.state, "done")
        self.assertEqual(line.days_to_done, 7)
        self.assertEqual(self.bulletin.average_days, 7)
        self.assertEqual(self.bulletin.done_percent, 25)

    def test_a_visit_that_is_called_off_leaves_it_to_be_done(self):
        line, repair = self._book()
        repair.sudo().action_repair_cancel()
        self.assertEqual((line.state, line.answer), ("told", False))
        line.with_user(self.agent).action_answer_visit()
        self.assertEqual(len(line.repair_ids), 2)

    def test_a_visit_ends_with_the_ownership(self):
        line, repair = self._book()
        self.jordi_bike.partner_id = self.customer
        self.assertEqual(repair.sudo().state, "cancel")
        self.assertEqual(line.state, "gone")

    def test_nobody_links_a_repair_to_a_notice(self):
        line, repair = self._book()
        with self.assertRaises(AccessError):
            repair.with_user(self.agent).bulletin_asset_id = False
        with self.assertRaises(UserError):
            repair.write({"bulletin_asset_id": False})

    def test_a_visit_that_is_deleted_leaves_it_to_be_done(self):
        line, repair = self._book()
        repair.sudo().unlink()
        self.assertEqual((line.state, line.answer), ("told", False))

    def test_a_visit_that_is_done_may_not_open_it_again(self):
        line, repair = self._book()
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        repair.sudo().bulletin_asset_id._action_take_up_again()
        self.assertEqual(line.state, "done")

    def test_a_visit_that_takes_place_after_all_is_an_answer_again(self):
        line, repair = self._book()
        repair.sudo().action_repair_cancel()
        repair.sudo().action_repair_cancel_draft()
        self.assertEqual((line.state, line.answer), ("answered", "visit"))
        self.assertFalse(line.recipient_id.reminder_date)

    @freeze_time("2026-03-01 09:00:00")
    def test_whose_visit_is_called_off_is_reminded_again(self):
        line, repair = self._book()
        self.assertFalse(line.recipient_id.reminder_date)
        repair.sudo().action_repair_cancel()
        self.assertEqual(str(line.recipient_id.reminder_date), "2026-03-15")

    def test_who_was_never_told_is_not_told_by_calling_off_the_visit(self):
        self.stranger.email = False
        line, repair = self._book()
        repair.sudo().action_repair_cancel()
        self.assertEqual(line.state, "unreachable")
        self.assertFalse(line.told_date)

    def test_an_answer_on_the_telephone_survives_the_ownership(self):
        self.stranger.email = False
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        line.with_user(self.agent).action_answer_not_mine()
        self.jordi_bike.partner_id = self.customer
        self.assertEqual((line.state, line.answer), ("gone", "not_mine"))
        self.assertEqual(self._lines(self.jordi_bike).partner_id, self.customer)

    def test_who_has_it_back_is_asked_again(self):
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        line.with_user(self.agent).action_answer_not_mine()
        self.jordi_bike.partner_id = self.customer
        self.jordi_bike.partner_id = self.stranger
        self.assertEqual((line.state, line.answer), ("told", False))

    @freeze_time("2026-03-01 09:00:00")
    def test_who_has_it_back_is_reminded_again(self):
        self._send(self.bulletin)
        line = self._lines(self.jordi_bike)
        self.jordi_bike.state = "returned"
        self.assertFalse(line.recipient_id.reminder_date)
        self.jordi_bike.state = "in_service"
        self.assertEqual(line.state, "told")
        self.assertTrue(line.recipient_id.reminder_date)

    def test_a_confirmed_visit_is_not_forgotten_when_the_product_was_gone(self):
        line, repair = self._book()
        repair.action_validate()
        self.jordi_bike.state = "returned"
        self.jordi_bike.state = "in_service"
        self.assertEqual((line.state, line.answer), ("answered", "visit"))
        self.assertEqual(line.repair_ids, repair.sudo())

    def test_a_confirmed_visit_set_back_to_draft_is_still_booked(self):
        line, repair = self._book()
        repair.action_validate()
        repair.sudo().action_repair_cancel_draft()
        self.assertEqual((line.state, line.answer), ("answered", "visit"))

    def test_machines_that_follow_the_link_answer_nothing(self):
        self._send(self.bulletin)
        url = self.base_url() + self._get_url(self.customer)
        head = self.opener.head(url)
        self.assertEqual(head.status_code, 200)
        self.assertEqual(head.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.opener.get(f"{url}?done=1").status_code, 200)
        with mute_logger("odoo.http"):
            answer = self.opener.post(f"{url}/answer", data={"answer_1": "done"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(set(self._lines().mapped("state")), {"told"})
