# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import ast

from lxml import etree

from odoo.tests import tagged

from .common_compensation import CompensationCommon

GROUPINGS = ("aftersales_claim_id", "aftersales_type_id", "aftersales_cause_id")
#: The reports as accountants, sales and the warehouse open them, and who does.
REPORTS = [
    ("account.action_account_invoice_report_all", "accountant"),
    ("account.action_account_moves_all", "accountant"),
    ("analytic.account_analytic_line_action_entries", "accountant"),
    ("account.action_analytic_reporting", "accountant"),
    ("sale.action_order_report_all", "salesman"),
    ("stock.stock_move_action", "stocker"),
    ("stock_account.stock_move_valuation_action", "valuer"),
]


@tagged("post_install", "-at_install")
class TestReportGroupings(CompensationCommon):
    """Claim, type and cause are groupings of the reports that others open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids += cls.env.ref("analytic.group_analytic_accounting")
        cls.valuer = cls._create_user(
            "valuer", "stock.group_stock_manager,account.group_account_manager"
        )
        plan = cls.env["account.analytic.plan"].create({"name": "After-Sales"})
        cls.company.aftersales_analytic_account_id = cls.env[
            "account.analytic.account"
        ].create({"name": "Goodwill", "plan_id": plan.id})
        cls.type = cls.env.ref("aftersales_service.type_complaint")

    def _make_documents(self):
        """Something of one claim in every report."""
        self._invoice(self.order)
        claim = self._create_claim(
            self.asset, type_id=self.type.id, user_id=self.agent.id
        )
        line = claim.line_ids.with_user(self.agent)
        line.cause_id = self.cause
        line.quantity = 1
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        line.sudo().refund_ids.action_post()
        discount = line.copy(
            {"claim_id": claim.id, "cause_id": self.cause.id, "quantity": 1}
        )
        self._compensate(discount, amount=10)
        quote = self._quote()
        quote.action_apply_aftersales_discount()
        quote.action_confirm()
        money = line.copy(
            {"claim_id": claim.id, "cause_id": self.cause.id, "quantity": 1}
        )
        given = self._compensate(money, "payment", 10)
        given.sudo().account_line_ids.move_id.action_post()
        self.env.flush_all()
        self.env.invalidate_all()
        return claim

    def _get_groupings(self, action, user):
        """{field grouped by: the model it is grouped on} of the action's search."""
        records = self.env[action.res_model].with_user(user)
        view = records.get_view(action.search_view_id.id or None, "search")
        filters = etree.fromstring(view["arch"]).iter("filter")
        contexts = [ast.literal_eval(f.get("context") or "{}") for f in filters]
        return {c["group_by"] for c in contexts if isinstance(c.get("group_by"), str)}

    def test_groupings_are_there_and_work(self):
        claim = self._make_documents()
        expected = {
            "aftersales_claim_id": claim.id,
            "aftersales_type_id": self.type.id,
            "aftersales_cause_id": self.cause.id,
        }
        for xmlid, who in REPORTS:
            user = getattr(self, who)
            # What the action shows is not secret: its records ask for rights.
            action = self.env.ref(xmlid).sudo()
            offered = self._get_groupings(action, user)
            records = self.env[action.res_model].with_user(user)
            for name in GROUPINGS:
                with self.subTest(action=xmlid, name=name, user=who):
                    self.assertIn(name, offered)
                    groups = records._read_group([], [name], ["__count"])
                    found = {key.id for key, _count in groups if key}
                    self.assertIn(expected[name], found)
                    self.assertTrue(
                        records.formatted_read_group([], [name], ["__count"])
                    )

    def test_credit_note_leads_to_its_claim(self):
        claim = self._make_documents()
        moves = claim.line_ids.sudo().refund_line_ids.move_id
        self.assertEqual(set(moves.mapped("move_type")), {"out_refund", "in_receipt"})
        for move in moves.with_user(self.accountant):
            with self.subTest(move=move.move_type):
                action = move.action_view_aftersales_claims()
                self.assertEqual(action["res_id"], claim.id)

    def test_accountants_need_no_rights_on_claims(self):
        """Every document opens for them, whether it belongs to a claim or not."""
        claim = self._make_documents()
        refund = claim.line_ids.sudo().refund_ids[:1]
        moves = claim.line_ids.sudo().refund_line_ids.move_id | refund.reversed_entry_id
        for move in moves:
            self.env.invalidate_all()
            move = move.with_user(self.accountant)
            view = move.get_view(self.env.ref("account.view_move_form").id, "form")
            shown = etree.fromstring(view["arch"]).iterfind(".//field[@name]")
            names = {f.get("name") for f in shown} & set(move._fields)
            self.assertNotIn("aftersales_claim_ids", names)
            with self.subTest(move=move.move_type):
                move.web_read({name: {} for name in names})
