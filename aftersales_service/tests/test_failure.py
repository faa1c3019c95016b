# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ..rules import failure
from .common import AftersalesCommon

#: bands, lived, failed, cases, what is known of each band
SHARES = [
    (3, {}, {}, {}, []),
    # Under the minimum of cases nothing is said.
    (3, {3: 1000}, {0: 4}, {0: 4}, []),
    (1, {1: 1000}, {0: 5}, {0: 5}, [(0, 1000, 5, 5, 0.005)]),
    # Five failures of one unit are five cases and one unit.
    (1, {1: 10}, {0: 1}, {0: 5}, [(0, 10, 1, 5, 0.1)]),
    # Young units count in the bands they have lived, and dilute none.
    (
        3,
        {0: 500, 1: 60, 2: 30, 3: 10},
        {0: 2, 1: 2, 2: 1},
        {0: 2, 1: 2, 2: 1},
        [(0, 100, 2, 2, 0.02), (1, 40, 2, 2, 0.05), (2, 10, 1, 1, 0.1)],
    ),
    # Of a band that only four units have lived nothing is said.
    (2, {1: 96, 2: 4}, {0: 3, 1: 2}, {0: 3, 1: 2}, [(0, 100, 3, 3, 0.03)]),
    # A band without failures is told: that is good news.
    (2, {2: 50}, {1: 5}, {1: 5}, [(0, 50, 0, 0, 0.0), (1, 50, 5, 5, 0.1)]),
    # More is claimed of an untracked product than was delivered: all of it failed.
    (1, {1: 6}, {0: 9}, {0: 5}, [(0, 6, 6, 5, 1.0)]),
]

#: highest, first end, last end, number of ends
USAGES = [
    (0, None, None, 0),
    (-5, None, None, 0),
    (10, 1.0, 10.0, 10),
    (101, 20.0, 100.0, 5),
    (99999, 10000.0, 90000.0, 9),
    (0.05, 0.005, 0.05, 10),
]

JANUARY = [(date(2026, 1, 1), 100.0), (date(2026, 1, 11), 150.0)]
#: fitted, months, total when fitted, usage, readings, due, by what
WEAR = [
    (date(2025, 8, 31), 6, None, 0, [], date(2026, 2, 28), "age"),
    (date(2024, 2, 29), 12, None, 0, [], date(2025, 2, 28), "age"),
    (date(2026, 1, 1), 0, 0.0, 0, JANUARY, None, None),
    (date(2026, 1, 1), 0, None, 500, JANUARY, None, None),
    (date(2026, 1, 1), 0, 0.0, 500, [], None, None),
    (date(2026, 1, 1), 0, 100.0, 100, JANUARY, date(2026, 1, 21), "usage"),
    # Whichever comes first.
    (date(2026, 1, 1), 1, 100.0, 1000, JANUARY, date(2026, 2, 1), "age"),
    (date(2026, 1, 1), 60, 100.0, 1000, JANUARY, date(2026, 7, 20), "usage"),
    # Worn out already: when the counter got there.
    (date(2025, 1, 1), 60, 0.0, 120, JANUARY, date(2026, 1, 11), "usage"),
]


@tagged("post_install", "-at_install")
class TestFailureRules(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(failure)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_shares(self):
        for count, lived, failed, cases, expected in SHARES:
            with self.subTest(lived=lived, failed=failed):
                found = failure.shares(count, lived, failed, cases)
                self.assertEqual(found, expected)

    def test_bands_of_usage(self):
        for highest, first, last, count in USAGES:
            with self.subTest(highest=highest):
                ends = failure.usage_ends(highest)
                self.assertEqual(len(ends), count)
                self.assertEqual((ends or [None])[0], first)
                self.assertEqual((ends or [None])[-1], last)

    def test_wear(self):
        for fitted, months, total, usage, points, due, reason in WEAR:
            with self.subTest(fitted=fitted, months=months, usage=usage):
                found = failure.wear_due(fitted, months, total, usage, points)
                self.assertEqual(found, (due, reason))


class FailureCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.km = cls.env.ref("aftersales_service.aftersales_counter_kilometres")
        cls.drill = cls._create_product("Drill", "serial", 50.0, 90.0)
        cls.drill.aftersales_counter_ids = cls.km
        cls.drills = cls._sell(cls.drill, serials=[f"DR-{n}" for n in range(20)])
        cls.drills.delivery_date = date(2024, 1, 1)

    @classmethod
    def _fail(cls, asset, days, **values):
        """A claim about `asset` so many days after its delivery, to be repaired."""
        claim = cls._create_claim(asset)
        claim.date = datetime.combine(asset.delivery_date, datetime.min.time())
        claim.date += timedelta(days=days, hours=12)
        claim.line_ids.sudo().write({"remedy": "repair", **values})
        return claim

    @classmethod
    def _refresh(cls):
        cls.env["aftersales.failure.share"]._refresh()

    def _get_shares(self, product=None, basis="age"):
        rows = self.env["aftersales.failure.share"].search(
            [("product_id", "=", (product or self.drill).id), ("basis", "=", basis)]
        )
        return {
            row.band: (row.at_risk, row.failed, row.cases, round(row.share, 4))
            for row in rows
        }


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 12:00:00")
class TestFailureShare(FailureCommon):
    def test_shares_by_age(self):
        for number, days in enumerate((10, 20, 100, 400, 410)):
            self._fail(self.drills[number], days)
        self._refresh()
        # Two years old: the band of the third year is not lived through yet.
        self.assertEqual(
            self._get_shares(),
            {
                0: (20, 2, 2, 0.1),
                1: (20, 1, 1, 0.05),
                2: (20, 0, 0, 0.0),
                3: (20, 2, 2, 0.1),
            },
        )

    def test_nothing_under_a_minimum_of_cases(self):
        for number in range(4):
            self._fail(self.drills[number], 10)
        self._refresh()
        self.assertFalse(self._get_shares())

    def test_young_units_do_not_dilute(self):
        self.drills[10:].delivery_date = date(2026, 1, 1)
        for number in range(5):
            self._fail(self.drills[number], 10)
        # A failure of a unit that has not lived through the band yet.
        self._fail(self.drills[15], 2)
        self._refresh()
        self.assertEqual(self._get_shares()[0], (10, 5, 5, 0.5))

    def test_units_out_of_service_count_until_their_failure(self):
        for number in range(5):
            self._fail(self.drills[number], 100)
        self.drills[0].state = "replaced"
        self.drills[19].state = "returned"
        self.drills[18].active = False
        self._refresh()
        shares = self._get_shares()
        self.assertEqual(shares[1], (18, 5, 5, round(5 / 18, 4)))
        self.assertEqual(shares[2][0], 17)

    def test_what_is_no_failure_of_the_product(self):
        for number in range(5):
            self._fail(self.drills[number], 10)
        self._fail(self.drills[5], 10, liability="carrier")
        self._fail(self.drills[6], 10, liability="customer")
        self._fail(self.drills[7], 10, remedy="assist")
        self._fail(self.drills[8], 10, remedy="refund", symptom_id=False)
        self._fail(self.drills[9], 10).line_ids.sudo().state = "cancelled"
        self._refresh()
        self.assertEqual(self._get_shares()[0], (20, 5, 5, 0.25))

    def test_a_line_and_its_repair_are_one_failure(self):
        for number in range(5):
            claim = self._fail(self.drills[number], 10, remedy=False)
            claim.line_ids.action_create_repair()
            repair = claim.repair_ids
            repair.move_ids = [
                Command.create(
                    {
                        "product_id": self.battery.id,
                        "product_uom_qty": 1,
                        "repair_line_type": "add",
                    }
                )
            ]
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_done()
        self._refresh()
        self.assertEqual(self._get_shares()[0], (20, 5, 5, 0.25))
        row = self.env["aftersales.failure.share"].search(
            [("product_id", "=", self.drill.id), ("band", "=", 0)]
        )
        self.assertEqual(row.part_ids.mapped("part_id"), self.battery)
        self.assertEqual(row.parts_summary, "Battery 500 Wh (5)")
        self.assertEqual(row.band_name, "Up to 3 months")
        cases = self.env["aftersales.failure.case"].search(
            row.action_view_cases()["domain"]
        )
        self.assertEqual(len(cases), 5)

    def test_a_repair_without_a_claim_counts_and_a_rework_does_not(self):
        for number in range(5):
            repair = self.env["repair.order"].create(
                {
                    "asset_id": self.drills[number].id,
                    "product_id": self.drill.id,
                    "lot_id": self.drills[number].lot_id.id,
                    "partner_id": self.customer.id,
                }
            )
            repair.action_validate()
            repair.action_repair_start()
            repair.action_repair_done()
        self.drills.delivery_date = date(2025, 6, 1)
        repair.rework_of_id = repair.id - 1
        self._refresh()
        self.assertFalse(self._get_shares(), "four cases are too few")
        repair.rework_of_id = False
        self._refresh()
        # Seven months old: in the third band, which nobody has lived through.
        self.assertFalse(self._get_shares())

    def test_shares_by_usage(self):
        readings = self.env["aftersales.reading"]
        for number, drill in enumerate(self.drills):
            for day, value in (("2024-06-01", 300), ("2025-06-01", 1000)):
                readings.create(
                    {
                        "asset_id": drill.id,
                        "counter_id": self.km.id,
                        "date": f"{day} 08:00:00",
                        "value": value,
                    }
                )
            if number < 6:
                # Near the first reading; the last one near none.
                self._fail(drill, 150 if number < 5 else 300)
        self._refresh()
        shares = self._get_shares(basis="usage")
        self.assertEqual(len(shares), 10)
        self.assertEqual(shares[3], (20, 5, 5, 0.25))
        self.assertEqual(shares[0], (20, 0, 0, 0.0))
        row = self.env["aftersales.failure.share"].search(
            [("basis", "=", "usage"), ("band", "=", 3)]
        )
        self.assertEqual(row.band_name, "300–400 km")

    def test_a_counter_that_shows_nothing_yet_stops_no_count(self):
        readings = self.env["aftersales.reading"]
        for number, drill in enumerate(self.drills):
            shown = (0,) if number < 2 else (300, 1000)
            for day, value in zip(("2024-06-01", "2025-06-01"), shown, strict=False):
                readings.create(
                    {
                        "asset_id": drill.id,
                        "counter_id": self.km.id,
                        "date": f"{day} 08:00:00",
                        "value": value,
                    }
                )
            if number < 7:
                self._fail(drill, 150)
        self._refresh()
        shares = self._get_shares(basis="usage")
        self.assertEqual(shares[3][:2], (18, 5))

    def test_a_group_has_the_share_of_all_its_units(self):
        for number in range(5):
            self._fail(self.drills[number], 10)
        self._refresh()
        shares = self.env["aftersales.failure.share"]
        groups = shares._read_group(
            [("product_id", "=", self.drill.id)], ["product_id"], ["share:avg"]
        )
        self.assertEqual(groups, [(self.drill, 5 / 80)])

    def test_it_is_counted_again_and_not_twice(self):
        for number in range(5):
            self._fail(self.drills[number], 10)
        with self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_refresh_failure_shares"
            ).method_direct_trigger()
        before = self._get_shares()
        self._refresh()
        self.assertEqual(self._get_shares(), before)

    def test_a_fixed_number_of_queries(self):
        for number in range(5):
            self._fail(self.drills[number], 10)
        self._refresh()

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refresh()
            return self.env.cr.sql_log_count - before

        first = cost()
        for number in range(5, 15):
            self._fail(self.drills[number], 10)
        self.assertEqual(cost(), first)

    def test_who_may_read_and_refresh(self):
        for number in range(5):
            self._fail(self.drills[number], 10).is_confidential = number == 0
        shares = self.env["aftersales.failure.share"]
        shares.with_user(self.manager).action_refresh()
        with self.assertRaises(AccessError):
            shares.with_user(self.agent).action_refresh()
        rows = shares.search([("product_id", "=", self.drill.id)])
        self.assertTrue(rows.with_user(self.agent).mapped("parts_summary"))
        domain = rows[:1].with_user(self.agent).action_view_cases()["domain"]
        cases = self.env["aftersales.failure.case"]
        self.assertEqual(len(cases.with_user(self.agent).search(domain)), 4)
        self.assertEqual(len(cases.with_user(self.manager).search(domain)), 5)
        for user in (self.technician, self.portal_user, self.stranger_user):
            with self.assertRaises(AccessError):
                rows.with_user(user).read(["share"])
        company = self.env["res.company"].create({"name": "Second"})
        far = self._create_user(
            "far",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(shares.with_user(far).search([]))


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 12:00:00")
class TestWear(FailureCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spare = cls.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": cls.drill.product_tmpl_id.id,
                "product_id": cls.battery.id,
                "is_wear": True,
                "life_months": 24,
            }
        )
        cls.drill_one = cls.drills[0]

    def _list(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_refresh_wear"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["aftersales.wear"].search([("product_id", "=", self.drill.id)])

    def test_parts_due_by_age(self):
        self.drills[10:].delivery_date = date(2025, 6, 1)
        self.drills[1].state = "returned"
        self.drills[2].active = False
        rows = self._list()
        self.assertEqual(rows.asset_id, self.drills[:10] - self.drills[1:3])
        self.assertEqual(set(rows.mapped("due_date")), {date(2026, 1, 1)})
        self.assertEqual(set(rows.mapped("reason")), {"age"})
        self.assertEqual(rows.part_id, self.battery)

    def test_parts_due_by_usage(self):
        self.spare.write({"counter_id": self.km.id, "life_usage": 1000})
        self.spare.life_months = 0
        for day, value in (("2025-11-01", 500), ("2025-12-01", 800)):
            self.env["aftersales.reading"].create(
                {
                    "asset_id": self.drill_one.id,
                    "counter_id": self.km.id,
                    "date": f"{day} 08:00:00",
                    "value": value,
                }
            )
        rows = self._list()
        self.assertEqual(rows.asset_id, self.drill_one)
        self.assertEqual((rows.due_date, rows.reason), (date(2025, 12, 21), "usage"))

    def test_it_is_listed_with_the_next_visit(self):
        self._plan_repair(self.drill_one, "2026-02-10 09:00:00")
        rows = self._list()
        row = rows.filtered(lambda r: r.asset_id == self.drill_one)
        self.assertEqual(row.next_visit_date, date(2026, 2, 10))
        self.assertTrue(row.is_after_due)
        self.assertFalse((rows - row)[:1].next_visit_date)

    def _plan_repair(self, asset, moment):
        return self.env["repair.order"].create(
            {
                "asset_id": asset.id,
                "product_id": asset.product_id.id,
                "lot_id": asset.lot_id.id,
                "partner_id": asset.partner_id.id,
                "service_kind": "preventive",
                "schedule_date": moment,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.battery.id,
                            "product_uom_qty": 2,
                            "repair_line_type": "add",
                        }
                    )
                ],
            }
        )

    def test_a_part_that_was_changed_is_due_no_more(self):
        rows = self._list()
        self.assertIn(self.drill_one, rows.asset_id)
        repair = self._plan_repair(self.drill_one, "2026-01-15 09:00:00")
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_done()
        self.assertFalse(self.drill_one.wear_ids)
        self.assertNotIn(self.drill_one, self._list().asset_id)

    def test_the_new_owner_stands_there(self):
        rows = self._list()
        self.drill_one.partner_id = self.stranger
        row = rows.filtered(lambda r: r.asset_id == self.drill_one)
        self.assertEqual(row.partner_id, self.stranger)

    def test_one_that_fails_does_not_stop_the_others(self):
        other = self.spare.create(
            {
                "product_tmpl_id": self.drill.product_tmpl_id.id,
                "product_id": self.helmet.id,
                "is_wear": True,
                "life_months": 24,
            }
        )
        wear = type(self.env["aftersales.wear"])
        original = wear._prepare_rows

        def poisoned(records, spare, assets):
            if spare == self.spare:
                raise ValueError("poisoned")
            return original(records, spare, assets)

        self.patch(wear, "_prepare_rows", poisoned)
        with self.assertLogs(
            "odoo.addons.aftersales_service.models.aftersales_wear", "ERROR"
        ):
            rows = self._list()
        self.assertEqual(rows.spare_part_id, other)

    def test_a_poisoned_product_stops_no_other(self):
        wear = type(self.env["aftersales.wear"])
        original = wear._prepare_rows

        def poisoned(records, spare, assets):
            if self.drills[7] in assets:
                raise ValueError("poisoned")
            return original(records, spare, assets)

        self.patch(wear, "_prepare_rows", poisoned)
        with self.assertLogs(
            "odoo.addons.aftersales_service.models.aftersales_wear", "ERROR"
        ) as logs:
            rows = self._list()
        self.assertEqual(rows.asset_id, self.drills - self.drills[7])
        self.assertEqual(len(logs.output), 1)
        self.assertIn(f"asset {self.drills[7].id}", logs.output[0])

    def test_a_run_that_was_broken_off_goes_on_where_it_stopped(self):
        wears = self.env["aftersales.wear"]
        other = self.spare.copy({"product_id": self.helmet.id})
        listed = []
        original = type(wears)._list

        def note(records, spare, assets):
            listed.append((spare, len(assets)))
            return original(records, spare, assets)

        self.patch(type(wears), "_list", note)
        cron = type(self.env["ir.cron"])
        left = iter((99, 99, 0, 99, 0, 99, 99, 0))
        # Time for two batches, then for one, then for one of the next part.
        self.patch(cron, "_commit_progress", lambda *args, **kwargs: next(left))
        for _run in range(3):
            wears._cron_refresh(batch_size=8)
        self.assertEqual(
            listed, [(self.spare, 8), (self.spare, 8), (self.spare, 4), (other, 8)]
        )
        self.patch(cron, "_commit_progress", lambda *args, **kwargs: 99)
        wears._cron_refresh(batch_size=8)
        self.assertEqual(listed[4:], [(other, 8), (other, 4)])
        self.assertEqual(wears.search_count([("product_id", "=", self.drill.id)]), 40)
        # The round is over: the next night begins anew.
        wears._cron_refresh(batch_size=20)
        self.assertEqual(listed[6:], [(self.spare, 20), (other, 20)])
        # Also when the time was over just with the last part.
        left = iter((99, 99, 99, 99, 0))
        self.patch(cron, "_commit_progress", lambda *args, **kwargs: next(left))
        wears._cron_refresh(batch_size=20)
        self.patch(cron, "_commit_progress", lambda *args, **kwargs: 99)
        wears._cron_refresh(batch_size=20)
        self.assertEqual(listed[8:], [(self.spare, 20), (other, 20)] * 2)

    def test_what_is_not_due_is_not_looked_at(self):
        """Nor is what is listed already written again."""
        self.drills[5:].delivery_date = date(2025, 6, 1)
        repair = self._plan_repair(self.drill_one, "2026-01-15 09:00:00")
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_done()
        first = self._list()
        self.assertEqual(first.asset_id, self.drills[1:5])
        seen = self.env["aftersales.asset"].search(
            self.env["aftersales.wear"]._get_assets_domain(self.spare)
        )
        self.assertEqual(seen, self.drills[1:5])
        self.assertEqual(self._list(), first)
        self.drills[1].delivery_date = date(2023, 12, 1)
        self.assertEqual(self._list(), first)
        self.assertEqual(
            first.filtered(lambda r: r.asset_id == self.drills[1]).due_date,
            date(2025, 12, 1),
        )

    def test_batches_find_all_of_them(self):
        cron = self.env.ref("aftersales_service.ir_cron_refresh_wear")
        cron.code = "model._cron_refresh(batch_size=3)"
        self.assertEqual(self._list().asset_id, self.drills)

    def test_who_may_read(self):
        rows = self._list()
        self.assertTrue(rows.with_user(self.technician).mapped("next_visit_date"))
        for user in (self.portal_user, self._create_user("none", "base.group_user")):
            with self.assertRaises(AccessError):
                rows.with_user(user).read(["due_date"])
        with self.assertRaises(AccessError):
            rows.with_user(self.manager).write({"due_date": date(2027, 1, 1)})

    # -- what is needed of a part

    def _get_need(self, user=None, method="action_open"):
        needs = self.env["aftersales.part.need"].with_user(user or self.agent)
        domain = getattr(needs, method)()["domain"]
        return needs.search(domain).filtered(lambda n: n.product_id == self.battery)

    def test_the_need_of_the_next_months(self):
        self.assertFalse(self._get_need())
        # A draft, and one that stock's forecast has taken off already.
        self._plan_repair(self.drill_one, "2026-02-10 09:00:00")
        self._plan_repair(self.drills[1], "2026-03-01 09:00:00").action_validate()
        # After the three months.
        self._plan_repair(self.drills[2], "2026-06-01 09:00:00")
        need = self._get_need()
        self.assertEqual((need.planned, need.expected, need.needed), (4, 0, 4))
        self.assertEqual((need.on_hand, need.available, need.shortfall), (10, 10, 0))
        self.assertEqual(self._get_need(method="action_open_month").planned, 2)
        self.assertEqual(self._get_need(method="action_open_half_year").planned, 6)

    def test_what_failures_took_is_expected_again(self):
        repair = self._plan_repair(self.drill_one, "2026-01-10 09:00:00")
        repair.service_kind = "corrective"
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_done()
        need = self._get_need()
        self.assertEqual((need.planned, need.expected), (0, 0.5))
        self.assertEqual((need.on_hand, need.shortfall), (8, 0))

    def test_what_is_short_is_replenished_with_the_core_s_wizard(self):
        repair = self._plan_repair(self.drill_one, "2026-02-10 09:00:00")
        repair.move_ids.product_uom_qty = 14
        need = self._get_need()
        self.assertEqual(need.shortfall, 4)
        with self.assertRaises(AccessError):
            need.action_replenish()
        buyer = self._create_user(
            "buyer", "aftersales_service.group_user,stock.group_stock_user"
        )
        need = self._get_need(buyer)
        action = need.action_replenish()
        wizard = (
            self.env[action["res_model"]]
            .with_user(buyer)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((wizard.product_id, wizard.quantity), (self.battery, 4))
        self.assertEqual(wizard.warehouse_id.company_id, self.company)

    def test_what_is_on_its_way_is_counted(self):
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "scheduled_date": "2026-02-01 08:00:00",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.battery.id,
                            "product_uom_qty": 6,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.date = "2026-02-01 08:00:00"
        self._plan_repair(self.drill_one, "2026-02-10 09:00:00")
        need = self._get_need()
        self.assertEqual((need.incoming, need.available), (6, 16))

    def test_the_need_is_the_user_s_company_s(self):
        self._plan_repair(self.drill_one, "2026-02-10 09:00:00")
        company = self.env["res.company"].create({"name": "Second"})
        far = self._create_user(
            "far",
            "aftersales_service.group_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self._get_need(far))
        mine = self._get_need()
        self.assertFalse(self.env["aftersales.part.need"].with_user(far).search([]))
        with self.assertRaises(AccessError):
            mine.with_user(far).read(["planned"])
        for user in (self.technician, self.portal_user):
            with self.assertRaises(AccessError):
                self._get_need(user)
