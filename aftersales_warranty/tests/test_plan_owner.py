# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_plan import PlanCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-26 10:00:00")
class TestPlanOwner(PlanCommon):
    """Plans that follow the product: from its delivery to whoever has it then."""

    def _mails(self, partner):
        return (
            self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)])
        )

    # -- from the product

    def test_a_delivery_starts_the_plan_of_its_product(self):
        template = self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        assets = self._sell(self.bike, serials=["N-1", "N-2"])
        self.assertEqual(len(assets.plan_ids), 2)
        plan = assets[0].plan_ids
        self.assertEqual((plan.state, plan.origin), ("running", "product"))
        self.assertEqual(plan.template_id, template)
        self.assertEqual(plan.date_start, assets[0].delivery_date)
        self.assertEqual(
            plan.next_date, plan.date_start.replace(year=plan.date_start.year + 1)
        )
        self.assertEqual(plan.part_ids.product_id, self.battery)
        self.assertFalse(self._sell(self.helmet).plan_ids)
        # Each only once, whatever is called.
        self.env["aftersales.plan"]._issue(assets)
        self.assertEqual(len(assets.plan_ids), 2)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["aftersales.plan"].create(template._prepare_plan_vals(assets[0]))

    def test_a_template_is_changed_and_its_plans_stay(self):
        template = self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        plan = self._sell(self.bike, serials=["N-1"]).plan_ids
        template.interval_number = 6
        self.assertEqual(plan.interval_number, 12)

    def test_the_nearest_category_counts(self):
        top = self.env["product.category"].create({"name": "Vehicles"})
        below = self.env["product.category"].create(
            {"name": "Bikes", "parent_id": top.id}
        )
        self.bike.categ_id = below
        general = self._create_template(name="General", category_ids=top.ids)
        asset = self._sell(self.bike, serials=["N-1"])
        self.assertEqual(asset.plan_ids.template_id, general)
        near = self._create_template(name="Near", category_ids=below.ids)
        asset = self._sell(self.bike, serials=["N-2"])
        self.assertEqual(asset.plan_ids.template_id, near)
        own = self._create_template(
            name="Own", product_tmpl_ids=self.bike.product_tmpl_id.ids
        )
        asset = self._sell(self.bike, serials=["N-3"])
        self.assertEqual(asset.plan_ids.template_id, own)
        own.active = False
        other = self.env["res.company"].create({"name": "Other"})
        near.company_id = other
        asset = self._sell(self.bike, serials=["N-4"])
        self.assertEqual(asset.plan_ids.template_id, general)

    def test_what_was_delivered_before_gets_its_plan(self):
        template = self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        gone = self._create_asset("GONE")
        gone.plan_ids.unlink()
        gone.state = "retired"
        self.assertFalse(self.asset.plan_ids)
        template.with_user(self.manager).action_apply()
        self.assertEqual(self.asset.plan_ids.template_id, template)
        self.assertFalse(gone.plan_ids)
        template.with_user(self.manager).action_apply()
        self.assertEqual(len(self.asset.plan_ids), 1)

    def test_a_big_delivery_asks_once(self):
        self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        values = {
            "partner_id": self.customer.id,
            "product_id": self.bike.id,
            "delivery_date": date(2026, 3, 1),
        }
        plans = self.env["aftersales.plan"]

        def count(number):
            assets = self.env["aftersales.asset"].create([values] * number)
            assets.plan_ids.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans._issue(assets)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        few, many = count(2), count(60)
        self.assertLessEqual(many, few + 12)

    # -- returned, exchanged, retired

    def _plan_with_visit(self, **values):
        plan = self._create_plan(**values)
        self._run_cron()
        self.assertEqual(plan.visit_ids.tell_state, "told")
        return plan

    def test_a_returned_product_pauses_its_plan(self):
        plan = self._plan_with_visit()
        visit = plan.visit_ids
        self.asset.state = "returned"
        self.assertEqual((plan.state, plan.stop_reason), ("paused", "returned"))
        self.assertEqual((visit.state, visit.repair_id.state), ("cancelled", "cancel"))
        self.assertFalse(self.asset.next_visit_date)
        # Its owner expected somebody: they are told.
        self.assertIn("cancelled", self._mails(self.customer)[0].body_html)
        self.asset.state = "in_service"
        self.assertEqual((plan.state, plan.stop_reason), ("running", False))
        self.assertEqual(plan.next_date, date(2026, 3, 31))

    def test_a_plan_that_was_paused_by_hand_stays_so(self):
        plan = self._create_plan()
        plan.action_pause()
        self.asset.state = "returned"
        self.asset.state = "in_service"
        self.assertEqual((plan.state, plan.stop_reason), ("paused", "hand"))

    def test_a_draft_waits_for_its_product(self):
        plan = self._create_plan(start=False)
        self.asset.state = "returned"
        self.asset.state = "in_service"
        self.assertEqual(plan.state, "draft")

    def test_a_retired_product_ends_its_plan(self):
        plan = self._plan_with_visit()
        self.asset.state = "retired"
        self.assertEqual((plan.state, plan.stop_reason), ("ended", "retired"))
        self.asset.state = "in_service"
        self.assertEqual(plan.state, "ended")

    def test_an_archived_product_pauses_its_plan(self):
        plan = self._create_plan()
        self.asset.active = False
        self.assertEqual((plan.state, plan.stop_reason), ("paused", "archived"))
        self.asset.active = True
        self.assertEqual(plan.state, "running")

    def test_care_goes_on_with_the_product_given_in_exchange(self):
        template = self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        self.env["aftersales.plan"]._issue(self.asset)
        hand = self._create_plan(
            part_ids=[Command.create({"product_id": self.battery.id})]
        )
        new = self._create_asset("EB-NEW")
        # Given without a delivery that would have started it.
        new.plan_ids.unlink()
        self.asset._replace_by(new)
        old = self.asset.plan_ids
        self.assertEqual(set(old.mapped("state")), {"ended"})
        self.assertEqual(set(old.mapped("stop_reason")), {"replaced"})
        self.assertEqual(set(new.plan_ids.mapped("state")), {"running"})
        self.assertEqual(set(new.plan_ids.mapped("name")), {hand.name, template.name})
        by_hand = new.plan_ids.filtered(lambda p: not p.template_id)
        self.assertEqual(by_hand.part_ids.product_id, self.battery)

    def test_no_plan_twice_for_an_exchange(self):
        self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        self.env["aftersales.plan"]._issue(self.asset)
        new = self._create_asset("EB-NEW")
        self.asset._replace_by(new)
        self.assertEqual(len(new.plan_ids), 1)

    # -- the customer

    def test_the_new_owner_is_told_and_not_the_old_one(self):
        plan = self._plan_with_visit()
        visit = plan.visit_ids
        old_token = visit.token
        told = len(self._mails(self.customer))
        self.asset.with_user(self.agent).partner_id = self.stranger
        self.assertEqual(visit.partner_id, self.stranger)
        self.assertEqual(visit.city, "BARCELONA")
        self.assertEqual(visit.repair_id.partner_id, self.stranger)
        self.assertEqual((visit.tell_state, visit.state), ("to_tell", "planned"))
        self._run_cron()
        self.assertEqual(visit.tell_state, "told")
        self.assertEqual(len(self._mails(self.customer)), told)
        self.assertEqual(len(self._mails(self.stranger)), 1)
        # The link of the old owner opens nothing any more.
        self.assertNotEqual(visit.token, old_token)
        self.assertFalse(self.env["aftersales.plan.visit"]._find_by_token(old_token))
        self.assertEqual(plan.state, "running")
        self.assertEqual(plan.partner_id, self.stranger)

    def test_an_archived_customer_is_left_in_peace(self):
        plan = self._plan_with_visit()
        told = len(self._mails(self.customer))
        self.customer.user_ids.active = False
        self.customer.active = False
        self.assertEqual(
            (plan.state, plan.stop_reason), ("paused", "customer_archived")
        )
        self.assertEqual(plan.visit_ids.state, "cancelled")
        self.assertEqual(len(self._mails(self.customer)), told)
        self.customer.active = True
        self.assertEqual(plan.state, "running")

    def test_no_plan_starts_for_an_archived_customer(self):
        template = self._create_template(product_tmpl_ids=self.bike.product_tmpl_id.ids)
        self.customer.user_ids.active = False
        self.customer.active = False
        template.with_user(self.manager).action_apply()
        delivered = self._create_asset("EB-2")
        given = self._create_asset("EB-3", self.stranger)
        self.assertEqual(given.plan_ids.state, "running")
        given.partner_id = self.customer
        plans = (self.asset | delivered | given).plan_ids
        self.assertEqual(len(plans), 3)
        self.assertEqual(set(plans.mapped("state")), {"paused"})
        self.assertEqual(set(plans.mapped("stop_reason")), {"customer_archived"})
        self.customer.active = True
        self.assertEqual(set(plans.mapped("state")), {"running"})

    def test_two_companies_plan_for_themselves(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        bike = self._create_product("Theirs", "none", 1, 2, company_id=other.id)
        asset = (
            self.env["aftersales.asset"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "product_id": bike.id,
                    "company_id": other.id,
                    "delivery_date": date(2025, 1, 31),
                }
            )
        )
        theirs = self._create_plan(asset)
        ours = self._create_plan()
        self.assertEqual(theirs.company_id, other)
        self._run_cron()
        self.assertEqual(theirs.visit_ids.repair_id.company_id, other)
        self.assertEqual(ours.visit_ids.repair_id.company_id, self.company)
        # The same day of the same customer, but two matters.
        self.assertNotEqual(theirs.visit_ids.token, ours.visit_ids.token)
