# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, time, timedelta

import pytz

from odoo.tests import HttpCase, tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepairTours(AftersalesCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_technician_does_the_whole_job_on_the_telephone(self):
        claim = self._create_claim(
            self._sell(self.bike, serials=["EB-1"]), user_id=self.technician.id
        )
        claim.line_ids.action_create_repair()
        self.start_tour(
            "/odoo/my-work",
            "aftersales_service_technician_phone",
            login="test_technician",
        )
        repair = claim.repair_ids
        self.assertEqual(repair.state, "done")
        self.assertEqual(repair.findings, "Brake cable replaced")
        self.assertEqual(repair.labour_ids.technician_id, self.technician)
        self.assertGreater(repair.worked_hours, 0)


@tagged("post_install", "-at_install")
class TestOfficeRepairTours(AftersalesCommon, HttpCase):
    browser_size = "1440x900"

    def test_an_agent_estimates_quotes_and_confirms(self):
        self.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": self.bike.product_tmpl_id.id,
                "product_id": self.battery.id,
                "hours": 0.5,
                "symptom_ids": self.symptom.ids,
            }
        )
        claim = self._create_claim(
            self._sell(self.bike, serials=["EB-1"]), user_id=self.agent.id
        )
        self.start_tour(
            f"/odoo/claims/{claim.id}",
            "aftersales_service_repair_agent",
            login="test_agent",
        )
        repair = claim.repair_ids
        self.assertEqual((repair.state, repair.service_mode), ("confirmed", "onsite"))
        self.assertEqual(repair.move_ids.product_id, self.battery)
        self.assertEqual(repair.sale_order_id.state, "sent")
        self.assertEqual(repair.sale_order_id.amount_untaxed, 420 + 22.5)

    def test_a_planner_gives_the_work_to_who_is_free(self):
        free = self._create_user("free", "aftersales_service.group_technician")
        free.name = "Free Technician"
        repairs = self.env["repair.order"]
        for product, serials in ((self.bike, ["EB-1"]), (self.helmet, ())):
            claim = self._create_claim(self._sell(product, serials=serials))
            claim.line_ids.action_create_repair()
            repairs |= claim.repair_ids
        repairs.write(
            {
                "user_id": self.technician.id,
                "schedule_date": self._get_next_morning(),
                "estimated_hours": 1,
            }
        )
        self.start_tour(
            "/odoo/repair-planning",
            "aftersales_service_repair_planner",
            login="test_lead",
        )
        self.assertEqual(repairs.user_id, self.technician | free)
        self.assertFalse(any(repairs.mapped("planning_warning")))

    def _get_next_morning(self):
        """Ten o'clock, in UTC, of a working day of this week where there is one."""
        zone = pytz.timezone("Europe/Madrid")
        day = datetime.now(zone).date()
        if day.weekday() > 4:
            day -= timedelta(days=day.weekday() - 4)
        moment = zone.localize(datetime.combine(day, time(10)))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)
