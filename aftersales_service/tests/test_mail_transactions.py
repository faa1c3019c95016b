# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from .gateway import GatewayCase, read_corpus, write_mail
from .imap_stub import ImapStub

INTAKE = "odoo.addons.aftersales_service.models.aftersales_mail_intake"
FETCHMAIL = "odoo.addons.mail.models.fetchmail"
LAST_IDS = (
    "aftersales.claim",
    "aftersales.mail.intake",
    "fetchmail.server",
    "ir.attachment",
    "mail.alias",
    "mail.alias.domain",
    "mail.mail",
    "mail.message",
    "res.partner",
)


@tagged("post_install", "-at_install")
class TestMailTransactions(BaseCase):
    """With real transactions, which commit; what they made is deleted after."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean_up)
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            self.before = {name: self._get_last_id(env, name) for name in LAST_IDS}
            team = env.ref("aftersales_service.team_customer_care")
            self.alias_name = team.alias_name
            self.domain_id = env.company.alias_domain_id.id
            env["res.partner"].create({"name": "Marta", "email": "marta@example.com"})
            GatewayCase.set_up_addresses(env, team)

    def _get_env(self, cr):
        cr.execute("SET lock_timeout = '10s'")
        return api.Environment(cr, SUPERUSER_ID, {})

    def _get_last_id(self, env, name):
        table = SQL.identifier(env[name]._table)
        env.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", table))
        return env.cr.fetchone()[0]

    def _get_new(self, env, name):
        return (
            env[name]
            .with_context(active_test=False)
            .search([("id", ">", self.before[name])])
        )

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            team = env.ref("aftersales_service.team_customer_care")
            team.alias_name = self.alias_name
            # The first domain there is takes all aliases and companies to itself.
            new = self._get_new(env, "mail.alias.domain")
            for name in ("mail.alias", "res.company"):
                env[name].search([("alias_domain_id", "in", new.ids)]).write(
                    {"alias_domain_id": self.domain_id}
                )
            mails = self._get_new(env, "aftersales.mail.intake")
            mails.sudo().write({"state": "discarded"})
            for name in LAST_IDS:
                self._get_new(env, name).unlink()

    def _look(self):
        """[(state, claim id)] of the new entries of the ledger, oldest first."""
        with self.registry.cursor() as cr:
            entries = self._get_new(self._get_env(cr), "aftersales.mail.intake")
            return [(e.state, e.claim_id.id) for e in entries.sorted("id")]

    def _count_claims(self):
        with self.registry.cursor() as cr:
            return len(self._get_new(self._get_env(cr), "aftersales.claim"))

    def _deliver(self, raw):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            return env["mail.thread"].message_process(None, raw)

    def test_the_same_mail_by_several_processes_at_once(self):
        raw = read_corpus("es_plain")
        for _round in range(3):
            raw = raw.replace(b"Message-ID: <", b"Message-ID: <x")
            start = threading.Barrier(4)

            def deliver(mail=raw, start=start):
                start.wait()
                return self._deliver(mail)

            with ThreadPoolExecutor(4) as pool:
                runs = [pool.submit(deliver) for _process in range(4)]
                results = [run.result() for run in runs]
            self.assertEqual(sum(bool(result) for result in results), 1)
        self.assertEqual([state for state, _claim in self._look()], ["claim"] * 3)
        self.assertEqual(self._count_claims(), 3)

    def test_different_mails_at_once(self):
        mails = [write_mail("Stops", sender=f"{n}@people.example") for n in range(8)]
        with ThreadPoolExecutor(4) as pool, mute_logger("odoo.sql_db"):
            list(pool.map(self._deliver, mails))
        self.assertEqual([state for state, _claim in self._look()], ["claim"] * 8)

    def test_two_who_work_off_one_entry_make_one_claim(self):
        with patch(f"{INTAKE}.AftersalesMailIntake._work_off_apart"):
            self._deliver(write_mail("Left behind by a crash"))
        self.assertEqual(self._look(), [("received", False)])
        with self.registry.cursor() as cr:
            entry_id = self._get_new(self._get_env(cr), "aftersales.mail.intake").id

        def work_off():
            with self.registry.cursor() as cr:
                intake = self._get_env(cr)["aftersales.mail.intake"]
                return intake._work_off_apart(entry_id)

        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(work_off) for _process in range(2)]
            results = [run.result() for run in runs]
        self.assertEqual(sum(bool(result) for result in results), 1)
        self.assertEqual(self._count_claims(), 1)

    def test_what_is_kept_outlives_the_caller_s_failure(self):
        with self.assertRaises(ZeroDivisionError):
            with self.registry.cursor() as cr:
                env = self._get_env(cr)
                env["mail.thread"].message_process(None, write_mail("Then it fails"))
                raise ZeroDivisionError
        self.assertEqual([state for state, _claim in self._look()], ["claim"])

    def test_a_mail_for_two_kinds_of_documents_reaches_both(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            env["mail.alias"].create(
                {
                    "alias_name": "people",
                    "alias_domain_id": env.company.alias_domain_id.id,
                    "alias_model_id": env["ir.model"]._get("res.partner").id,
                    "alias_defaults": "{}",
                }
            )
        raw = write_mail("For both", To="people@shop.example, care@shop.example")
        self._deliver(raw)
        self._deliver(raw)
        self.assertEqual([state for state, _claim in self._look()], ["claim"])
        with self.registry.cursor() as cr:
            partners = self._get_new(self._get_env(cr), "res.partner")
            self.assertEqual(partners.mapped("name").count("For both"), 1)

    def _fetch(self, mails):
        """Fetch `mails` as the core's cron does, from a mailbox of our own."""
        with ImapStub(mails) as stub, mute_logger(FETCHMAIL):
            with self.registry.cursor() as cr:
                server = self._get_env(cr)["fetchmail.server"].create(
                    {
                        "name": "Stub",
                        "server_type": "imap",
                        "server": "127.0.0.1",
                        "port": stub.port,
                        "user": "care",
                        "password": "secret",
                        "state": "done",
                        "object_id": self._get_env(cr)["ir.model"]
                        ._get("aftersales.claim")
                        .id,
                    }
                )
                server_id = server.id
            with self.registry.cursor() as cr:
                server = self._get_env(cr)["fetchmail.server"].browse(server_id)
                error = server._fetch_mail()
        self.assertIsNone(error)
        return stub

    def test_fetchmail(self):
        names = ["ca_photo", "en_charset_unknown", "es_base64_broken", "en_nul"]
        names += ["en_crlf_from", "es_out_of_office"]
        mails = [read_corpus(name) for name in names]
        # To no alias: the server's own setting makes claims of such mails.
        mails.append(write_mail("To the mailbox", To="mailbox@provider.example"))
        stub = self._fetch(mails)
        self.assertEqual(len(stub.seen), len(mails))
        states = [state for state, _claim in self._look()]
        self.assertEqual(states, ["claim"] * 5 + ["automatic", "claim"])
        self._fetch(mails)
        self.assertEqual(len(self._look()), len(mails), "the second time all are known")

    @mute_logger(INTAKE)
    def test_what_fails_on_fetching_is_quarantined(self):
        with patch.object(
            self.registry["aftersales.claim"], "create", side_effect=ZeroDivisionError
        ):
            self._fetch([write_mail("Bad luck")])
        self.assertEqual(self._look(), [("quarantined", False)])
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            team = env.ref("aftersales_service.team_customer_care")
            self.assertNotEqual(team.alias_id.alias_status, "invalid")
