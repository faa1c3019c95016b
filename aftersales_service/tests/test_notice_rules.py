# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..rules import anniversary, serial_range, version_number

#: first, last, serials within, serials without
RANGES = [
    (
        "EB-0100",
        "EB-0250",
        ("EB-0100", "EB-0250", "EB-199", "EB-0000200"),
        ("EB-0099", "EB-0251", "eb-0150", "XEB-0150", "EB-0150B", "EB-", "EB-2026-1"),
    ),
    ("A1B07", "A1B11", ("A1B7", "A1B10"), ("A2B10", "A1B12", "A1B1O")),
    ("99", "", ("99", "100", "9" * 40), ("98", "A99")),
    ("", "7-ES", ("0-ES", "7-ES"), ("8-ES", "7", "7-PT")),
    ("X.1", "X.3", ("X.2",), ("Xa2", "X.4")),
]
#: first, last, why it is no range
BROKEN_RANGES = [
    ("ABC", "ABD", "number"),
    ("", "", "number"),
    ("A-1", "B-9", "series"),
    ("A-1", "A-9-X", "series"),
    ("A-9", "A-1", "order"),
]
#: In their order; those of one line are the same version.
VERSIONS = [
    ("1.0-alpha", "v1.0 alpha"),
    ("1.0-rc1", "1-RC1"),
    ("1", "1.0", "V1.0.0", "version 1"),
    ("1.0b",),
    ("1.0.1",),
    ("1.2",),
    ("1.10", "1.10.0"),
    ("2.0 build 7",),
    ("10",),
]
#: start, years, anniversary
ANNIVERSARIES = [
    (date(2024, 2, 29), 1, date(2025, 2, 28)),
    (date(2024, 2, 29), 4, date(2028, 2, 29)),
    (date(2024, 2, 28), 4, date(2028, 2, 28)),
    (date(2023, 3, 1), 1, date(2024, 3, 1)),
    (date(2025, 12, 31), 1, date(2026, 12, 31)),
]
#: start, last day of its first year
FIRST_YEARS = [
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2024, 2, 29), date(2025, 2, 27)),
    (date(2023, 3, 1), date(2024, 2, 29)),
    (date(2024, 3, 1), date(2025, 2, 28)),
    (date(2025, 3, 31), date(2026, 3, 30)),
]


@tagged("post_install", "-at_install")
class TestNoticeRules(BaseCase):
    def test_doctests(self):
        for module in (anniversary, serial_range, version_number):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_ranges_of_serials(self):
        for first, last, within, without in RANGES:
            serials = serial_range.serial_range(first, last)
            for serial in within:
                with self.subTest(first=first, last=last, serial=serial):
                    self.assertIn(serial, serials)
            for serial in without:
                with self.subTest(first=first, last=last, serial=serial):
                    self.assertNotIn(serial, serials)

    def test_what_is_no_range(self):
        for first, last, reason in BROKEN_RANGES:
            with self.subTest(first=first, last=last):
                with self.assertRaisesRegex(ValueError, reason):
                    serial_range.serial_range(first, last)

    def test_order_of_versions(self):
        keys = [[version_number.version_key(v) for v in line] for line in VERSIONS]
        for line in keys:
            self.assertEqual(len(set(line)), 1, line)
        order = [line[0] for line in keys]
        self.assertEqual(order, sorted(order))
        self.assertEqual(len(set(order)), len(order))

    def test_anniversaries(self):
        for start, years, day in ANNIVERSARIES:
            with self.subTest(start=start, years=years):
                self.assertEqual(anniversary.anniversary(start, years), day)
                self.assertIn(start, anniversary.starts_of_anniversaries(day))

    def test_ends_of_first_years(self):
        for start, day in FIRST_YEARS:
            with self.subTest(start=start):
                self.assertEqual(anniversary.end_of_first_year(start), day)
                self.assertIn(start, anniversary.starts_of_first_years(day))

    def test_every_start_has_its_day_once(self):
        """Over four years no delivery is forgotten and none is greeted on two days."""
        days = [date.fromordinal(n) for n in range(738_000, 738_000 + 4 * 366)]
        found = [
            start
            for day in days
            for start in anniversary.starts_of_anniversaries(day, [1])
        ]
        self.assertEqual(len(found), len(set(found)))
        first, last = min(found), max(found)
        self.assertEqual(len(found), (last - first).days + 1)
