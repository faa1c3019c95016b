# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.fields import Command

from odoo.addons.aftersales_service.tests.common import AftersalesCommon


class PlanCommon(AftersalesCommon):
    """Marta's bike in Barcelona, and the plan that looks after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.plan"].search([("state", "=", "running")])._action_stop(
            "paused", "hand"
        )
        # Who works and when is what the tests say.
        calendar = cls.env["resource.calendar"].create(
            {"name": "40 hours", "tz": "Europe/Madrid", "company_id": cls.company.id}
        )
        cls.company.resource_calendar_id = calendar
        workers = cls.company._get_aftersales_workers() - cls.technician
        workers.group_ids -= cls.env.ref("aftersales_service.group_technician")
        spain = cls.env.ref("base.es")
        cls.customer.write({"zip": "08001", "city": "Barcelona", "country_id": spain})
        cls.stranger.write({"zip": "08002", "city": "BARCELONA", "country_id": spain})
        cls.asset = cls._create_asset("EB-1")

    @classmethod
    def _create_asset(cls, serial, partner=None, **values):
        return cls.env["aftersales.asset"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "product_id": cls.bike.id,
                "lot_id": cls._create_lot(cls.bike, serial).id,
                "delivery_date": date(2025, 1, 31),
                **values,
            }
        )

    @classmethod
    def _create_plan(cls, asset=None, start=True, **values):
        plan = cls.env["aftersales.plan"].create(
            {
                "name": "Yearly service",
                "asset_id": (asset or cls.asset).id,
                "date_start": date(2025, 1, 31),
                "interval_number": 1,
                "interval_unit": "month",
                "lead_days": 7,
                "tolerance_days": 5,
                **values,
            }
        )
        if start:
            plan.action_start()
        return plan

    @classmethod
    def _create_template(cls, **values):
        return cls.env["aftersales.plan.template"].create(
            {
                "name": "Yearly service",
                "interval_number": 12,
                "interval_unit": "month",
                "part_ids": [Command.create({"product_id": cls.battery.id})],
                **values,
            }
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_warranty.ir_cron_plan_visits"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _get_visits(self, plan):
        return plan.visit_ids.sorted("number")
