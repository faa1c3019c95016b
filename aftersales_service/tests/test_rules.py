# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..rules import claimed_quantity, plain_text, recognise, sla_policy, working_time


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


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    def test_doctests(self):
        for module in (
            claimed_quantity,
            plain_text,
            recognise,
            sla_policy,
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
