# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A team with a mail address, and the ways on which mails reach it."""

import csv
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

from ..models.aftersales_mail_intake import AftersalesMailIntake
from .common import AftersalesCommon

CORPUS = Path(__file__).parent / "corpus"
KNOWN_MESSAGE = "<known-1@shop.example>"


def read_corpus(name):
    return (CORPUS / f"{name}.eml").read_bytes()


def read_expected():
    """The golden table: {file name: what has to become of it}."""
    with (CORPUS / "expected.csv").open() as handle:
        return {row["file"]: row for row in csv.DictReader(handle)}


def write_mail(subject, body="Text", sender="marta@example.com", **headers):
    """A plain mail to the team, as bytes; a header named None_x is left out."""
    lines = {
        "From": sender,
        "To": "care@shop.example",
        "Subject": subject,
        "Message-ID": f"<{abs(hash((subject, body, sender)))}@test.example>",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"{head}\r\n{body}".encode()


class GatewayCase(AftersalesCommon):
    """The shop under shop.example: care@ is the team's address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_addresses(cls.env, cls.team)
        cls.agent.email = "agent@staff.example"
        cls.assets = cls._sell(cls.bike, serials=["EB-CORPUS-1", "EB-CORPUS-2"])
        cls.claim = cls._create_claim(name="AS/2026/90001", user_id=cls.agent.id)
        cls.closed = cls._create_claim(name="AS/2026/90002", user_id=cls.agent.id)
        cls.closed._action_solve()
        cls.claim.with_user(cls.agent).message_post(
            body="Does it still stop?",
            subject="Your request",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        ).sudo().message_id = KNOWN_MESSAGE
        cls.intake = cls.env["aftersales.mail.intake"]

    @classmethod
    def set_up_addresses(cls, env, team):
        domain = env["mail.alias.domain"].create(
            {
                "name": "shop.example",
                "catchall_alias": "catchall",
                "bounce_alias": "bounce",
            }
        )
        env.company.alias_domain_id = domain
        team.write({"alias_name": "care", "alias_domain_id": domain.id})

    def deliver(self, raw, model=None, **options):
        """Put a mail through the gateway; return its entry in the ledger."""
        latest = self.intake.search([], order="id desc", limit=1).id or 0
        self.env["mail.thread"].message_process(model, raw, **options)
        return self.intake.search([("id", ">", latest)])

    def deliver_apart(self, raw, model=None):
        """As a gateway does: in a transaction that has written nothing before."""
        latest = self.intake.search([], order="id desc", limit=1).id or 0
        clean = patch.object(
            AftersalesMailIntake, "_has_caller_written", lambda self: False
        )
        with clean, self.enter_registry_test_mode():
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["mail.thread"].message_process(model, raw)
        return self.intake.search([("id", ">", latest)])

    def acknowledgements(self, claim):
        return claim.message_ids.filtered(lambda m: m.message_type == "auto_comment")
