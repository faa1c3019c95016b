# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import HttpCase, tagged

from .common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationTours(CompensationCommon, HttpCase):
    def _open(self, line, tour, login):
        path = f"/odoo/claims/{line.claim_id.id}"
        self.start_tour(path, tour, login=login)

    def test_agent_gives_a_discount_which_is_taken_off(self):
        line = self._claim_line(user_id=self.agent.id)
        self._open(line, "aftersales_service_compensate", "test_agent")
        given = line.compensation_id
        self.assertEqual((given.kind, given.amount), ("discount", 20))
        self.start_tour(
            f"/my/claims/{line.claim_id.id}",
            "aftersales_service_compensation_portal",
            login="test_marta",
        )
        quote = self._quote()
        self.start_tour(
            f"/odoo/sales/{quote.id}",
            "aftersales_service_compensation_order",
            login="test_seller",
        )
        self.assertAlmostEqual(quote.amount_total, 101)
        self.assertEqual(given.reserved_amount, 20)

    def test_lead_approves(self):
        line = self._claim_line(user_id=self.agent.id)
        given = self._compensate(line, amount=60)
        self._open(line, "aftersales_service_compensation_approve", "test_first")
        self.assertEqual(given.state, "granted")
