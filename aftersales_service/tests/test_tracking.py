# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
import re
from urllib.parse import urlsplit

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from ..controllers import hidden_tokens
from .common import AftersalesCommon
from .test_portal import PIXEL


@tagged("post_install", "-at_install")
class TestTracking(AftersalesCommon, MailCase, HttpCase):
    """The link in the customer's mails, in the hands of who should and shouldn't."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(
            cls.asset, description="After ten minutes", user_id=cls.agent.id
        )
        cls.path = urlsplit(cls.claim._get_tracking_url()).path
        cls.token = cls.claim.sudo().tracking_token

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _csrf(self, path=None):
        page = self.url_open(path or self.path).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)

    def _send(self, step="message", files=(), **values):
        data = {"csrf_token": self._csrf(), **values}
        return self.url_open(
            f"{self.path}/{step}",
            data=data,
            files=[("files", file) for file in files],
            allow_redirects=False,
        )

    def _get_not_found(self, path):
        """The page for a link that leads nowhere, without header and footer."""
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 404, path)
        return re.search(r"<main.*</main>", answer.text, re.DOTALL).group()

    # -- the page

    def test_holder_sees_the_claim_and_nothing_internal(self):
        other = self.env["res.partner"].create(
            {"name": "Third Person", "email": "third@example.com"}
        )
        claim = self.claim
        claim.with_user(self.agent).message_post(
            body="Send us a photo, please.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        claim.message_post(body="Internal-NOTE")
        claim.message_post(
            body="Third-SECRET",
            author_id=other.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        claim.line_ids.diagnosis = "Diagnosis-SECRET"
        answer = self.url_open(self.path)
        for text in (claim.name, claim.subject, "E-bike Tramuntana", "a photo, please"):
            self.assertIn(text, answer.text)
        for text in (
            "Internal-NOTE",
            "SECRET",
            "third@example.com",
            self.customer.email,
            self.agent.email,
        ):
            self.assertNotIn(text, answer.text)

    def test_page_is_kept_from_search_engines_and_other_sites(self):
        for path in (
            self.path,
            "/aftersales/claim/" + "x" * 32,
            "/aftersales/claim/new",
        ):
            headers = self.url_open(path).headers
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("no-store", headers["Cache-Control"])

    def test_mails_quoted_in_an_answer_are_left_out(self):
        self.claim.with_user(self.agent).message_post(
            body="We are on it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        message = self.claim.message_ids[0]
        message.body = (
            "<p>We are on it.</p><blockquote>From: third@example.com</blockquote>"
            '<div data-o-mail-quote="1">On Monday third@example.com wrote</div>'
        )
        page = self.url_open(self.path).text
        self.assertIn("We are on it.", page)
        self.assertNotIn("third@example.com", page)

    def test_confidential_claim_shows_the_minimum(self):
        self.claim.is_confidential = True
        self.claim.with_user(self.manager).message_post(
            body="Answer-SECRET",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        page = self.url_open(self.path).text
        self.assertIn(self.claim.name, page)
        for text in (self.claim.subject, "E-bike", "Answer-SECRET", "ten minutes"):
            self.assertNotIn(text, page)

    # -- one answer for every link that leads nowhere

    @mute_logger("odoo.http")
    def test_guessed_renewed_revoked_and_archived_links_say_the_same(self):
        path = self.path
        answers = {
            self._get_not_found("/aftersales/claim/" + "x" * 32),
            self._get_not_found("/aftersales/claim/x"),
            self._get_not_found(f"/aftersales/claim/{self.claim.id}"),
            self._get_not_found(f"{path}%00"),
            self._get_not_found(f"{path}x"),
        }
        self.claim.with_user(self.agent).action_revoke_tracking_link()
        answers.add(self._get_not_found(path))
        new = urlsplit(self.claim._get_tracking_url()).path
        self.assertNotEqual(new, path)
        self.assertEqual(self.url_open(new).status_code, 200)
        self.claim.partner_id = self.stranger
        answers.add(self._get_not_found(new))
        self.claim.active = False
        newest = urlsplit(self.claim._get_tracking_url()).path
        answers.add(self._get_not_found(newest))
        self.assertEqual(len(answers), 1)

    def test_new_customer_takes_the_link_and_the_mails_away(self):
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id}
        )
        self.assertIn(self.customer, self.claim.message_partner_ids)
        self.claim.with_user(self.agent).partner_id = colleague
        self.assertNotIn(self.customer, self.claim.message_partner_ids)
        self.assertIn(colleague, self.claim.message_partner_ids)
        self.assertNotEqual(
            self.claim._get_tracking_url().rpartition("/")[2], self.token
        )

    def test_same_customer_written_again_keeps_the_link(self):
        self.claim.partner_id = self.customer
        self.assertEqual(self.url_open(self.path).status_code, 200)

    def test_nobody_reads_or_writes_the_token(self):
        for user in (
            self.manager,
            self.agent,
            self.portal_user,
            self.env.ref("base.user_admin"),
        ):
            claim = self.claim.with_user(user)
            with self.assertRaises(AccessError):
                claim.read(["tracking_token"])
            with self.assertRaises(AccessError):
                claim.search([("tracking_token", "=", self.token)])
            with self.assertRaises(AccessError):
                claim.write({"tracking_token": "mine"})
            self.assertNotIn("tracking_token", claim.fields_get())
        with self.assertRaises(AccessError):
            self.claim.with_user(self.technician).action_revoke_tracking_link()

    # -- tokens in mails and logs

    def test_token_is_in_the_customer_s_mail_alone(self):
        copied = self.env["res.partner"].create(
            {"name": "Copied", "email": "copied@example.com"}
        )
        claim = self.claim
        claim.message_subscribe((copied | self.manager.partner_id).ids)
        with self.mock_mail_gateway():
            claim.with_user(self.agent).message_post(
                body="We look at it.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            claim._send_acknowledgement()
        self.assertGreaterEqual(len(self._mails), 3)
        receivers = set()
        for mail in self._mails:
            mine = "marta@example.com" in str(mail["email_to"])
            self.assertEqual(self.token in mail["body"], mine, mail["email_to"])
            receivers.add(mine)
        self.assertEqual(receivers, {True, False})
        for message in claim.message_ids:
            self.assertNotIn(self.token, str(message.body))

    def test_log_hides_tokens(self):
        for path in (self.path, f"{self.path}/message", "/es" + self.path):
            record = logging.LogRecord(
                "werkzeug", logging.INFO, "", 1, '"%s" %s', (f"GET {path}", 200), None
            )
            hidden_tokens.HideTokens().filter(record)
            self.assertNotIn(self.token, record.getMessage())
            self.assertIn("/aftersales/claim/***", record.getMessage())
        for name in hidden_tokens.LOGGERS:
            filters = logging.getLogger(name).filters
            self.assertTrue(
                any(isinstance(f, hidden_tokens.HideTokens) for f in filters)
            )

    # -- writing

    def test_holder_adds_a_message_with_a_photo(self):
        answer = self._send(
            text="<script>alert(1)</script>\nIt got worse",
            files=[("photo.png", PIXEL, "image/png")],
        )
        self.assertEqual(answer.status_code, 303)
        message = self.claim.message_ids[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(message.attachment_ids.raw, PIXEL)
        self.assertFalse(self.claim.first_response_date)
        page = self.url_open(self.path + "?done=message").text
        self.assertNotIn("<script>alert(1)", page)
        self.assertIn("It got worse", page)
        file_path = f"{self.path}/file/{message.attachment_ids.id}"
        file = self.url_open(file_path)
        self.assertEqual(file.content, PIXEL)
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertIn("default-src 'none'", file.headers["Content-Security-Policy"])

    def test_double_click_makes_one_message(self):
        before = self.claim.message_ids
        csrf_token = self._csrf()
        for _time in range(2):
            self.url_open(
                f"{self.path}/message", data={"csrf_token": csrf_token, "text": "Hello"}
            )
        self.assertEqual(len(self.claim.message_ids - before), 1)
        self._send(text="And one more thing")
        self.assertEqual(len(self.claim.message_ids - before), 2)

    @mute_logger("odoo.http")
    def test_wrong_messages_are_told_and_nothing_is_written(self):
        before = self.claim.message_ids
        for files, text, message in (
            ([], " \x00 ", "Write something"),
            ([], "x" * 20001, "20000 characters"),
            ([("x.html", b"<html><script>1</script></html>")], "", "neither a photo"),
            ([("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')], "x", "neither"),
        ):
            answer = self._send(files=files, text=text)
            self.assertEqual(answer.status_code, 200)
            self.assertIn(message, answer.text)
        self.assertEqual(self.claim.message_ids, before)

    @mute_logger("odoo.http")
    def test_writing_needs_the_csrf_token_and_the_link(self):
        before = self.claim.message_ids
        data = {"csrf_token": "wrong", "text": "Hello"}
        self.assertEqual(
            self.url_open(f"{self.path}/message", data=data).status_code, 400
        )
        data["csrf_token"] = self._csrf()
        other = self.url_open(f"/aftersales/claim/{'x' * 32}/message", data=data)
        self.assertEqual(other.status_code, 404)
        self.assertEqual(self.url_open(f"{self.path}/message").status_code, 405)
        self.assertEqual(self.claim.message_ids, before)

    @mute_logger("odoo.http")
    def test_files_of_notes_and_of_others_are_not_found(self):
        note = self.claim.message_post(
            body="Note", attachments=[("a.txt", b"Note-SECRET")]
        ).attachment_ids
        other = self._create_claim(partner_id=self.stranger.id)
        theirs = other.message_post(
            body="Theirs",
            author_id=self.stranger.id,
            attachments=[("b.txt", b"Their-SECRET")],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        ).attachment_ids
        for attachment_id in (note.id, theirs.id, 999999999, 10**30):
            answer = self.url_open(f"{self.path}/file/{attachment_id}")
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("SECRET", answer.text)

    def test_holder_confirms_that_it_is_solved_once(self):
        self.claim._action_solve()
        self.assertIn("Is it solved?", self.url_open(self.path).text)
        for _time in range(2):
            self.url_open(f"{self.path}/solved", data={"csrf_token": self._csrf()})
        self.assertTrue(self.claim.confirm_date)
        said = self.claim.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(len(said), 1)
        self.assertEqual(said.author_id, self.customer)
        self.assertNotIn("Is it solved?", self.url_open(self.path).text)

    def test_holder_says_that_it_is_not_solved_and_it_is_opened_once(self):
        self.claim._action_solve()
        self._send("not_solved", text="")
        self.assertEqual(self.claim.stage_category, "solved")
        for _time in range(2):
            self._send("not_solved", text="It <b>stops</b> again")
        self.assertEqual(self.claim.stage_category, "in_progress")
        self.assertEqual(self.claim.reopen_count, 1)
        page = self.url_open(self.path).text
        self.assertNotIn("<b>stops</b>", page)
        self.assertIn("stops", page)

    def test_too_many_messages_are_stopped(self):
        for _time in range(60):
            self.env["aftersales.rate.limit"]._is_exceeded(
                "claim_answer", "127.0.0.1", 1000, 60
            )
        before = self.claim.message_ids
        answer = self._send(text="One too many")
        self.assertIn("Too many messages", answer.text)
        self.assertIn("One too many", answer.text)
        self.assertEqual(self.claim.message_ids, before)

    # -- crawlers and many records

    def _count_changes(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del)"
            "  FROM pg_stat_xact_user_tables"
        )
        return self.env.cr.fetchone()[0]

    @mute_logger("odoo.http")
    def test_opening_links_writes_nothing(self):
        self.url_open(self.path)
        before = self._count_changes()
        for path in (
            self.path,
            "/aftersales/claim/" + "x" * 32,
            "/aftersales/claim/new?serial=EB-1",
            "/aftersales/claim/sent",
            "/aftersales/claim/confirm/x",
            "/aftersales/q/1?s=EB-1",
        ):
            self.url_open(path)
        self.assertEqual(self._count_changes(), before)

    def test_page_costs_the_same_for_few_and_many_messages(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            self.url_open(self.path)
            before = self.env.cr.sql_log_count
            self.url_open(self.path)
            return self.env.cr.sql_log_count - before

        def talk():
            for user in (self.agent, self.manager):
                self.claim.with_user(user).message_post(
                    body="Hello",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    attachments=[("a.png", PIXEL)],
                )

        talk()
        few = queries()
        for _time in range(10):
            talk()
        self.claim.line_ids = [
            Command.create({"asset_id": asset.id})
            for asset in self._sell(self.bike, serials=["EB-2", "EB-3", "EB-4"])
        ]
        self.assertLessEqual(queries(), few + 2)

    def test_customer_reads_it_in_their_language(self):
        self._install_language("ca_ES")
        self.customer.lang = "ca_ES"
        path = urlsplit(self.claim._get_tracking_url()).path
        self.assertTrue(path.startswith("/ca"))
        page = self.url_open(path).text
        self.assertIn("Què ve ara", page)
        self.assertIn(self.claim.name, page)
