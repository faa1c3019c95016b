# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Many customers who send the form at the same time, over HTTP and for real."""

import base64
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import requests

import odoo
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.security import compute_session_token
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged
from odoo.tests.common import HOST

CUSTOMERS = 5
SUBMISSIONS = 100
AT_ONCE = 16
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortalLoad(BaseCase):
    """With real transactions, which commit; what they made is deleted after."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.url = f"http://{HOST}:{HttpCase.http_port()}/my/claims/new"
        with self._environment() as env:
            users = env["res.users"].create(
                [
                    {
                        "name": f"Load {number}",
                        "login": f"load_{number}",
                        "email": f"load_{number}@example.com",
                        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                    }
                    for number in range(CUSTOMERS)
                ]
            )
            self.user_ids = users.ids
        self.addCleanup(self._clean_up)
        with self._environment() as env:
            self.sessions = [
                self._make_session(env, user_id) for user_id in self.user_ids
            ]

    @contextmanager
    def _environment(self):
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})

    def _make_session(self, env, user_id):
        """The id of a session in which the user is signed in."""
        user = env["res.users"].browse(user_id).with_user(user_id)
        session = odoo.http.root.session_store.new()
        session.update(odoo.http.get_default_session(), db=get_db_name())
        session.update(_trace_disable=True)
        session.uid, session.login = user_id, user.login
        session.session_token = compute_session_token(session, user.env)
        session.context = dict(user.context_get())
        odoo.http.root.session_store.save(session)
        self.addCleanup(odoo.http.root.session_store.delete, session)
        return session.sid

    def _clean_up(self):
        with self._environment() as env:
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            self._find_claims(env).unlink()
            users.unlink()
            partners.unlink()

    def _find_claims(self, env):
        partners = env["res.users"].browse(self.user_ids).partner_id
        return env["aftersales.claim"].search([("partner_id", "in", partners.ids)])

    def _open_form(self, session_id):
        page = requests.get(self.url, cookies={"session_id": session_id}, timeout=60)
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)

    def _send(self, session_id, csrf_token, key):
        # Two pictures of its own in each: nobody takes the very same one twice.
        files = [
            ("files", (f"{name}.png", PHOTO + f"{name} {key}".encode()))
            for name in ("one", "two")
        ]
        return requests.post(
            self.url,
            cookies={"session_id": session_id},
            headers={"Accept": "application/json"},
            data={"csrf_token": csrf_token, "form_key": key, "subject": f"Load {key}"},
            files=files,
            timeout=120,
        )

    def _send_all(self, submissions):
        """The answers to `submissions`, (session, key), sent by many at once."""
        tokens = {session: self._open_form(session) for session in self.sessions}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(
                pool.map(
                    lambda sent: self._send(sent[0], tokens[sent[0]], sent[1]),
                    submissions,
                )
            )
        self.assertEqual({answer.status_code for answer in answers}, {200})
        texts = [answer.json() for answer in answers]
        self.assertFalse([text for text in texts if "url" not in text])
        return [text["url"] for text in texts]

    def test_a_hundred_at_once_make_a_hundred_claims(self):
        urls = self._send_all(
            (self.sessions[number % CUSTOMERS], str(uuid.uuid4()))
            for number in range(SUBMISSIONS)
        )
        self.assertEqual(len(set(urls)), SUBMISSIONS)
        with self._environment() as env:
            claims = self._find_claims(env)
            self.assertEqual(len(claims), SUBMISSIONS)
            self.assertEqual(len(set(claims.mapped("name"))), SUBMISSIONS)
            for claim in claims:
                photos = claim.message_ids.attachment_ids.sorted("name")
                key = claim.subject.removeprefix("Load ")
                for name, photo in zip(("one", "two"), photos, strict=True):
                    self.assertEqual(photo.raw, PHOTO + f"{name} {key}".encode())

    def test_the_same_form_many_times_at_once_makes_one_claim(self):
        key = str(uuid.uuid4())
        urls = self._send_all((self.sessions[0], key) for _time in range(6))
        self.assertEqual(len(set(urls)), 1)
        with self._environment() as env:
            self.assertEqual(len(self._find_claims(env)), 1)
