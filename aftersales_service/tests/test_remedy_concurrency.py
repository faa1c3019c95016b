# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from psycopg2 import OperationalError

from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrency import MoneyConcurrencyCase

CONFLICTS = (OperationalError, LockError, UserError)


class RaceCase(MoneyConcurrencyCase):
    def _race(self, first, second):
        """`first` commits while `second` has begun; then `second` is run again.

        Both take the line. The second fails, as a conflict and when it is run again.
        """
        with self.registry.cursor() as one, self.registry.cursor() as two:
            late = self._get_line(self._get_env(two))
            two.execute("SELECT COUNT(*) FROM aftersales_claim_line")
            first(self._get_line(self._get_env(one)))
            one.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(CONFLICTS):
                second(late)
                two.commit()
            two.rollback()
            with self.assertRaises(UserError):
                second(self._get_line(self._get_env(two)))
            two.rollback()

    def _while_at_it(self, first, second):
        """`second` comes while `first` is at it, which is killed in the end."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first(self._get_line(self._get_env(one)))
            with mute_logger("odoo.sql_db"), self.assertRaises(CONFLICTS):
                second(self._get_line(self._get_env(two)))
            two.rollback()
            one.rollback()

    def _do(self, action):
        with self.registry.cursor() as cr:
            return action(self._get_line(self._get_env(cr)))


@tagged("post_install", "-at_install")
class TestReplacementConcurrency(RaceCase):
    def _set_mode(self, mode):
        self._do(lambda line: line.write({"replacement_mode": mode}))

    def _replace(self, line):
        line.action_create_replacement()

    def _get_ways(self):
        """How many transfers go to the customer, and how many come from them."""

        def count(line):
            moves = line.move_ids.filtered(lambda m: m.state != "cancel")
            back = moves.filtered(lambda m: m._is_aftersales_return())
            return len(line._get_open_deliveries().picking_id), len(back.picking_id)

        return self._do(count)

    def test_two_agents_replace_at_once(self):
        for mode, expected in (
            ("keep", (1, 0)),
            ("advance", (1, 1)),
            ("after", (0, 1)),
        ):
            with self.subTest(mode=mode):
                self._set_mode(mode)
                self._race(self._replace, self._replace)
                self.assertEqual(self._get_ways(), expected)
                self._take_back()

    def test_replaced_and_refunded_at_once(self):
        def refund(line):
            line.action_create_refund()

        self._set_mode("keep")
        self._race(self._replace, refund)
        self.assertEqual(self._get_ways(), (1, 0))
        self.assertFalse(self._do(lambda line: line.refund_ids.ids))
        self._take_back()
        self._race(refund, self._replace)
        self.assertEqual(self._get_ways(), (0, 0))
        self.assertEqual(self._do(lambda line: len(line.refund_ids)), 1)

    def test_killed_worker_leaves_nothing(self):
        self._set_mode("advance")
        self._while_at_it(self._replace, self._replace)
        self.assertEqual(self._get_ways(), (0, 0))

    def test_inspected_by_two_at_once_is_replaced_once(self):
        self._do(self._replace)

        def receive(line):
            line.move_ids.picked = True
            line.move_ids.picking_id.button_validate()

        def inspect(line):
            line._inspect({line: {"accepted": 1, "refused": 0, "destination": "stock"}})

        self._do(receive)
        self._race(inspect, inspect)
        self.assertEqual(self._get_ways(), (1, 1))

    # -- advance exchange

    def _exchange(self):
        self._set_mode("advance")
        self._do(self._replace)
        yesterday = Date.today() - timedelta(days=2)
        self._do(lambda line: line.write({"return_due_date": yesterday}))

    def _charge(self, line):
        line.action_charge_exchange()

    def _count_charges(self):
        return self._do(
            lambda line: line.env["sale.order.line"].search_count(
                [
                    ("order_id.partner_id", "=", self.partner_id),
                    ("aftersales_claim_line_id", "=", line.id),
                ]
            )
        )

    def test_two_agents_charge_the_old_unit_at_once(self):
        self._exchange()
        self._race(self._charge, self._charge)
        self.assertEqual(self._count_charges(), 1)

    def test_the_job_and_an_agent_charge_at_once(self):
        self._exchange()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self._charge(self._get_line(self._get_env(one)))
            # The job passes over what somebody is at.
            self._get_line(self._get_env(two))._cron_follow_exchanges()
            one.commit()
        self.assertEqual(self._count_charges(), 1)
        self._do(lambda line: line._cron_follow_exchanges())
        self.assertEqual(self._count_charges(), 1)

    def test_two_jobs_remind_once(self):
        self._set_mode("advance")
        self._do(self._replace)
        self._do(lambda line: line.write({"return_due_date": Date.today()}))
        self._do(lambda line: line.claim_id.partner_id.write({"email": "a@b.example"}))
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first = self._get_line(self._get_env(one))
            first.lock_for_update()
            first._follow_exchange()
            self._get_line(self._get_env(two))._cron_follow_exchanges()
            one.commit()
        self._do(lambda line: line._cron_follow_exchanges())
        template = "aftersales_service.mail_template_exchange_reminder"

        def count(line):
            subject = line.env.ref(template).subject.split(":")[0]
            return len(
                line.claim_id.message_ids.filtered(
                    lambda m: (m.subject or "").startswith(subject)
                )
            )

        self.assertEqual(self._do(count), 1)


@tagged("post_install", "-at_install")
class TestCompensationConcurrency(RaceCase):
    def setUp(self):
        super().setUp()
        self.kind = "discount"

    def _give(self, line):
        line._action_compensate({"kind": self.kind, "amount": 10.0})

    def _take_it_back(self, line):
        line.action_cancel_compensation()

    def _get_states(self):
        return self._do(lambda line: sorted(line.compensation_ids.mapped("state")))

    def _quote(self):
        def create(line):
            return (
                line.env["sale.order"]
                .create(
                    {
                        "partner_id": self.partner_id,
                        "order_line": [
                            Command.create(
                                {"product_id": self.product_id, "price_unit": 50}
                            )
                        ],
                    }
                )
                .id
            )

        return self._do(create)

    def test_two_agents_compensate_at_once(self):
        for kind in ("discount", "payment", "credit"):
            with self.subTest(kind=kind):
                self.kind = kind
                self._race(self._give, self._give)
                self.assertEqual(self._get_states(), ["granted"])
                self._do(self._take_it_back)
                self._do(lambda line: line.compensation_ids.unlink())

    def test_killed_worker_leaves_nothing(self):
        self.kind = "payment"
        self._while_at_it(self._give, self._give)
        self.assertEqual(self._get_states(), [])
        self.assertEqual(self._count_documents(), 0)

    def test_compensated_and_refunded_at_once(self):
        def refund(line):
            line.action_create_refund()

        self._race(self._give, refund)
        self.assertEqual(self._count_documents(), 0)

    def test_two_approve_at_once(self):
        self.kind = "payment"

        def ask(line):
            records = line.env["aftersales.compensation"]
            line._start_remedy("compensate")
            values = {"kind": "payment", "amount": 10.0}
            records.create(records._prepare_vals(line, values))

        def approve(line):
            line.compensation_ids.action_approve()

        self._do(ask)
        self.assertEqual(self._get_states(), ["to_approve"])
        self._race(approve, approve)
        receipts = self._do(
            lambda line: len(line.compensation_ids.account_line_ids.move_id)
        )
        self.assertEqual(receipts, 1)

    def test_on_two_orders_at_once(self):
        self._do(self._give)
        one, two = self._quote(), self._quote()

        def apply(order_id):
            def act(line):
                order = line.env["sale.order"].browse(order_id)
                order.action_apply_aftersales_discount()

            return act

        self._race(apply(one), apply(two))
        reserved = self._do(lambda line: line.compensation_ids.reserved_amount)
        self.assertEqual(reserved, 10)

    def test_taken_back_and_put_on_an_order_at_once(self):
        order_id = self._quote()

        def apply(line):
            line.env["sale.order"].browse(order_id).action_apply_aftersales_discount()

        self._do(self._give)
        self._race(self._take_it_back, apply)
        self.assertEqual(self._get_states(), ["cancelled"])
        self._do(self._give)
        self._race(apply, self._take_it_back)
        self.assertEqual(self._get_states(), ["cancelled", "granted"])
