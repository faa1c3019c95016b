# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
import re

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_portal import PIXEL, PortalCase


@tagged("post_install", "-at_install")
class TestPortalPage(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(cls.asset)

    def setUp(self):
        super().setUp()
        self.authenticate("test_marta", "test_marta")

    def _answer(self, claim=None, **values):
        return self.url_open(
            f"/my/claims/{(claim or self.claim).id}/answer",
            data={"csrf_token": self._get_csrf_token(), **values},
        )

    def _get_said(self):
        """What was posted in the customer's name."""
        return self.claim.message_ids.filtered(
            lambda m: m.author_id == self.customer and m.message_type == "comment"
        )

    def _quote(self):
        """A repair's quote that was sent to the customer."""
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        repair.move_ids = [
            Command.create(
                {
                    "product_id": self.battery.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        repair.action_create_sale_order()
        order = repair.sale_order_id
        order.require_signature = True
        order.require_payment = False
        order.action_quotation_sent()
        return order

    # -- lists

    def test_lists_are_searched_filtered_and_sorted(self):
        old = self._create_claim(subject="The bell is missing")
        old._action_solve()
        self._sell(self.helmet)
        cases = {
            "/my/claims": (["bell", "battery"], []),
            "/my/claims?search=bell": (["bell"], ["battery does"]),
            f"/my/claims?search={old.name}": (["bell"], ["battery does"]),
            "/my/claims?search=Tramuntana": (["battery does"], ["bell is"]),
            "/my/claims?filterby=open": (["battery does"], ["bell is"]),
            "/my/claims?filterby=closed": (["bell"], ["battery does"]),
            "/my/claims?filterby=waiting": (["Nothing was found"], ["bell is"]),
            "/my/assets": (["Helmet", "EB-1"], []),
            "/my/assets?search=EB-1": (["EB-1"], ["Helmet"]),
            "/my/assets?search=zzz": (["Nothing was found"], ["Helmet"]),
        }
        for path, (shown, hidden) in cases.items():
            page = self.url_open(path).text
            with self.subTest(path=path):
                for text in shown:
                    self.assertIn(text, page)
                for text in hidden:
                    self.assertNotIn(text, page)
        page = self.url_open("/my/assets?sortby=name").text
        self.assertLess(page.index("EB-1"), page.index("Helmet"))

    def test_returned_products_are_hidden_until_asked_for(self):
        self.asset.state = "returned"
        self.assertNotIn("EB-1", self.url_open("/my/assets").text)
        self.assertIn("EB-1", self.url_open("/my/assets?filterby=all").text)

    # -- a product

    def test_documents_for_owners_are_downloaded(self):
        documents = self.env["product.document"].create(
            [
                {
                    "name": name,
                    "raw": b"<html><script>alert(1)</script></html>",
                    "mimetype": "text/html",
                    "res_model": record._name,
                    "res_id": record.id,
                    "is_for_owners": is_shared,
                }
                for name, record, is_shared in (
                    ("Manual", self.bike.product_tmpl_id, True),
                    ("Variant", self.bike, True),
                    ("Internal", self.bike.product_tmpl_id, False),
                    ("Of another", self.helmet.product_tmpl_id, True),
                )
            ]
        )
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        found = [name for name in documents.mapped("name") if name in page]
        self.assertEqual(found, ["Manual", "Variant"])
        for document in documents:
            with self.subTest(name=document.name):
                with mute_logger("odoo.http"):
                    answer = self.url_open(
                        f"/my/assets/{self.asset.id}/document/{document.id}"
                    )
                if document.name in found:
                    headers = answer.headers
                    self.assertIn("attachment", headers["Content-Disposition"])
                    self.assertIn("default-src", headers["Content-Security-Policy"])
                    self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                else:
                    self.assertEqual(answer.status_code, 404)

    def test_links_that_a_browser_would_run_are_not_offered(self):
        self.env["product.document"].create(
            [
                {
                    "name": "Link",
                    "type": "url",
                    "url": url,
                    "res_model": "product.template",
                    "res_id": self.bike.product_tmpl_id.id,
                    "is_for_owners": True,
                }
                for url in ("javascript:alert(1)", "https://example.com/film")
            ]
        )
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        self.assertIn("https://example.com/film", page)
        self.assertNotIn("javascript:alert", page)

    def test_service_history_tells_parts_and_findings(self):
        serial = self._create_product("Motor", "serial", 1.0, 2.0)
        lot = self._create_lot(serial, "MOT-9")
        self._stock(serial, 1, lot)
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        repair.findings = "The motor was wet."
        repair.internal_notes = "Rude customer"
        repair.move_ids = [
            Command.create(
                {
                    "product_id": serial.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        repair.action_validate()
        repair.action_repair_start()
        repair.move_ids.lot_ids = lot
        repair.move_ids.quantity = 1
        repair.move_ids.picked = True
        repair.action_repair_end()
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        for text in ("The motor was wet.", "Motor", "MOT-9", "Corrective"):
            self.assertIn(text, page)
        self.assertNotIn("Rude customer", page)

    # -- quotes

    def test_a_quote_is_approved_on_the_claim_s_page(self):
        order = self._quote()
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertIn(order.name, page)
        self.assertIn("Battery 500 Wh", page)
        self.assertIn("You pay", page)
        answer = self.url_open(
            f"/my/orders/{order.id}/accept",
            json={
                "params": {
                    "access_token": order.access_token,
                    "name": "Marta",
                    "signature": base64.b64encode(PIXEL).decode(),
                }
            },
        ).json()["result"]
        self.assertIn(f"/my/claims/{self.claim.id}", answer["redirect_url"])
        self.assertEqual(order.state, "sale")
        note = self.claim.message_ids.filtered(lambda m: "approved" in (m.body or ""))
        self.assertTrue(note.subtype_id.internal)
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertNotIn("You pay", page)

    def test_a_quote_is_refused_on_the_claim_s_page(self):
        order = self._quote()
        answer = self.url_open(
            f"/my/orders/{order.id}/decline?access_token={order.access_token}",
            data={
                "csrf_token": self._get_csrf_token(),
                "decline_message": "Too expensive",
            },
        )
        self.assertIn(f"/my/claims/{self.claim.id}", answer.url)
        self.assertEqual(order.state, "cancel")
        self.assertIn("refused", "".join(self.claim.message_ids.mapped("body")))

    def test_other_orders_are_answered_as_ever(self):
        order = self.asset.sale_order_id.copy()
        order.require_signature = True
        order.action_quotation_sent()
        answer = self.url_open(
            f"/my/orders/{order.id}/decline?access_token={order._portal_ensure_token()}",
            data={"csrf_token": self._get_csrf_token(), "decline_message": "No"},
        )
        self.assertIn(f"/my/orders/{order.id}", answer.url)
        self.assertEqual(order.state, "cancel")

    # -- parcels and documents

    def test_parcels_are_followed(self):
        picking = self.asset.picking_id.copy()
        picking.move_ids.aftersales_claim_line_id = self.claim.line_ids
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertIn("We prepare your parcel", page)
        vals = self.claim._get_portal_parcel_vals()
        self.assertEqual([parcel["way"] for parcel in vals], ["out"])

    def test_credit_notes_are_offered_once_posted(self):
        order = self.asset.sale_order_id
        invoice = order._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves()
        self.claim.line_ids.sudo().refund_ids = refund
        self.assertFalse(self.claim._get_portal_documents())
        refund.action_post()
        url = self.claim._get_portal_documents()[0]["url"]
        self.assertIn(f"/my/invoices/{refund.id}", url)

    # -- solved or not

    def test_the_customer_confirms_once(self):
        self.claim._action_solve()
        for _twice in range(2):
            page = self._answer(answer="solved").text
            self.assertIn("You have told us that it is solved", page)
        self.assertTrue(self.claim.confirm_date)
        self.assertEqual(len(self._get_said()), 1)

    def test_the_customer_opens_it_again_with_a_reason(self):
        self.claim._action_solve()
        page = self._answer(answer="not_solved", reason=" ").text
        self.assertIn("Tell us what is still wrong", page)
        self.assertEqual(self.claim.stage_category, "solved")
        reason = "It stops <script>alert(1)</script>"
        for _twice in range(2):
            page = self._answer(answer="not_solved", reason=reason).text
            self.assertNotIn("<script>alert(1)", page)
        self.assertEqual(self.claim.stage_category, "in_progress")
        self.assertEqual(self.claim.reopen_count, 1)
        self.assertFalse(self.claim.close_date)

    def test_it_works_again_before_anybody_did_anything(self):
        self._answer(answer="solved")
        self.assertEqual(self.claim.stage_category, "solved")
        self.assertTrue(self.claim.confirm_date)

    def test_a_claim_with_open_work_is_not_closed_by_its_customer(self):
        self.claim.line_ids.action_create_repair()
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertNotIn("It works again?", page)
        self._answer(answer="solved")
        self.assertNotIn(self.claim.stage_category, ("solved", "cancelled"))

    def test_a_cancelled_claim_stays_closed(self):
        self.claim._action_cancel("Duplicate")
        self._answer(answer="not_solved", reason="But no")
        self.assertEqual(self.claim.stage_category, "cancelled")
        self.assertIn("Duplicate", self.url_open(f"/my/claims/{self.claim.id}").text)

    def test_who_has_the_link_answers_as_the_customer(self):
        self.claim._action_solve()
        token = self.claim._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/claims/{self.claim.id}?access_token={token}").text
        self.url_open(
            f"/my/claims/{self.claim.id}/answer",
            data={
                "csrf_token": re.search(
                    r'name="csrf_token"[^>]*value="([^"]+)"', page
                ).group(1),
                "access_token": token,
                "answer": "not_solved",
                "reason": "By the link",
            },
        )
        self.assertEqual(self.claim.stage_category, "in_progress")
        self.assertIn("By the link", self._get_said().body)

    # -- cost

    def _count_queries(self, path):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.url_open(path).status_code, 200)
        before = self.env.cr.sql_log_count
        self.url_open(path)
        return self.env.cr.sql_log_count - before

    def _fill(self, number, name):
        assets = self._sell(
            self.bike, serials=[f"{name}-{index}" for index in range(number)]
        )
        for asset in assets:
            claim = self._create_claim(asset)
            claim.message_post(body="Answer", subtype_xmlid="mail.mt_comment")
            self._create_claim(line_ids=[])
        self.claim.line_ids = [
            Command.create({"product_id": self.helmet.id, "quantity": 1})
            for _index in range(number)
        ]
        lines = self.claim.line_ids[-number:]
        lines.action_create_repair()
        for repair in lines.repair_ids:
            repair.asset_id = self.asset
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_done()

    def test_pages_cost_the_same_for_few_and_many(self):
        paths = (
            "/my/claims",
            "/my/assets",
            "/my/claims/new",
            f"/my/claims/{self.claim.id}",
            f"/my/assets/{self.asset.id}",
        )
        self._fill(2, "FEW")
        few = [self._count_queries(path) for path in paths]
        self._fill(20, "MANY")
        many = [self._count_queries(path) for path in paths]
        for path, before, after in zip(paths, few, many, strict=True):
            with self.subTest(path=path):
                self.assertLessEqual(after, before)
