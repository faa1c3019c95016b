# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

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
