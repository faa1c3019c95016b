# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.aftersales_service.tests.common import AftersalesCommon

from .common import WarrantyCommon


class ReturnCommon(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.return.policy"].search([]).active = False
        cls.hygiene = cls.env["product.category"].create({"name": "Saddles"})
        cls.policy = cls.env["aftersales.return.policy"].create(
            {
                "name": "Thirty days",
                "days": 30,
                "transport_payer": "company",
                "withdrawal_days": 14,
                "exception_ids": [
                    Command.create(
                        {
                            "category_id": cls.hygiene.id,
                            "reason": "Worn on the skin.",
                            "excludes_withdrawal": True,
                        }
                    )
                ],
            }
        )

    @classmethod
    def _order(cls, product=None, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create({"product_id": (product or cls.product).id})
                ],
                **values,
            }
        )
        order.action_confirm()
        return order


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestReturnPolicy(ReturnCommon):
    def _line(self, order, delivered, **values):
        product = order.order_line[0].product_id
        asset = self._create_asset(
            product_id=product.id,
            sale_line_id=order.order_line[0].id,
            delivery_date=delivered,
        )
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "I don't like it",
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"asset_id": asset.id, **values})],
            }
        )
        return claim.line_ids

    def test_until_the_last_day(self):
        order = self._order()
        for delivered, refused in ((date(2026, 5, 2), False), (date(2026, 5, 1), True)):
            with self.subTest(delivered=delivered):
                line = self._line(order, delivered)
                objection = line._get_return_policy_objection()
                self.assertEqual(bool(objection), refused)
        self.assertIn("May 31, 2026", objection)

    def test_refused_until_a_manager_accepts(self):
        line = self._line(self._order(), date(2026, 4, 1))
        with self.assertRaisesRegex(UserError, "could be given back until May 1, 2026"):
            line.action_create_return()

    def test_a_defect_is_another_matter(self):
        symptom = self.env["aftersales.symptom"].search([], limit=1)
        order = self._order()
        for values in ({"cause_id": self.defect.id}, {"symptom_id": symptom.id}):
            line = self._line(order, date(2026, 1, 1), **values)
            self.assertFalse(line._get_return_policy_objection())
        # What the customer broke is none.
        line = self._line(order, date(2026, 1, 1), cause_id=self.misuse.id)
        self.assertTrue(line._get_return_policy_objection())

    def test_exception_of_a_category(self):
        saddle = self._create_product(
            categ_id=self.env["product.category"]
            .create({"name": "Gel", "parent_id": self.hygiene.id})
            .id
        )
        order = self._order(saddle, aftersales_is_distance_sale=True)
        line = self._line(order, date(2026, 5, 31))
        self.assertEqual(
            line._get_return_policy_objection(),
            "Saddles: not taken back. Worn on the skin.",
        )

    def test_withdrawal_of_distance_sales(self):
        self.policy.days = 0
        for distance, delivered, refused in (
            (True, date(2026, 5, 18), False),
            (True, date(2026, 5, 17), True),
            (False, date(2026, 5, 31), True),
        ):
            with self.subTest(distance=distance, delivered=delivered):
                order = self._order(aftersales_is_distance_sale=distance)
                line = self._line(order, delivered)
                self.assertEqual(bool(line._get_return_policy_objection()), refused)

    def test_what_was_told_holds(self):
        order = self._order()
        self.policy.active = False
        line = self._line(order, date(2026, 5, 1))
        self.assertTrue(line._get_return_policy_objection())
        self.assertFalse(self._order().aftersales_return_policy_id)

    def test_no_policy_no_objection(self):
        self.policy.active = False
        line = self._line(self._order(), date(2020, 1, 1))
        self.assertFalse(line._get_return_policy_objection())

    def test_the_first_that_fits(self):
        firm = self.policy.copy(
            {"name": "Firms", "sequence": 1, "customer_kind": "business", "days": 7}
        )
        self.assertEqual(self._order().aftersales_return_policy_id, self.policy)
        self.customer.is_company = True
        self.assertEqual(self._order().aftersales_return_policy_id, firm)
        other = self.env["res.company"].create({"name": "Other shop"})
        firm.company_id = other
        self.assertEqual(self._order().aftersales_return_policy_id, self.policy)

    @mute_logger("odoo.sql_db")
    def test_bad_numbers(self):
        for values in ({"days": -1}, {"refund_days": -1}, {"withdrawal_days": 99999}):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.policy.write(values)
                self.policy.flush_recordset()

    def test_form_of_a_manager(self):
        manager = self._create_user("manager", "aftersales_service.group_manager")
        form = Form(self.env["aftersales.return.policy"].with_user(manager))
        form.name = "Ours"
        with form.exception_ids.new() as line:
            line.category_id = self.hygiene
            line.reason = "Made to measure."
        self.assertEqual(form.save().exception_ids.days, 0)

    def test_told_with_the_confirmation(self):
        self.env["res.lang"]._activate_lang("es_ES")
        order = self._order(aftersales_is_distance_sale=True)
        order.with_context(
            mail_notify_force_send=False, tracking_disable=False
        )._send_order_confirmation_mail()
        mail = self.env["mail.mail"].search(
            [("res_id", "=", order.id), ("model", "=", "sale.order")], limit=1
        )
        for sentence in ("within 30 days", "withdraw within 14 days", "Saddles"):
            self.assertIn(sentence, mail.body_html)
        self.assertIn(f"/my/orders/{order.id}/returns", mail.body_html)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", order.ids
        )
        self.assertIn("within 30 days", html2plaintext(html.decode()))
        # Before it is confirmed nothing is promised.
        draft = order.copy()
        self.assertFalse(draft._get_aftersales_return_sentences())


@tagged("post_install", "-at_install")
class TestReturnWithoutAsset(AftersalesCommon):
    """Goods that are registered nowhere: by their deliveries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.return.policy"].search([]).active = False
        cls.env["aftersales.return.policy"].create({"name": "Thirty days", "days": 30})
        cls.pump = cls._create_product(
            "Pump", "none", 5, 12, aftersales_create_asset=False
        )
        cls._stock(cls.pump, 10)

    def _buy(self, day, quantity=1):
        with freeze_time(f"{day} 10:00:00"):
            assets = self._sell(self.pump, quantity)
        self.assertFalse(assets)

    def _objection(self, quantity=1, **values):
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "I don't like it",
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {"product_id": self.pump.id, "quantity": quantity, **values}
                    )
                ],
            }
        )
        # Agents read neither orders nor deliveries.
        return claim.line_ids.with_user(self.agent)._get_return_policy_objection()

    @freeze_time("2026-06-01 10:00:00")
    def test_by_its_delivery(self):
        self.assertFalse(self._objection())
        self._buy("2026-05-02")
        self.assertFalse(self._objection())
        with freeze_time("2026-06-02 10:00:00"):
            self.assertIn("could be given back until June 1, 2026", self._objection())

    @freeze_time("2026-06-01 10:00:00")
    def test_by_all_deliveries_that_it_takes(self):
        self._buy("2026-03-01", quantity=2)
        self._buy("2026-05-20")
        self.assertFalse(self._objection())
        self.assertIn("until March 31, 2026", self._objection(quantity=2))

    @freeze_time("2026-06-01 10:00:00")
    def test_a_defect_is_another_matter_here_too(self):
        self._buy("2026-01-01")
        self.assertTrue(self._objection())
        self.assertFalse(self._objection(cause_id=self.cause.id))

    @freeze_time("2026-06-01 10:00:00")
    def test_action_is_refused(self):
        self._buy("2026-01-01")
        claim = self._create_claim(
            line_ids=[Command.create({"product_id": self.pump.id})]
        )
        with self.assertRaisesRegex(UserError, "could be given back until"):
            claim.line_ids.with_user(self.agent).action_create_return()


@tagged("post_install", "-at_install")
class TestReturnPolicyPortal(ReturnCommon, HttpCase):
    @mute_logger("odoo.http")
    def test_shown_and_downloadable(self):
        order = self._order()
        token = order._portal_ensure_token()
        page = self.url_open(f"/my/orders/{order.id}?access_token={token}").text
        self.assertIn("within 30 days", page)
        url = f"/my/orders/{order.id}/returns"
        answer = self.url_open(f"{url}?access_token={token}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        # While tests run Odoo puts HTML where the PDF would be.
        self.assertIn("What you may give back", answer.text)
        self.assertEqual(self.url_open(f"{url}?access_token=x").status_code, 404)
        self.assertEqual(self.url_open(url).status_code, 404)
