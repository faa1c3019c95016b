# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .gateway import KNOWN_MESSAGE, GatewayCase, write_mail


@tagged("post_install", "-at_install", "security")
class TestSecondCompany(GatewayCase, HttpCase):
    """Two shops in one database, with some customers of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Second Shop", "email": "hello@second.example"}
        )
        cls.domain = cls.env["mail.alias.domain"].create(
            {
                "name": "second.example",
                "catchall_alias": "catchall",
                "bounce_alias": "bounce",
            }
        )
        cls.other.alias_domain_id = cls.domain
        cls.other_team = cls.env["aftersales.team"].create(
            {
                "name": "Second Care",
                "company_id": cls.other.id,
                "alias_domain_id": cls.domain.id,
                "alias_name": "care",
            }
        )
        cls.other_manager = cls._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        # As for the core's orders: a customer's user is let into each company.
        companies = cls.company | cls.other
        (cls.portal_user | cls.stranger_user).company_ids = companies
        cls.other_claim = cls.env["aftersales.claim"].create(
            {
                "subject": "Bought elsewhere",
                "partner_id": cls.customer.id,
                "company_id": cls.other.id,
                "team_id": cls.other_team.id,
            }
        )

    def test_the_address_decides_on_the_company(self):
        entry = self.deliver(write_mail("Second", To="care@second.example"))
        self.assertEqual(entry.company_id, self.other)
        claim = entry.claim_id
        self.assertEqual(claim.company_id, self.other)
        self.assertEqual(claim.team_id, self.other_team)
        [mail] = self.acknowledgements(claim).mail_ids
        self.assertEqual(mail.email_from, self.other.email_formatted)
        self.assertIn("care@second.example", mail.reply_to)
        first = self.deliver(write_mail("First"))
        self.assertEqual(first.claim_id.company_id, self.company)

    def test_each_company_s_ledger_is_its_own(self):
        first = self.deliver(write_mail("First"))
        second = self.deliver(write_mail("Second", To="care@second.example"))
        for user, own in ((self.manager, first), (self.other_manager, second)):
            seen = self.intake.with_user(user).search([])
            self.assertEqual(seen & (first | second), own)

    def test_a_reference_counts_for_the_company_that_is_written_to(self):
        reply = write_mail(f"Re: {self.claim.name}", "Hello", To="care@second.example")
        entry = self.deliver(reply)
        self.assertEqual(entry.state, "claim")
        self.assertEqual(entry.claim_id.company_id, self.other)
        answer = write_mail(
            "Re", "x", To="care@second.example", References=KNOWN_MESSAGE
        )
        entry = self.deliver(answer)
        self.assertEqual(entry.claim_id, self.claim, "it answers that very message")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_customer_of_both_sees_all_that_is_theirs_and_staff_only_their_own(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open("/my/claims").text
        self.assertIn(self.claim.name, page)
        self.assertIn("Bought elsewhere", page)
        for claim in self.claim | self.other_claim:
            answer = self.url_open(f"/my/claims/{claim.id}")
            self.assertEqual(answer.status_code, 200)
        self.authenticate("test_jordi", "test_jordi")
        answer = self.url_open(f"/my/claims/{self.other_claim.id}")
        self.assertEqual(answer.status_code, 404)
        for user, own in (
            (self.manager, self.claim),
            (self.other_manager, self.other_claim),
        ):
            claims = self.claim | self.other_claim
            self.assertEqual(claims.with_user(user)._filtered_access("read"), own)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_who_is_let_into_one_company_follows_the_other_s_claim_by_its_link(self):
        self.portal_user.company_ids = self.company
        self.authenticate("test_marta", "test_marta")
        self.assertNotIn("Bought elsewhere", self.url_open("/my/claims").text)
        path = urlsplit(self.other_claim._get_tracking_url()).path
        self.assertIn("Bought elsewhere", self.url_open(path).text)

    def test_each_company_says_what_colleagues_see(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).parent_id = firm
        self.other.aftersales_portal_scope = "company"
        self.authenticate("test_jordi", "test_jordi")
        page = self.url_open("/my/claims").text
        self.assertIn("Bought elsewhere", page)
        self.assertNotIn(self.claim.name, page)

    def test_the_link_leads_to_the_claim_whatever_the_company(self):
        self.authenticate(None, None)
        path = urlsplit(self.other_claim._get_tracking_url()).path
        self.assertIn("Bought elsewhere", self.url_open(path).text)

    @mute_logger("odoo.http")
    def test_a_confidential_claim_is_not_for_colleagues(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).parent_id = firm
        self.company.aftersales_portal_scope = "company"
        self.claim.is_confidential = True
        path = f"/my/claims/{self.claim.id}"
        for login, status in (("test_jordi", 404), ("test_marta", 200)):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(path).status_code, status)
            page = self.url_open("/my/claims").text
            self.assertEqual(self.claim.name in page, status == 200)
