# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import OperationalError

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrency import MoneyConcurrencyCase

REMEDIES = ("action_create_return", "action_create_refund")


@tagged("post_install", "-at_install")
class TestMoneyConcurrency(MoneyConcurrencyCase):
    def test_two_agents_at_once(self):
        for first, second in (
            REMEDIES,
            REMEDIES[::-1],
            (REMEDIES[0], REMEDIES[0]),
            (REMEDIES[1], REMEDIES[1]),
        ):
            with self.subTest(first=first, second=second):
                with self.registry.cursor() as one, self.registry.cursor() as two:
                    late = self._get_env(two)
                    two.execute("SELECT COUNT(*) FROM aftersales_claim_line")
                    getattr(self._get_line(self._get_env(one)), first)()
                    one.commit()
                    self._try(late, second)
                    two.rollback()
                    # The web client's request is run again, and now it is told.
                    with self.assertRaises(UserError):
                        getattr(self._get_line(self._get_env(two)), second)()
                    two.rollback()
                self.assertEqual(self._count_documents(), 1)
                self._take_back()

    def test_the_second_waits_for_nobody_while_the_first_is_at_it(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self._get_line(self._get_env(one)).action_create_refund()
            self._try(self._get_env(two), "action_create_refund")
            two.rollback()
            one.rollback()
        # The first was killed before it committed: nothing is left.
        self.assertEqual(self._count_documents(), 0)

    def test_closing_and_deciding_at_once(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            late = self._get_env(two)
            two.execute("SELECT COUNT(*) FROM aftersales_claim_line")
            env = self._get_env(one)
            env["aftersales.claim"].browse(self.claim_id).action_solve()
            one.commit()
            self._try(late, "action_create_refund")
            two.rollback()
            with self.assertRaises(UserError):
                self._get_line(self._get_env(two)).action_create_refund()
            two.rollback()
        self.assertEqual(self._count_documents(), 0)

    def test_inspected_by_two_at_once_is_refunded_once(self):
        with self.registry.cursor() as cr:
            line = self._get_line(self._get_env(cr))
            line.action_create_return()
            line.move_ids.picked = True
            line.move_ids.picking_id.button_validate()
        decision = {"accepted": 1, "refused": 0, "destination": "stock"}
        with self.registry.cursor() as one, self.registry.cursor() as two:
            late = self._get_line(self._get_env(two))
            two.execute("SELECT COUNT(*) FROM aftersales_claim_line")
            line = self._get_line(self._get_env(one))
            line._inspect({line: decision})
            one.commit()
            with mute_logger("odoo.sql_db"):
                with self.assertRaises((OperationalError, LockError)):
                    late._inspect({late: decision})
            two.rollback()
            with self.assertRaises(UserError):
                late._inspect({late: decision})
            two.rollback()
        with self.registry.cursor() as cr:
            line = self._get_line(self._get_env(cr))
            self.assertEqual(len(line.refund_ids), 1)
            self.assertEqual(line.refund_ids.invoice_line_ids.quantity, 1)
