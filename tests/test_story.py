# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One bike from the quotation to the accounts, by the people who meet it."""

import base64
import io
import re
from ast import literal_eval
from urllib.parse import urlsplit

import pytz
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import HttpCase, tagged
from odoo.tools.mail import html2plaintext
from odoo.tools.pdf import PdfFileReader

from odoo.addons.aftersales_service.tests.common import AftersalesCommon
from odoo.addons.base.models.ir_actions_report import IrActionsReport

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
#: Whose tours look at the dates and amounts of the screen.
ENGLISH = {"lang": "en_US"}


@tagged("post_install", "-at_install")
class TestStory(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._create_user(
            "sales", "sales_team.group_sale_salesman", **ENGLISH
        )
        # Without the right to contacts, which new users have, the core lists nothing
        # where carriers are installed.
        cls.storekeeper = cls._create_user(
            "store", "stock.group_stock_user,base.group_partner_manager", **ENGLISH
        )
        cls.accountant = cls._create_user(
            "accountant", "account.group_account_user", **ENGLISH
        )
        # The story is told in one go, at whatever hour.
        cls.env.ref("aftersales_survey.aftersales_survey_rule_claim_solved").write(
            {"quiet_start": 0, "quiet_end": 0}
        )
        people = cls.agent | cls.technician | cls.portal_user
        people.lang = "en_US"
        cls.helmet.aftersales_create_asset = True
        cls.lot = cls._create_lot(cls.bike, "EB-2026-1")
        cls._stock(cls.bike, 1, cls.lot)
        cls.bike.aftersales_warranty_policy_ids = cls.env.ref(
            "aftersales_warranty.policy_es_legal"
        )
        cls._set_accounts()

    @classmethod
    def _set_accounts(cls):
        """Perpetual valuation, and where the accountant wants the warranty cost."""
        cls.expense = cls.env["account.account"].create(
            {
                "name": "Warranty repairs",
                "code": "695100",
                "account_type": "expense",
            }
        )
        cls.company.aftersales_warranty_location_id.valuation_account_id = cls.expense
        category = cls.env["product.category"].create(
            {"name": "Spare parts", "property_valuation": "real_time"}
        )
        cls.battery.categ_id = category
        cls.stock_account = cls.battery._get_product_accounts()["stock_valuation"]
        plan = cls.env["account.analytic.plan"].create({"name": "After-sales"})
        cls.analytic_account = cls.env["account.analytic.account"].create(
            {"name": "Warranty", "plan_id": plan.id}
        )
        cls.company.aftersales_analytic_account_id = cls.analytic_account

    def test_from_the_sale_to_the_accounts(self):
        self._sell_and_deliver()
        self._download_certificate()
        self._report_problem()
        self._diagnose()
        self._repair()
        self._solve()
        self._ask_customer()
        self._find_cost()

    # -- 1. the sale

    def _sell_and_deliver(self):
        self.start_tour("/odoo/orders/new", "aftersales_story_sale", login="test_sales")
        order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((len(order), order.state), (1, "sale"))
        self.assertEqual(order.create_uid, self.salesperson)
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [1, 2])
        self.start_tour(
            "/odoo/deliveries", "aftersales_story_delivery", login="test_store"
        )
        picking = order.picking_ids
        self.assertEqual((len(picking), picking.state), (1, "done"))
        self.assertEqual(picking.move_line_ids.lot_id, self.lot)
        assets = self.env["aftersales.asset"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.asset = assets.filtered(lambda asset: asset.product_id == self.bike)
        helmets = assets - self.asset
        today = self.company._aftersales_today()
        self.assertRecordValues(
            self.asset | helmets,
            [
                {
                    "product_id": self.bike.id,
                    "lot_id": self.lot.id,
                    "quantity": 1,
                    "sale_line_id": order.order_line[0].id,
                    "delivery_date": today,
                    "state": "in_service",
                },
                {
                    "product_id": self.helmet.id,
                    "lot_id": False,
                    "quantity": 2,
                    "sale_line_id": order.order_line[1].id,
                    "delivery_date": today,
                    "state": "in_service",
                },
            ],
        )
        self.warranty = assets.warranty_ids
        self.assertRecordValues(
            self.warranty,
            [
                {
                    "asset_id": self.asset.id,
                    "partner_id": self.customer.id,
                    "kind": "legal",
                    "date_start": today,
                    "date_end": today + relativedelta(years=3),
                    "state": "active",
                }
            ],
        )

    def _download_certificate(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        link = re.search(r'href="([^"]+/pdf[^"]*)"', page).group(1)
        self._render_real_pdf()
        response = self.url_open(link, timeout=60)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = PdfFileReader(io.BytesIO(response.content)).pages
        # The certificate, and the sheet of rights and obligations.
        self.assertEqual(len(pages), 2)
        text = " ".join(pages[0].extract_text().split())
        for fact in (
            self.warranty.name,
            "EB-2026-1",
            "Marta Vidal",
            self._long_date(self.warranty.date_start),
            self._long_date(self.warranty.date_end),
        ):
            with self.subTest(fact):
                self.assertIn(fact, text)

    def _render_real_pdf(self):
        """Print PDF files over HTTP, where Odoo gives tests HTML in their place."""
        plain = IrActionsReport._render_qweb_pdf

        def render(report, *args, **kwargs):
            report = report.with_context(force_report_rendering=True)
            return plain(report, *args, **kwargs)

        self.patch(IrActionsReport, "_render_qweb_pdf", render)

    def _long_date(self, day):
        return f"{day:%B} {day.day}, {day.year}"

    # -- 2. the problem

    def _report_problem(self):
        self.start_tour("/my", "aftersales_story_report", login="test_marta")
        self.claim = self.env["aftersales.claim"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertRecordValues(
            self.claim,
            [
                {
                    "subject": "The battery dies after ten minutes",
                    "description": "Since Monday, whatever the charge.",
                    "stage_category": "new",
                    "channel_id": self.env.ref("aftersales_service.channel_portal").id,
                    "team_id": self.team.id,
                }
            ],
        )
        self.line = self.claim.line_ids
        self.assertEqual(self.line.asset_id, self.asset)
        self.assertEqual(self.line.symptom_id, self.symptom)
        self.assertEqual(self.claim.message_ids.attachment_ids.raw, PHOTO)
        mail = self.env["mail.mail"].search(
            [("subject", "like", self.claim.name), ("model", "=", "aftersales.claim")]
        )
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(self.claim.name, html2plaintext(mail.body_html))
        notification = mail.mail_message_id.notification_ids
        self.assertEqual(notification.res_partner_id, self.customer)
        self.assertEqual(notification.notification_type, "email")

    # -- 3. the diagnosis

    def _diagnose(self):
        claim = self.claim
        self.assertEqual(claim.sla_state, "on_track")
        self.assertEqual(claim.sla_deadline, self._working_hours_later(claim, 8))
        self.assertEqual(
            claim.sla_status_ids.mapped("deadline"),
            [self._working_hours_later(claim, hours) for hours in (8, 40)],
        )
        self.start_tour(
            "/odoo/claims", "aftersales_story_diagnosis", login="test_agent"
        )
        self.assertEqual(claim.user_id, self.agent)
        self.assertEqual(claim.stage_category, "in_progress")
        self.repair = claim.repair_ids
        self.assertRecordValues(
            self.line,
            [
                {
                    "symptom_id": self.env.ref(
                        "aftersales_service.aftersales_symptom_no_power"
                    ).id,
                    "cause_id": self.cause.id,
                    "coverage": "covered",
                    "parts_percent": 100,
                    "labour_percent": 100,
                    "remedy": "repair",
                    "state": "decided",
                    "repair_ids": self.repair.ids,
                }
            ],
        )
        until = self._long_date(self.warranty.date_end)
        self.assertRegex(self.line.coverage_note, "Legal warranty until .* covers")
        self.assertIn(str(until.split()[-1]), self.line.coverage_note)
        self.assertRecordValues(
            self.repair,
            [
                {
                    "claim_id": claim.id,
                    "claim_line_id": self.line.id,
                    "asset_id": self.asset.id,
                    "lot_id": self.lot.id,
                    "partner_id": self.customer.id,
                    "user_id": self.technician.id,
                    "state": "draft",
                }
            ],
        )

    def _working_hours_later(self, claim, hours):
        """The team's deadline, as the working calendar itself counts it."""
        start = pytz.utc.localize(claim.date)
        calendar = claim.team_id.resource_calendar_id or (
            self.company.resource_calendar_id
        )
        end = calendar.plan_hours(hours, start, compute_leaves=True)
        return end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)

    # -- 4. the repair

    def _repair(self):
        in_stock = self.battery.qty_available
        self.start_tour(
            "/odoo/action-aftersales_service.repair_order_action",
            "aftersales_story_repair",
            login="test_technician",
        )
        repair, part = self.repair, self.repair.move_ids
        self.env.invalidate_all()
        self.assertEqual((repair.state, self.line.state), ("done", "done"))
        self.assertRecordValues(
            part,
            [
                {
                    "product_id": self.battery.id,
                    "quantity": 1,
                    "state": "done",
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": self.company.aftersales_warranty_location_id.id,
                    "value": 200,
                }
            ],
        )
        self.assertEqual(self.battery.qty_available, in_stock - 1)
        self.assertRecordValues(
            repair.labour_ids,
            [{"technician_id": self.technician.id, "hours": 1, "cost": 20}],
        )
        self.assertEqual((repair.parts_cost, repair.labour_cost), (200, 20))
        self.assertEqual((self.line.cost, self.claim.cost), (220, 220))
        self.assertEqual(repair.customer_amount, 0)
        self.assertFalse(repair.sale_order_id)
        self._check_history()

    def _check_history(self):
        """Who did what, when and with which part: for staff and for the customer."""
        note = self.asset.message_ids[0]
        text = html2plaintext(note.body)
        for fact in (self.repair.name, self.technician.name, "1 × Battery", "Hours: 1"):
            with self.subTest(fact):
                self.assertIn(fact, text)
        self.assertEqual(note.author_id, self.technician.partner_id)
        self.assertEqual(
            self.company._aftersales_date(note.date), self.company._aftersales_today()
        )
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        self.assertIn("A cell was broken, the battery is new", page)
        self.assertIn("Battery 500 Wh", page)

    # -- 5. the end of the claim and the customer's voice

    def _solve(self):
        self.start_tour("/odoo/claims", "aftersales_story_solve", login="test_agent")
        self.env.invalidate_all()
        self.assertEqual(self.claim.stage_category, "solved")
        self.assertEqual(self.claim.resolution, "We have put in a new battery.")
        self.assertEqual(self.claim.cost, 220)
        solved = self.claim.sla_status_ids.filtered(lambda s: s.target == "solved")
        self.assertEqual((len(solved), solved.state), (1, "reached"))

    def _ask_customer(self):
        invitation = self.claim.survey_invitation_ids.filtered(
            lambda i: i.res_model == "aftersales.claim"
        )
        self.assertEqual((len(invitation), invitation.state), (1, "scheduled"))
        self.env.ref(
            "aftersales_survey.ir_cron_send_invitations"
        ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(invitation.state, "sent")
        mail = self.env["mail.mail"].search(
            [("subject", "=", f"How did we do? ({self.claim.name})")]
        )
        self.assertEqual(mail.recipient_ids, self.customer)
        links = re.findall(r'href="([^"]+score=5)"', mail.body_html)
        self.assertEqual(len(links), 1)
        link = urlsplit(links[0].replace("&amp;", "&"))
        self.start_tour(f"{link.path}?{link.query}", "aftersales_story_answer")
        self.env.invalidate_all()
        self.assertRecordValues(
            self.claim,
            [
                {
                    "survey_state": "answered",
                    "has_csat": True,
                    "csat_score": 5,
                    "is_satisfied": True,
                    "nps_score": 9,
                    "nps_group": "promoter",
                    "survey_feedback": "Nothing, it was fast",
                }
            ],
        )

    # -- 6. the accounts

    def _find_cost(self):
        env = self.env(user=self.accountant)
        with self.assertRaises(AccessError):
            env["aftersales.claim"].search([])
        items = env["account.move.line"].search(
            self._get_action_domain(env, "account.action_account_moves_all")
            & Domain("name", "like", self.claim.name)
        )
        self.assertRecordValues(
            items.sorted("debit"),
            [
                {
                    "account_id": self.stock_account.id,
                    "product_id": self.battery.id,
                    "debit": 0,
                    "credit": 200,
                    "parent_state": "posted",
                },
                {
                    "account_id": self.expense.id,
                    "product_id": self.battery.id,
                    "debit": 200,
                    "credit": 0,
                    "parent_state": "posted",
                },
            ],
        )
        # The analytic report is one of the standard reports of analytic accounting.
        self.accountant.group_ids = [
            Command.link(self.env.ref("analytic.group_analytic_accounting").id)
        ]
        analytic = env["account.analytic.line"].search(
            self._get_action_domain(env, "account.action_analytic_reporting")
            & Domain("ref", "=", self.claim.name)
        )
        plan = self.analytic_account.plan_id
        self.assertRecordValues(
            analytic,
            [
                {
                    plan._column_name(): self.analytic_account.id,
                    "amount": -200,
                    "product_id": self.battery.id,
                }
            ],
        )
        self.start_tour(
            "/odoo/items", "aftersales_story_accounts", login="test_accountant"
        )

    def _get_action_domain(self, env, xmlid):
        """What the report shows, whoever opens it."""
        action = env["ir.actions.actions"]._for_xml_id(xmlid)
        return Domain(literal_eval(action["domain"] or "[]"))
