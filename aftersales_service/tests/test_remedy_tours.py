# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import HttpCase, tagged

from .common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestRemedyTours(AftersalesMoneyCommon, HttpCase):
    def _create_sold_claim(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        return self._create_claim(self._get_assets(order), user_id=self.agent.id)

    def _start(self, claim, tour):
        self.start_tour(f"/odoo/claims/{claim.id}", tour, login="test_agent")

    def test_agent_takes_goods_back_and_refunds_them(self):
        claim = self._create_sold_claim()
        line = claim.line_ids
        self._start(claim, "aftersales_service_return")
        self.assertEqual((line.remedy, line.return_state), ("refund", "awaited"))
        self._receive(line)
        self._start(claim, "aftersales_service_inspect")
        self.assertEqual(line.refund_ids.state, "draft")
        self.assertEqual(line.refund_ids.amount_untaxed, 45)

    def test_agent_refunds_and_lets_the_customer_keep_it(self):
        claim = self._create_sold_claim()
        self._start(claim, "aftersales_service_refund_only")
        self.assertEqual(claim.line_ids.refund_ids.state, "draft")
        self.assertFalse(claim.line_ids.move_ids)

    def test_agent_replaces(self):
        claim = self._create_sold_claim()
        self._start(claim, "aftersales_service_replace")
        self.assertEqual(claim.line_ids.remedy, "replace")
        self.assertEqual(claim.line_ids.return_state, "awaited")


@tagged("post_install", "-at_install")
class TestRemedyQueries(AftersalesMoneyCommon):
    """What a batch of decisions costs for each document it makes."""

    def _create_claims(self, count):
        claims = self.env["aftersales.claim"]
        for _number in range(count):
            order = self._sell_many((self.helmet, 1))
            self._invoice(order)
            claims |= self._create_claim(self._get_assets(order))
        self.env.flush_all()
        self.env.invalidate_all()
        return claims.line_ids.with_user(self.agent)

    def _count_queries(self, action, count):
        lines = self._create_claims(count)
        before = self.cr.sql_log_count
        getattr(lines, action)()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_each_document_has_its_budget_however_many_there_are(self):
        for action, budget in (
            ("action_create_return", 90),
            ("action_create_refund", 210),
            ("action_create_replacement", 85),
        ):
            with self.subTest(action=action):
                few, many = (self._count_queries(action, count) for count in (2, 6))
                self.assertLess((many - few) / 4, budget)


@tagged("post_install", "-at_install")
class TestRemedyBatches(AftersalesMoneyCommon):
    """A hundred lines cost no more each than ten do."""

    def _create_lines(self, count):
        self._stock(self.helmet, count)
        order = self._sell_many(*[(self.helmet, 1)] * count)
        self._invoice(order)
        lines = self._create_claim(self._get_assets(order)).line_ids
        self.assertEqual(len(lines), count)
        self.env.flush_all()
        self.env.invalidate_all()
        return lines.with_user(self.agent)

    def _count_queries(self, action, count):
        lines = self._create_lines(count)
        before = self.cr.sql_log_count
        getattr(lines, action)()
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        transfers = lines.sudo().move_ids.picking_id
        self.assertLessEqual(len(transfers), 1, "One transfer for all of them.")
        self.assertLessEqual(len(lines.sudo().refund_ids), 1)
        return queries

    def test_hundred_lines_of_a_delivery(self):
        for action, budget in (
            ("action_create_return", 40),
            ("action_create_refund", 40),
            ("action_create_replacement", 40),
        ):
            with self.subTest(action=action):
                few, many = (self._count_queries(action, count) for count in (10, 100))
                each = (many - few) / 90
                self.assertLess(each, budget)
                self.assertLess(each, few / 10 + 1, "It grows no faster than linearly.")
