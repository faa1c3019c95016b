# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon

NOW = "2026-03-03 09:00:00"


@tagged("post_install", "-at_install")
class TestSlaRefresh(AftersalesCommon):
    """What decides deadlines changes; the open claims follow, in batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.sla"].search([]).active = False
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "9 to 17 UTC",
                "tz": "UTC",
                "company_id": False,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls.team.resource_calendar_id = cls.calendar
        cls.policy = cls.env["aftersales.sla"].create(
            {"name": "Answer in 4 h", "target": "first_response", "hours": 4}
        )
        cls.tag = cls.env["res.partner.category"].create({"name": "Dealer"})
        cls.parts = cls.env["product.category"].create({"name": "Parts"})
        cls.asset = cls._sell(cls.helmet)
        with freeze_time(NOW):
            cls.claim = cls._create_claim(cls.asset)
        cls.env["aftersales.sla.refresh"].search([]).unlink()

    def _run(self, moment="2026-03-03 09:30:00"):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_sla_refresh"
            ).method_direct_trigger()
        self.assertFalse(self.env["aftersales.sla.refresh"].search([]))

    def _statuses(self, policy=None):
        return self.claim.sla_status_ids.filtered(
            lambda s: s.sla_id == (policy or self.policy)
        )

    def test_hours_and_share_of_a_policy(self):
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 3, 13, 0))
        self.policy.with_user(self.manager).hours = 6
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 3, 15, 0))
        audit = self.claim.message_ids[0]
        self.assertIn("New deadline: Answer in 4 h", audit.body)
        self.assertEqual(audit.author_id, self.manager.partner_id)
        self.policy.warning_percent = 50
        self._run()
        self.assertEqual(self._statuses().warning_date, datetime(2026, 3, 3, 12, 0))

    def test_criteria_archiving_and_a_new_policy(self):
        self.policy.minimum_priority = "3"
        self._run()
        self.assertFalse(self._statuses())
        self.assertIn("No longer applies", self.claim.message_ids[0].body)
        self.policy.minimum_priority = "0"
        self._run()
        self.assertTrue(self._statuses())
        self.policy.action_archive()
        self._run()
        self.assertFalse(self._statuses())
        other = self.env["aftersales.sla"].create(
            {"name": "Solve in 8 h", "target": "solved", "hours": 8}
        )
        self._run()
        self.assertEqual(self._statuses(other).state, "ongoing")

    def test_what_a_policy_promised_is_not_turned_into_something_else(self):
        with self.assertRaisesRegex(ValidationError, "archive it"):
            self.policy.target = "solved"

    def test_a_name_changes_nothing(self):
        self.policy.name = "Answer soon"
        self.assertFalse(self.env["aftersales.sla.refresh"].search([]))

    def test_failed_stays_failed_and_closed_is_untouched(self):
        with freeze_time("2026-03-03 10:00:00"):
            closed = self._create_claim(stage_id=self.claim.stage_id.id)
            closed.action_solve()
        before = closed.sla_status_ids.mapped("write_date")
        self.policy.hours = 40
        self._run("2026-03-03 14:00:00")
        self.assertEqual(self._statuses().state, "failed")
        self.assertEqual(self._statuses().deadline, datetime(2026, 3, 3, 13, 0))
        self.assertEqual(closed.sla_status_ids.mapped("write_date"), before)

    def test_category_of_a_product(self):
        self.policy.product_category_ids = self.parts
        self._run()
        self.assertFalse(self._statuses())
        self.helmet.categ_id = self.parts
        self._run()
        self.assertTrue(self._statuses())
        child = self.env["product.category"].create({"name": "Child"})
        self.helmet.categ_id = child
        self._run()
        self.assertFalse(self._statuses())
        child.parent_id = self.parts
        self._run()
        self.assertTrue(self._statuses())

    def test_tags_of_a_customer(self):
        self.policy.partner_category_ids = self.tag
        self._run()
        self.assertFalse(self._statuses())
        firm = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "category_id": self.tag.ids}
        )
        self.customer.parent_id = firm
        self._run()
        self.assertTrue(self._statuses())
        firm.category_id = False
        self._run()
        self.assertFalse(self._statuses())

    def test_hours_holidays_and_zone_of_the_calendar(self):
        self.calendar.attendance_ids.filtered(lambda a: a.dayofweek == "1").hour_to = 11
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 4, 11, 0))
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-04 00:00:00",
                "date_to": "2026-03-04 23:59:59",
            }
        )
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 5, 11, 0))
        leave.unlink()
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 4, 11, 0))
        self.calendar.tz = "America/New_York"
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 4, 16, 0))

    def test_hours_of_the_company_and_of_the_team(self):
        own = self.calendar.copy({"tz": "America/New_York"})
        self.company.resource_calendar_id = own
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 3, 13, 0))
        self.team.resource_calendar_id = False
        self._run()
        self.assertEqual(self.claim.sla_deadline, datetime(2026, 3, 3, 18, 0))

    def test_a_person_s_leave_moves_no_deadline(self):
        resource = self.env["resource.resource"].create(
            {"name": "Somebody", "calendar_id": self.calendar.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": "2026-03-03 00:00:00",
                "date_to": "2026-03-03 23:59:59",
            }
        )
        self.assertFalse(self.env["aftersales.sla.refresh"].search([]))

    def _create_many(self, count):
        with freeze_time(NOW):
            return self.env["aftersales.claim"].create(
                [
                    {"subject": f"Claim {i}", "team_id": self.team.id}
                    for i in range(count)
                ]
            )

    def test_who_changes_a_policy_does_not_wait_for_the_claims(self):
        self.policy.hours = 5
        self.env.flush_all()
        self._run()

        def count_queries(hours):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.policy.hours = hours
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count_queries(6)
        self._run()
        self._create_many(60)
        self.assertLessEqual(count_queries(7), few)

    def test_batches_cost_the_same_for_more_claims_and_go_on_after_a_stop(self):
        claims = self._create_many(30)
        path = "odoo.addons.aftersales_service.models.aftersales_sla_refresh.BATCH_SIZE"
        with patch(path, 10):
            self.policy.hours = 2
            refresh = self.env["aftersales.sla.refresh"].search([])
            with freeze_time("2026-03-03 09:30:00"):
                self.assertTrue(refresh._process_batch())
            done = claims.filtered(lambda c: c.sla_deadline.hour == 11)
            self.assertEqual(len(done), 9)
            self._run()
        self.assertEqual({claim.sla_deadline.hour for claim in claims}, {11})

    def test_queries_of_a_batch(self):
        def count_queries(claims, hours):
            self.policy.hours = hours
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time("2026-03-03 09:30:00"):
                claims._refresh_sla()
                self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = self._create_many(5), self._create_many(50)
        count_queries(few, 2)
        self.assertLessEqual(count_queries(many, 3), count_queries(few, 4) + 2)

    @mute_logger("odoo.addons.aftersales_service.models.aftersales_sla_refresh")
    def test_one_that_fails_does_not_stop_the_others(self):
        claims = self._create_many(3)
        model = type(self.env["aftersales.claim"])
        original = model._update_sla

        def update(records):
            if claims[1] in records:
                raise ValueError("poisoned")
            return original(records)

        self.policy.hours = 2
        with patch.object(model, "_update_sla", update):
            self._run()
        self.assertEqual([claim.sla_deadline.hour for claim in claims], [11, 13, 11])
