# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestRateLimit(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        public = cls.env.ref("base.public_user")
        cls.limits = cls.env["aftersales.rate.limit"].with_user(public)

    def _attempt(self, visitor="192.0.2.7", purpose="test"):
        return self.limits._is_exceeded(purpose, visitor, limit=3, minutes=60)

    def _age(self, hours):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE aftersales_rate_limit SET create_date = create_date - %s",
            [timedelta(hours=hours)],
        )
        self.env.invalidate_all()

    def test_too_many_from_one_visitor_stop_nobody_else(self):
        self.assertEqual(
            [self._attempt() for _time in range(5)], [False] * 3 + [True] * 2
        )
        self.assertFalse(self._attempt("192.0.2.8"))
        self.assertFalse(self._attempt(purpose="other"))

    def test_window_moves_on(self):
        for _time in range(4):
            self._attempt()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=59)):
            self.assertTrue(self._attempt())
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertFalse(self._attempt())

    def test_no_address_is_kept_and_nothing_longer_than_a_day(self):
        self._attempt("marta@example.com")
        kept = self.limits.sudo().search([])
        self.assertNotIn("marta", str(kept.read()))
        self._age(23)
        kept._gc_attempts()
        self.assertTrue(kept.exists())
        self._age(2)
        kept._gc_attempts()
        self.assertFalse(kept.exists())
