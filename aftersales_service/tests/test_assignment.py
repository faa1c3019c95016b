# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command
from odoo.tests import BaseCase, Form, freeze_time, tagged, users, warmup

from ..rules.assignment import Member, choose
from .common import AftersalesCommon

ANN, BOB, EVA = Member(1), Member(2), Member(3)
BIKES, BRAKES, OVENS = 10, 11, 20

#: method, members, categories of the claim, last one, who gets it
CHOICES = [
    ("round_robin", [ANN, BOB, EVA], (), 0, 1),
    ("round_robin", [ANN, BOB, EVA], (), 1, 2),
    ("round_robin", [EVA, ANN, BOB], (), 3, 1),
    # The last one has left the team.
    ("round_robin", [ANN, EVA], (), 2, 3),
    ("round_robin", [ANN, BOB._replace(is_away=True), EVA], (), 1, 3),
    ("round_robin", [ANN, BOB._replace(load=5, capacity=5), EVA], (), 1, 3),
    ("round_robin", [ANN, BOB._replace(load=4, capacity=5), EVA], (), 1, 2),
    ("round_robin", [], (), 0, None),
    ("balanced", [ANN._replace(load=3), BOB._replace(load=1), EVA], (), 0, 3),
    ("balanced", [ANN, BOB, EVA], (), 2, 3),
    ("balanced", [ANN, BOB, EVA], (), 3, 1),
    ("balanced", [ANN._replace(load=9), BOB._replace(load=2, capacity=2)], (), 0, 1),
    ("balanced", [ANN._replace(is_away=True)], (), 0, None),
    ("balanced", [ANN._replace(load=1, capacity=1)], (), 0, None),
    # Skills: of the category or one above it first, then who has none.
    (
        "balanced",
        [ANN._replace(load=9, category_ids={BRAKES}), BOB],
        {BIKES, BRAKES},
        0,
        1,
    ),
    (
        "balanced",
        [ANN._replace(load=9, category_ids={BIKES}), BOB],
        {BIKES, BRAKES},
        0,
        1,
    ),
    (
        "balanced",
        [ANN._replace(category_ids={OVENS}), BOB._replace(load=9)],
        {BIKES},
        0,
        2,
    ),
    ("balanced", [ANN._replace(category_ids={OVENS})], {BIKES}, 0, None),
    ("balanced", [ANN._replace(category_ids={OVENS}), BOB._replace(load=9)], (), 0, 1),
    (
        "round_robin",
        [ANN._replace(category_ids={BIKES}, is_away=True), BOB, EVA],
        {BIKES},
        2,
        3,
    ),
]


@tagged("post_install", "-at_install")
class TestAssignmentRule(BaseCase):
    def test_choices(self):
        for method, members, categories, last_id, expected in CHOICES:
            with self.subTest(method=method, members=members, last_id=last_id):
                found = choose(method, members, frozenset(categories), last_id)
                self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestAssignment(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.assignment = "balanced"
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Weekdays 9 to 17",
                "tz": "Europe/Madrid",
                "company_id": False,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls.team.resource_calendar_id = cls.calendar
        cls.bikes = cls.env["product.category"].create({"name": "Bikes"})
        cls.e_bikes = cls.env["product.category"].create(
            {"name": "E-bikes", "parent_id": cls.bikes.id}
        )
        cls.bike.categ_id = cls.e_bikes

    def _set_member(self, user, **values):
        return self.env["aftersales.team.member"].create(
            {"team_id": self.team.id, "user_id": user.id, **values}
        )

    def _set_leave(self, user, start, end):
        resource = self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": self.company.id,
                "calendar_id": self.calendar.id,
                "tz": "Europe/Madrid",
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": end,
            }
        )

    def _assigned(self, moment, count=1, **values):
        with freeze_time(moment):
            claims = self.env["aftersales.claim"].create(
                [
                    {"subject": "Noise", "team_id": self.team.id, **values}
                    for _index in range(count)
                ]
            )
        return claims.user_id

    def test_a_member_at_capacity_is_skipped_and_then_nobody(self):
        self._set_member(self.agent, capacity=2)
        self._set_member(self.manager, capacity=3)
        claims = self.env["aftersales.claim"].create(
            [{"subject": "Noise", "team_id": self.team.id} for _index in range(6)]
        )
        owners = [claim.user_id for claim in claims]
        self.assertEqual(owners.count(self.agent), 2)
        self.assertEqual(owners.count(self.manager), 3)
        self.assertEqual(owners.count(self.env["res.users"]), 1)

    def test_in_turn_goes_on_where_it_stopped(self):
        self.team.assignment = "round_robin"
        self.team.member_ids |= self.technician
        claims = self.env["aftersales.claim"]
        for size in (2, 1, 3):
            claims |= claims.create(
                [{"subject": "Noise", "team_id": self.team.id}] * size
            )
        ids = [claim.user_id.id for claim in claims]
        self.assertEqual(ids, sorted(self.team.member_ids.ids) * 2)

    def test_who_is_on_leave_is_skipped(self):
        self._set_leave(self.agent, "2026-03-02 23:00:00", "2026-03-04 22:59:59")
        self.assertEqual(self._assigned("2026-03-03 10:00:00", 2), self.manager)
        # The day before, late at night: the next working day counts.
        self.assertEqual(self._assigned("2026-03-02 20:00:00"), self.manager)
        # The night after, the agent is back the next day.
        self.assertEqual(self._assigned("2026-03-04 20:00:00"), self.agent)

    def test_leave_on_friday_does_not_count_on_the_weekend(self):
        self._set_leave(self.agent, "2026-03-05 23:00:00", "2026-03-06 22:59:59")
        self._create_claim(user_id=self.manager.id)
        self.assertEqual(self._assigned("2026-03-07 10:00:00"), self.agent)

    def test_nobody_is_there(self):
        for user in self.team.member_ids:
            self._set_leave(user, "2026-03-02 23:00:00", "2026-03-03 22:59:59")
        self.assertFalse(self._assigned("2026-03-03 10:00:00"))

    def test_skill_on_the_product_category_or_one_above_it(self):
        self._set_member(
            self.manager, product_category_ids=[Command.set(self.bikes.ids)]
        )
        for _index in range(3):
            self._create_claim(user_id=self.manager.id)
        asset = self._sell(self.bike, serials=["EB-1"])
        self.assertEqual(self._create_claim(asset).user_id, self.manager)
        helmet = self._sell(self.helmet)
        self.assertEqual(self._create_claim(helmet).user_id, self.agent)

    def test_manual_teams_assign_nobody(self):
        self.team.assignment = "manual"
        self.assertFalse(self._create_claim().user_id)

    def test_one_claim_is_announced_many_are_not(self):
        self.team.member_ids = self.agent
        claims = self.env["aftersales.claim"].with_context(tracking_disable=False)
        one = claims.create({"subject": "Noise", "team_id": self.team.id})
        many = claims.create([{"subject": "Noise", "team_id": self.team.id}] * 2)
        self.env.flush_all()
        told = self.env["mail.message"].search(
            [
                ("model", "=", "aftersales.claim"),
                ("res_id", "in", (one | many).ids),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.mapped("res_id"), one.ids)
        for claim in one | many:
            self.assertEqual(claim.user_id, self.agent)
            self.assertIn(self.agent.partner_id, claim.message_partner_ids)

    @users("test_lead")
    def test_the_lead_sets_capacity_and_skills_on_the_team(self):
        with Form(self.team.with_env(self.env)) as form:
            with form.member_setting_ids.new() as line:
                line.user_id = self.agent.with_env(self.env)
                line.capacity = 5
        self.assertEqual(self.team.member_setting_ids.capacity, 5)

    def test_only_managers_set_capacity_and_skills(self):
        settings = self.env["aftersales.team.member"]
        self.assertTrue(settings.with_user(self.agent).has_access("read"))
        self.assertFalse(settings.with_user(self.agent).has_access("write"))
        self.assertFalse(settings.with_user(self.portal_user).has_access("read"))

    @users("test_agent")
    @warmup
    def test_budget_a_hundred_claims_balanced(self):
        with self.assertQueryCount(150):
            claims = self.env["aftersales.claim"].create(
                [
                    {"subject": f"Noise {index}", "partner_id": self.customer.id}
                    for index in range(100)
                ]
            )
            self.env.flush_all()
        self.assertEqual(len(claims.filtered(lambda c: c.user_id == self.agent)), 50)
