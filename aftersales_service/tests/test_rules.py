# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import datetime, timedelta

import pytz

from odoo.tests import BaseCase, tagged

from ..rules import (
    address,
    assignment,
    file_type,
    link_tokens,
    mail_authentication,
    mail_charset,
    mail_envelope,
    mail_repair,
    mail_text,
    phone,
    plain_text,
    qr,
    recognise,
    sla_policy,
    timeline,
    working_time,
)


def moment(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M")


def interval(day, start, end):
    return moment(f"{day} {start}"), moment(f"{day} {end}")


#: A week with a lunch break, a holiday on Wednesday and a short Friday.
WEEK = [
    interval("03-02", "09:00", "13:00"),
    interval("03-02", "14:00", "18:00"),
    interval("03-03", "09:00", "13:00"),
    interval("03-03", "14:00", "18:00"),
    interval("03-05", "09:00", "13:00"),
    interval("03-05", "14:00", "18:00"),
    interval("03-06", "08:00", "15:00"),
]

#: start, hours, pauses, deadline
DEADLINES = [
    ("03-02 09:00", 2, [], "03-02 11:00"),
    ("03-02 12:00", 2, [], "03-02 15:00"),
    ("03-02 07:00", 4, [], "03-02 13:00"),
    ("03-02 13:30", 1, [], "03-02 15:00"),
    ("03-02 17:00", 2, [], "03-03 10:00"),
    ("03-03 17:00", 2, [], "03-05 10:00"),
    ("03-04 12:00", 1, [], "03-05 10:00"),
    ("03-02 09:00", 2, [("03-02 10:00", "03-02 11:00")], "03-02 12:00"),
    ("03-02 09:00", 8, [("03-02 10:00", "03-05 10:00")], "03-05 18:00"),
    ("03-02 09:00", 1, [("03-01 10:00", "03-02 09:30")], "03-02 10:30"),
    ("03-06 14:30", 1, [], None),
]

#: zone, start, hours, pauses, deadline; local times, weekdays 9 to 13 and 14 to 18
ZONED_DEADLINES = [
    # Summer time begins on Sunday 29 March in Madrid, on 8 March in New York.
    ("Europe/Madrid", "03-27 16:00", 4, [], "03-30 11:00"),
    ("Europe/Madrid", "03-28 02:30", 8, [], "03-30 18:00"),
    ("America/New_York", "03-06 16:00", 4, [], "03-09 11:00"),
    ("America/New_York", "03-27 16:00", 4, [], "03-30 11:00"),
    # It ends on Sunday 25 October, and on 1 November.
    ("Europe/Madrid", "10-23 16:00", 4, [], "10-26 11:00"),
    ("America/New_York", "10-30 16:00", 4, [], "11-02 11:00"),
    ("Asia/Tokyo", "03-27 16:00", 4, [], "03-30 11:00"),
    # Waiting, or closed and reopened, over the change of time.
    (
        "Europe/Madrid",
        "03-27 16:00",
        4,
        [("03-27 17:00", "03-30 10:00")],
        "03-30 13:00",
    ),
    (
        "Europe/Madrid",
        "10-23 09:00",
        8,
        [("10-23 10:00", "10-23 15:00"), ("10-23 16:00", "10-27 09:00")],
        "10-27 16:00",
    ),
    # A pause within a night costs nothing.
    (
        "Europe/Madrid",
        "03-03 17:00",
        2,
        [("03-03 19:00", "03-04 08:00")],
        "03-04 10:00",
    ),
]

EVERYTHING = sla_policy.Policy(1, "solved", 8)
URGENT = EVERYTHING._replace(minimum_priority="3")
#: policy, facts of the claim, whether it applies
APPLYING = [
    (EVERYTHING, {}, True),
    (URGENT, {"priority": "1"}, False),
    (URGENT, {"priority": "3"}, True),
    (EVERYTHING._replace(minimum_priority="2"), {"priority": "3"}, True),
    (EVERYTHING._replace(company_id=1), {"company_id": 1}, True),
    (EVERYTHING._replace(company_id=1), {"company_id": 2}, False),
    (EVERYTHING._replace(team_ids={1, 2}), {"team_id": 2}, True),
    (EVERYTHING._replace(team_ids={1, 2}), {"team_id": False}, False),
    (EVERYTHING._replace(type_ids={1}), {"type_id": 2}, False),
    (EVERYTHING._replace(channel_ids={1}), {"channel_id": 1}, True),
    (EVERYTHING._replace(channel_ids={1}), {}, False),
    (
        EVERYTHING._replace(partner_category_ids={1}),
        {"partner_category_ids": {1, 2}},
        True,
    ),
    (EVERYTHING._replace(partner_category_ids={1}), {}, False),
    (
        EVERYTHING._replace(product_category_ids={1, 2}),
        {"product_category_ids": {2}},
        True,
    ),
    (
        EVERYTHING._replace(product_category_ids={1}, team_ids={1}),
        {"product_category_ids": {1}, "team_id": 2},
        False,
    ),
]


def local(zone, text):
    """Naive UTC of a local moment."""
    aware = pytz.timezone(zone).localize(moment(text))
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


def working_days(zone):
    """Naive UTC intervals of the weekdays of 2026."""
    days = (datetime(2026, 1, 1) + timedelta(days=index) for index in range(365))
    return [
        (local(zone, f"{day:%m-%d} {start}"), local(zone, f"{day:%m-%d} {end}"))
        for day in days
        if day.weekday() < 5
        for start, end in (("09:00", "13:00"), ("14:00", "18:00"))
    ]


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    def test_doctests(self):
        for module in (
            address,
            assignment,
            link_tokens,
            mail_authentication,
            mail_charset,
            mail_envelope,
            mail_repair,
            mail_text,
            file_type,
            phone,
            plain_text,
            qr,
            recognise,
            sla_policy,
            timeline,
            working_time,
        ):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_deadlines(self):
        for start, hours, pauses, expected in DEADLINES:
            with self.subTest(start=start, hours=hours, pauses=pauses):
                found = working_time.deadline(
                    moment(start),
                    hours,
                    WEEK,
                    [(moment(begin), moment(end)) for begin, end in pauses],
                )
                self.assertEqual(found, expected and moment(expected))

    def test_deadlines_in_time_zones(self):
        for zone, start, hours, pauses, expected in ZONED_DEADLINES:
            with self.subTest(zone=zone, start=start, hours=hours, pauses=pauses):
                found = working_time.deadline(
                    local(zone, start),
                    hours,
                    working_days(zone),
                    [(local(zone, begin), local(zone, end)) for begin, end in pauses],
                )
                self.assertEqual(found, local(zone, expected))

    def test_policies(self):
        for policy, facts, expected in APPLYING:
            with self.subTest(policy=policy, facts=facts):
                found = sla_policy.applies(policy, sla_policy.Facts(**facts))
                self.assertEqual(found, expected)
