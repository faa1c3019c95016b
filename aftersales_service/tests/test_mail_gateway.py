# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import importlib.util
import io
import sys
import xmlrpc.client
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import file_path, mute_logger

from .gateway import KNOWN_MESSAGE, GatewayCase, read_corpus, write_mail

INTAKE = "odoo.addons.aftersales_service.models.aftersales_mail_intake"


@tagged("post_install", "-at_install")
class TestMailGateway(GatewayCase):
    # -- what becomes a claim

    def test_the_new_text_comes_first_in_the_description(self):
        claim = self.deliver(read_corpus("es_long_quote")).claim_id
        self.assertTrue(claim.description.startswith("Sigo esperando la pieza."))
        self.assertIn("> línea citada 299", claim.description)

    def test_the_only_product_of_the_sender_is_filled_in(self):
        claim = self.deliver(read_corpus("ca_serial")).claim_id
        self.assertEqual(claim.line_ids.asset_id, self.assets[0])
        again = self.deliver(write_mail("Again", "EB-CORPUS-1 still stops")).claim_id
        self.assertFalse(again.line_ids, "it is claimed already")

    def test_no_machine_follows(self):
        claim = self.deliver(write_mail("It stops")).claim_id
        self.assertEqual(claim.message_partner_ids, self.customer)

    def test_another_s_serial_is_not_filled_in(self):
        entry = self.deliver(
            write_mail("Stops", "EB-CORPUS-1", sender="jordi@example.com")
        )
        self.assertFalse(entry.claim_id.line_ids)

    def test_partners_who_get_a_copy_follow(self):
        claim = self.deliver(read_corpus("en_copy_to_partner")).claim_id
        self.assertIn(self.stranger, claim.message_partner_ids)
        self.assertIn("jordi@example.com", claim.email_cc)
        reply = write_mail(
            f"Re: {claim.name}", "I read it too", sender="jordi@example.com"
        )
        self.assertTrue(self.deliver(reply).is_verified)

    def test_a_huge_body_is_cut_and_kept_whole(self):
        body = "A long story. " * 40_000
        entry = self.deliver(write_mail("Long", body))
        claim = entry.claim_id
        message = claim.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertIn("original.eml", message.body)
        self.assertEqual(message.attachment_ids.name, "original.eml")
        self.assertEqual(message.attachment_ids.raw, entry.attachment_id.raw)
        self.assertLessEqual(len(claim.description), 100_000)

    def test_a_huge_attachment_and_nesting_beyond_measure(self):
        head = b"From: marta@example.com\nTo: care@shop.example\n"
        big = head + b"Subject: Big\nContent-Type: text/plain\n\nFilm\n" + b"x" * 2**20
        with patch("odoo.addons.aftersales_service.rules.mail_repair.MAX_SIZE", 2**19):
            claim = self.deliver(big).claim_id
        self.assertEqual(claim.subject, "Big")
        nested = (
            head
            + b"Subject: Deep\n"
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
                for i in range(3000)
            )
        )
        entry = self.deliver(nested + b"Content-Type: text/plain\n\nBottom\n")
        self.assertEqual(entry.state, "claim", entry.error)

    def test_pages_are_stored_inert(self):
        claim = self.deliver(read_corpus("es_page_and_svg")).claim_id
        files = claim.message_ids.attachment_ids
        self.assertEqual(set(files.mapped("mimetype")), {"text/plain"})
        body = self.deliver(read_corpus("en_script")).claim_id.message_ids[-1].body
        for word in ("script", "onerror", "javascript", "position:fixed"):
            self.assertNotIn(word, body)

    def test_the_sender_is_told_once_and_in_a_form_no_machine_answers(self):
        claim = self.deliver(write_mail("It stops")).claim_id
        mail = self.acknowledgements(claim).mail_ids
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("'Auto-Submitted': 'auto-replied'", mail.headers)
        self.deliver(write_mail(f"Re: {claim.name}", "More"))
        self.assertEqual(len(self.acknowledgements(claim)), 1)

    def test_a_sender_we_do_not_know_is_told_as_well(self):
        claim = self.deliver(read_corpus("en_unknown_sender")).claim_id
        self.assertFalse(claim.partner_id)
        mail = self.acknowledgements(claim).mail_ids
        self.assertEqual(mail.email_to, "nora@unknown.example")
        self.assertIn(claim.name, mail.subject)

    def test_nobody_is_told_where_the_company_does_not_want_it(self):
        self.company.aftersales_tell_received = False
        for name in ("en_plain", "en_unknown_sender"):
            entry = self.deliver(read_corpus(name))
            self.assertFalse(entry.is_acknowledged)
            self.assertFalse(self.acknowledgements(entry.claim_id))

    def test_a_colleague_who_passes_a_mail_on_is_not_the_customer(self):
        entry = self.deliver(write_mail("Fwd: stops", sender="agent@staff.example"))
        self.assertFalse(entry.claim_id.partner_id)
        self.assertFalse(entry.is_acknowledged)
        message = entry.claim_id.message_ids.filtered(
            lambda m: m.message_type == "email"
        )
        self.assertFalse(message.author_id, "nobody writes in a colleague's name")

    # -- answers and strangers

    def test_an_answer_reaches_those_who_follow(self):
        entry = self.deliver(read_corpus("es_gmail_reply"))
        message = self.claim.message_ids[0]
        self.assertEqual(message.author_id, self.customer)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn(self.agent.partner_id, message.notified_partner_ids)
        self.assertTrue(entry.is_verified)

    def test_a_stranger_learns_nothing(self):
        followers = self.claim.message_partner_ids
        for name in ("en_stranger_references", "ca_stranger_subject"):
            with self.subTest(mail=name):
                entry = self.deliver(read_corpus(name))
                message = self.claim.message_ids[0]
                self.assertFalse(entry.is_verified)
                self.assertTrue(message.is_internal)
                self.assertIn("Unverified sender", message.body)
                self.assertFalse(message.notified_partner_ids)
                self.assertFalse(message.partner_ids)
                self.assertEqual(self.claim.message_partner_ids, followers)
                self.assertFalse(self.claim.email_cc)
        self.assertTrue(self.claim.has_unverified_mail)
        self.assertEqual(len(self.claim.activity_ids), 1, "one task, not two")
        self.assertEqual(self.claim.activity_ids.user_id, self.agent)
        self.claim.with_user(self.agent).action_clear_mail_marks()
        self.assertFalse(self.claim.has_unverified_mail)

    def test_nobody_speaks_for_staff_by_mail(self):
        self.deliver(read_corpus("es_staff_spoofed"))
        message = self.claim.message_ids[0]
        self.assertTrue(message.is_internal)
        self.assertFalse(message.author_id)
        self.assertNotIn(self.customer, message.notified_partner_ids)
        self.assertEqual(self.claim.response_count, 1, "only the one of set-up")

    def test_staff_the_mail_server_vouches_for_answers_by_mail(self):
        self.env["ir.config_parameter"].set_param(
            "aftersales_service.mail_authentication_server", "mx.shop.example"
        )
        raw = read_corpus("es_staff_spoofed")
        trusted = b"Authentication-Results: mx.shop.example; dmarc=pass\r\n" + raw
        entry = self.deliver(trusted)
        message = self.claim.message_ids[0]
        self.assertTrue(entry.is_verified)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertEqual(self.claim.response_count, 2)

    def test_who_the_mail_server_denies_is_not_the_customer(self):
        self.env["ir.config_parameter"].set_param(
            "aftersales_service.mail_authentication_server", "mx.shop.example"
        )
        forged = b"Authentication-Results: mx.shop.example; dmarc=fail\r\n"
        entry = self.deliver(forged + read_corpus("es_gmail_reply"))
        self.assertFalse(entry.is_verified)
        self.assertTrue(self.claim.message_ids[0].is_internal)
        entry = self.deliver(forged + write_mail("New one"))
        self.assertFalse(entry.is_acknowledged)
        self.assertTrue(entry.claim_id.has_unverified_mail)

    def test_colleagues_take_part_where_the_company_lets_them(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.customer.parent_id = firm
        self.env["res.partner"].create(
            {
                "name": "Colleague",
                "email": "colleague@firm.example",
                "parent_id": firm.id,
            }
        )
        for scope, is_confidential, is_verified in (
            ("own", False, False),
            ("company", False, True),
            ("company", True, False),
        ):
            with self.subTest(scope=scope, confidential=is_confidential):
                self.company.aftersales_portal_scope = scope
                self.claim.is_confidential = is_confidential
                mail = write_mail(
                    f"Re: {self.claim.name}",
                    f"{scope} {is_confidential}",
                    sender="colleague@firm.example",
                )
                self.assertEqual(self.deliver(mail).is_verified, is_verified)

    def test_a_mail_after_closing_changes_no_state_but_is_seen(self):
        self.deliver(read_corpus("es_reply_after_closing"))
        self.assertEqual(self.closed.stage_category, "solved")
        self.assertEqual(self.closed.customer_wrote, "closed")
        self.assertEqual(self.closed.activity_ids.user_id, self.agent)
        self.closed.with_user(self.agent).action_reopen()
        self.assertFalse(self.closed.customer_wrote)

    def test_a_mail_while_waiting_is_marked(self):
        self.claim.stage_id = self.claim._get_stage("waiting")
        self.deliver(read_corpus("es_gmail_reply"))
        self.assertEqual(self.claim.stage_category, "waiting")
        self.assertEqual(self.claim.customer_wrote, "waiting")

    def test_no_mail_writes_on_the_claim(self):
        before = self.claim.read(["stage_id", "priority", "partner_id", "resolution"])
        for subject in ("#close", "priority: urgent", "approved"):
            self.deliver(write_mail(f"{self.claim.name} {subject}", subject))
        after = self.claim.read(["stage_id", "priority", "partner_id", "resolution"])
        self.assertEqual(before, after)

    # -- bounces and loops

    def test_a_bounce_is_told_on_the_claim(self):
        self.deliver(read_corpus("en_bounce"))
        note = self.claim.message_ids[0]
        self.assertIn("marta@example.com could not be delivered", note.body)
        self.assertIn("mailbox unavailable", note.body)
        sent = self.env["mail.message"].search([("message_id", "=", KNOWN_MESSAGE)])
        notification = sent.notification_ids.filtered(
            lambda n: n.res_partner_id == self.customer
        )
        self.assertEqual(notification.notification_status, "bounce")
        self.assertEqual(self.claim.activity_ids.user_id, self.agent)

    def test_a_dealer_s_many_mails_all_become_claims(self):
        for number in range(30):
            body = f"Battery of D-{10000 + number} is defective, model {'abc' * number}"
            entry = self.deliver(
                write_mail(f"Claim {number}", body, sender="dealer@example.com")
            )
            self.assertEqual(entry.state, "claim", entry.error)
            self.assertTrue(entry.is_acknowledged)

    def test_the_same_text_again_and_again_is_a_loop(self):
        states = [
            self.deliver(
                write_mail("Thanks", "We got it", Message_ID=f"<{n}@loop.example>")
            ).state
            for n in range(7)
        ]
        self.assertEqual(states, ["claim"] * 5 + ["loop"] * 2)

    def test_a_machine_that_counts_is_left_without_answer_then_stopped(self):
        entries = [
            self.deliver(write_mail(f"Ticket {n}", "Thanks", sender="bot@example.com"))
            for n in range(22)
        ]
        told = [entry.is_acknowledged for entry in entries]
        self.assertEqual(told, [True] * 3 + [False] * 19)
        states = [entry.state for entry in entries]
        self.assertEqual(states, ["claim"] * 20 + ["loop"] * 2)
        self.assertIn("21 times", entries[20].error)

    def test_whom_the_administrator_allows_is_never_stopped(self):
        self.env["mail.gateway.allowed"].create({"email": "bot@example.com"})
        for number in range(7):
            mail = write_mail(
                "Same", sender="bot@example.com", Message_ID=f"<{number}@same.example>"
            )
            self.assertEqual(self.deliver(mail).state, "claim")

    # -- the ledger

    def test_the_same_message_id_with_another_text_waits_for_a_person(self):
        self.deliver(write_mail("One", Message_ID="<same@x.example>"))
        other = self.deliver(write_mail("Two", Message_ID="<same@x.example>"))
        self.assertEqual(other.state, "quarantined")
        other.with_user(self.manager).action_retry()
        self.assertEqual(other.state, "claim")
        self.assertEqual(other.claim_id.subject, "Two")

    @mute_logger(INTAKE)
    def test_what_fails_is_quarantined_and_can_be_retried(self):
        alias = self.team.alias_id
        for deliver in (self.deliver, self.deliver_apart):
            with self.subTest(deliver=deliver.__name__):
                claims = self.env["aftersales.claim"].search_count([])
                with patch.object(
                    type(self.env["aftersales.claim"]),
                    "_fill_in_recognised",
                    side_effect=ZeroDivisionError("by nothing"),
                ):
                    entry = deliver(write_mail("Bad luck", deliver.__name__))
                self.assertEqual(entry.state, "quarantined")
                self.assertIn("by nothing", entry.error)
                self.assertNotEqual(alias.alias_status, "invalid")
                self.assertEqual(self.env["aftersales.claim"].search_count([]), claims)
                self.assertEqual(
                    self.team.with_user(self.manager).quarantined_mail_count, 1
                )
                entry.with_user(self.manager).action_retry()
                self.assertEqual(entry.state, "claim")
                self.assertFalse(entry.error)

    def test_a_manager_puts_a_mail_on_a_claim_or_discards_it(self):
        entry = self.deliver(read_corpus("en_out_of_office"))
        action = entry.with_user(self.manager).action_link()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"claim_id": self.claim.id})
        )
        wizard.action_confirm()
        self.assertEqual(entry.claim_id, self.claim)
        self.assertEqual(entry.state, "reply")
        other = self.deliver(read_corpus("ca_x_loop"))
        action = other.with_user(self.manager).action_discard()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "Advertising"})
        )
        wizard.action_confirm()
        self.assertEqual(other.state, "discarded")
        self.assertEqual(other.discard_reason, "Advertising")

    def test_an_automatic_mail_can_be_made_a_claim_by_a_person(self):
        entry = self.deliver(read_corpus("es_mailing_list"))
        entry.with_user(self.manager).action_retry()
        self.assertEqual(entry.state, "claim")

    def test_the_ledger_is_for_managers(self):
        entry = self.deliver(write_mail("Mine"))
        for user in (self.agent, self.technician, self.portal_user):
            for method in ("action_retry", "action_link", "action_discard"):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        getattr(entry.with_user(user), method)()
            with self.assertRaises(AccessError):
                entry.attachment_id.with_user(user).read(["raw"])
        with self.assertRaises(AccessError):
            entry.with_user(self.manager).write({"state": "discarded"})
        self.assertEqual(
            entry.attachment_id.with_user(self.manager).mimetype, "text/plain"
        )

    def test_mails_left_behind_are_taken_up_and_crash_no_more_than_five_times(self):
        lost = self.deliver(write_mail("Left behind"))
        lost.claim_id.unlink()
        self.env["mail.message"].search([("message_id", "=", lost.message_id)]).unlink()
        lost.write({"state": "received", "date": "2026-01-01 10:00:00"})
        crash = self.deliver(write_mail("Crash"))
        crash.write({"state": "received", "date": "2026-01-01 10:00:00", "attempts": 5})
        with self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_mail_intake"
            ).method_direct_trigger()
        self.assertEqual(lost.state, "claim")
        self.assertEqual(lost.attempts, 2)
        self.assertEqual(crash.state, "quarantined")

    def test_a_full_disk_loses_no_mail(self):
        with patch.object(
            type(self.env["ir.attachment"]),
            "_file_write",
            side_effect=OSError(28, "No space left on device"),
        ):
            entry = self.deliver(raw := write_mail("Full disk"))
        self.assertEqual(entry.attachment_id.raw, raw)

    # -- what is not ours

    def test_other_mails_pass_untouched(self):
        domain = self.team.alias_domain_id
        partner_model = self.env["ir.model"]._get("res.partner")
        self.env["mail.alias"].create(
            {
                "alias_name": "people",
                "alias_domain_id": domain.id,
                "alias_model_id": partner_model.id,
                "alias_defaults": "{}",
            }
        )
        raw = write_mail("A person", To="people@shop.example")
        self.assertFalse(self.deliver(raw))
        found = self.env["res.partner"].search([("name", "=", "A person")])
        self.assertEqual(len(found), 1)
        raw = write_mail("Both", To="people@shop.example, care@shop.example")
        self.assertEqual(self.deliver(raw).state, "claim", "and the person as well")
        found = self.env["res.partner"].search([("name", "=", "Both")])
        self.assertEqual(len(found), 1)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_mail_for_nobody_is_refused_by_the_core(self):
        with self.assertRaises(ValueError):
            self.deliver(write_mail("Lost", To="nobody@shop.example"))

    def test_an_alias_for_known_partners_refuses_others_visibly(self):
        self.team.alias_contact = "partners"
        entry = self.deliver(read_corpus("en_unknown_sender"))
        self.assertEqual(entry.state, "quarantined")
        self.assertIn("restricted to known authors", entry.error)
        self.assertEqual(self.deliver(write_mail("Known")).state, "claim")
        self.assertNotEqual(self.team.alias_id.alias_status, "invalid")

    def test_no_more_queries_for_more_words_and_files(self):
        def count(raw):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            entry = self.deliver(raw)
            self.env.flush_all()
            self.assertEqual(entry.state, "claim")
            return self.env.cr.sql_log_count - before

        count(write_mail("Warm up"))
        short = count(write_mail("Short"))
        text = " ".join(f"S{n:05d}" for n in range(500))
        references = " ".join(f"<{n}@old.example>" for n in range(300))
        long = count(write_mail("Long", text, References=references))
        self.assertLess(long, short + 20)
        self.assertLess(short, 160)


@tagged("post_install", "-at_install")
class TestMailGate(GatewayCase, HttpCase):
    """The way a mail server takes: the core's script, over XML-RPC."""

    def _run_script(self, raw, user, password):
        path = file_path("mail/static/scripts/odoo-mailgate.py")
        spec = importlib.util.spec_from_file_location("mailgate", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        arguments = ["mailgate", "-d", self.env.cr.dbname, "-u", str(user.id)]
        proxy = patch.object(
            script.xmlrpclib, "ServerProxy", lambda *args, **kwargs: self.xmlrpc_object
        )
        stdin = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        with (
            proxy,
            patch.object(sys, "argv", [*arguments, "-p", password]),
            patch.object(sys, "stdin", stdin),
        ):
            script.main()

    def _create_gateway_user(self):
        return self._create_user("gateway", "base.group_user")

    def test_the_core_s_script(self):
        user = self._create_gateway_user()
        self._run_script(read_corpus("es_plain"), user, user.login)
        entry = self.intake.search([], limit=1, order="id desc")
        self.assertEqual(entry.state, "claim")
        self.assertEqual(entry.claim_id.partner_id, self.customer)
        self.assertNotIn(user.partner_id, entry.claim_id.message_partner_ids)

    def test_bytes_over_xml_rpc(self):
        user = self._create_gateway_user()
        for name in ("es_charset_lying", "en_nul", "es_base64_broken"):
            arguments = [False, xmlrpc.client.Binary(read_corpus(name))]
            claim_id = self.xmlrpc_object.execute_kw(
                *(self.env.cr.dbname, user.id, user.login),
                *("mail.thread", "message_process", arguments),
            )
            self.assertTrue(self.env["aftersales.claim"].browse(claim_id).exists())

    def test_the_original_is_a_file_for_managers_and_no_page(self):
        entry = self.deliver(b"<html><script>alert(1)</script>\n\n", "aftersales.claim")
        url = entry.with_user(self.manager).action_download()["url"]
        self.authenticate("test_lead", "test_lead")
        response = self.url_open(url)
        self.assertEqual(response.content, b"<html><script>alert(1)</script>\n\n")
        self.assertTrue(response.headers["Content-Type"].startswith("text/plain"))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.authenticate("test_agent", "test_agent")
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_text_no_charset_can_write(self):
        raw = write_mail("Half a character").decode() + "\ud800"
        self.assertEqual(self.deliver(raw).state, "claim")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_customers_do_not_use_the_gateway(self):
        before = self.intake.search_count([])
        with self.assertRaises(xmlrpc.client.Fault):
            self.xmlrpc_object.execute_kw(
                *(self.env.cr.dbname, self.portal_user.id, "test_marta"),
                *("mail.thread", "message_process"),
                ["aftersales.claim", xmlrpc.client.Binary(write_mail("Over RPC"))],
            )
        self.assertEqual(self.intake.search_count([]), before)

    def test_a_gateway_user_decides_nothing_of_the_claim(self):
        user = self._create_gateway_user()
        claim_id = self.xmlrpc_object.execute_kw(
            *(self.env.cr.dbname, user.id, user.login),
            *("mail.thread", "message_process"),
            ["aftersales.claim", xmlrpc.client.Binary(write_mail("Urgent"))],
            {"custom_values": {"priority": "3", "cost": 5, "stage_id": 999}},
        )
        claim = self.env["aftersales.claim"].browse(claim_id)
        self.assertEqual(claim.priority, "1")
        self.assertEqual(claim.stage_category, "new")
