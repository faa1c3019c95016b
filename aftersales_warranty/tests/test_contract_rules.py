# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Golden tables of the rules of contracts."""

import doctest
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..rules import contract
from ..rules.contract import (
    Allowance,
    billing_periods,
    last_day_of_term,
    overlaps,
    renewal_day,
    taken_back,
    unpaid_since,
)
from ..rules.coverage import Certificate, Term, decide

TERMS = [
    ("2026-01-01", 1, "year", "2026-12-31"),
    ("2024-02-29", 1, "year", "2025-02-27"),
    ("2024-02-29", 4, "year", "2028-02-28"),
    ("2023-03-01", 1, "year", "2024-02-29"),
    ("2026-01-31", 1, "month", "2026-02-27"),
    ("2024-01-31", 1, "month", "2024-02-28"),
    ("2026-08-31", 6, "month", "2027-02-27"),
    ("2026-03-29", 1, "day", "2026-03-29"),
    # The night of the change to summer time is a day like any other.
    ("2026-03-29", 7, "day", "2026-04-04"),
    ("2026-10-25", 1, "month", "2026-11-24"),
]
PERIODS = [
    # start, months, number of periods, first days
    ("2026-01-31", 1, 12, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
    ("2024-01-30", 1, 12, ["2024-01-30", "2024-02-29", "2024-03-30"]),
    ("2024-02-29", 12, 4, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28"]),
    ("2026-11-30", 3, 4, ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]),
]


def day(text):
    return date.fromisoformat(text)


@tagged("post_install", "-at_install")
class TestContractRules(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(contract).failed)

    def test_terms(self):
        for start, number, unit, end in TERMS:
            with self.subTest(start=start, number=number, unit=unit):
                self.assertEqual(last_day_of_term(day(start), number, unit), day(end))
        with self.assertRaises(ValueError):
            last_day_of_term(day("2026-01-01"), 0, "month")

    def test_periods_leave_no_day_out_and_share_none(self):
        for start, months, number, firsts in PERIODS:
            end = last_day_of_term(day(start), months * number, "month")
            periods = billing_periods(day(start), end, months)
            with self.subTest(start=start, months=months):
                self.assertEqual(len(periods), number)
                found = [first.isoformat() for first, _last in periods]
                self.assertEqual(found[: len(firsts)], firsts)
                self.assertEqual(periods[-1][1], end)
                for (_f, last), (first, _l) in zip(periods, periods[1:], strict=False):
                    self.assertEqual(last + timedelta(days=1), first)

    def test_a_term_cut_short_ends_with_its_last_period(self):
        periods = billing_periods(day("2026-01-01"), day("2026-02-10"), 1)
        self.assertEqual(periods[-1], (day("2026-02-01"), day("2026-02-10")))
        self.assertFalse(billing_periods(day("2026-01-02"), day("2026-01-01"), 1))

    def test_renewal_and_payment_days(self):
        self.assertEqual(renewal_day(day("2027-03-01"), 30), day("2027-01-30"))
        self.assertEqual(renewal_day(day("2027-03-01"), 0), day("2027-03-01"))
        self.assertEqual(unpaid_since([day("2024-02-28")], 0), day("2024-02-29"))
        self.assertEqual(unpaid_since([day("2026-12-31")], 15), day("2027-01-16"))

    def test_what_is_left(self):
        for included, used, needed, left, part in (
            (10, 0, 5, 10, 5),
            (10, 7, 5, 3, 3),
            (10, 10, 5, 0, 0),
            (10, 12, 5, 0, 0),
            (0, 0, 1, 0, 0),
            (2.5, 2, 1, 0.5, 0.5),
            (5, 0, 6, 5, 5),
        ):
            with self.subTest(included=included, used=used):
                allowance = Allowance(included, used)
                self.assertEqual(allowance.left, left)
                self.assertEqual(allowance.get_part(needed), part)

    def test_what_credit_notes_take_back(self):
        for billed, refunds, taken in (
            ((1, 30), [(1, 30)], 1),
            ((2, 60), [(1, 30)], 1),
            ((2, 60), [(1, 30), (1, 30)], 2),
            # A part of the price is no period.
            ((1, 30), [(1, 29.99)], 1.0),
            ((1, 30), [(1, 29.84)], 0.99),
            ((1, 30), [(1, 10)], 0.33),
            ((2, 60), [(2, 30)], 1),
            ((2, 60), [(1, 60)], 1),
            # Never more than was billed.
            ((1, 30), [(1, 30), (1, 30)], 1),
            # A contract that costs nothing.
            ((1, 0), [(1, 0)], 1),
            ((1, 0), [], 0),
        ):
            with self.subTest(billed=billed, refunds=refunds):
                self.assertEqual(taken_back(billed, refunds), taken)

    def test_spans(self):
        year = day("2026-01-01"), day("2026-12-31")
        self.assertTrue(overlaps(year, year))
        self.assertFalse(overlaps(year, (day("2025-01-01"), day("2025-12-31"))))

    def test_a_contract_is_asked_last_and_stops_unpaid(self):
        legal = Certificate(
            1, "legal", day("2025-01-01"), day("2028-01-01"), (Term("parts", 100),)
        )
        key = ("contract", False, 7)
        care = Certificate(
            key,
            "contract",
            day("2026-01-01"),
            day("2026-12-31"),
            (Term("parts", 100), Term("labour", 100)),
            unpaid_since=day("2026-06-01"),
        )
        found = decide(day("2026-05-31"), [care, legal])
        self.assertEqual(found.rules, {"parts": 1, "labour": key})
        found = decide(day("2026-06-01"), [care, legal])
        self.assertEqual(found.rules, {"parts": 1})
        self.assertEqual(found.verdicts[1].status, "unpaid")
        self.assertEqual(decide(day("2027-01-01"), [care]).coverage, "not_covered")
