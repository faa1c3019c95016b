# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..rules import coverage, period, provision, returns
from ..rules.coverage import Certificate, Claimed, Term, decide
from ..rules.period import end_of_periods, last_covered_day

# (start, duration, unit, last covered day)
PERIODS = [
    (date(2025, 5, 3), 3, "year", date(2028, 5, 3)),
    (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
    (date(2024, 2, 29), 3, "year", date(2027, 2, 28)),
    (date(2024, 2, 29), 4, "year", date(2028, 2, 29)),
    (date(2023, 2, 28), 1, "year", date(2024, 2, 28)),
    (date(2025, 1, 31), 1, "month", date(2025, 2, 28)),
    (date(2024, 1, 31), 1, "month", date(2024, 2, 29)),
    (date(2025, 1, 31), 2, "month", date(2025, 3, 31)),
    (date(2025, 1, 31), 3, "month", date(2025, 4, 30)),
    (date(2025, 8, 31), 6, "month", date(2026, 2, 28)),
    (date(2025, 11, 30), 3, "month", date(2026, 2, 28)),
    (date(2025, 12, 31), 36, "month", date(2028, 12, 31)),
    (date(2025, 5, 3), 14, "day", date(2025, 5, 17)),
    (date(2024, 2, 20), 14, "day", date(2024, 3, 5)),
    (date(2025, 12, 31), 1, "day", date(2026, 1, 1)),
    (None, 3, "year", None),
]

# (start, periods one after the other, last covered day)
CHAINS = [
    # Three years and a fourth: the leap day comes back, no short month in between.
    (date(2024, 2, 29), [(3, "year"), (1, "year")], date(2028, 2, 29)),
    (date(2024, 2, 29), [(3, "year"), (12, "month")], date(2028, 2, 29)),
    (date(2024, 2, 29), [(2, "year"), (12, "month")], date(2027, 2, 28)),
    (date(2025, 1, 31), [(1, "month"), (1, "month")], date(2025, 3, 31)),
    (date(2025, 1, 31), [(1, "month"), (10, "day")], date(2025, 3, 10)),
    (date(2025, 5, 3), [(3, "year"), (12, "day"), (5, "day")], date(2028, 5, 20)),
    (date(2024, 2, 20), [(3, "year"), (9, "day")], date(2027, 3, 1)),
    (None, [(3, "year")], None),
]

DAY = date(2026, 6, 1)
START, END = date(2025, 5, 3), date(2028, 5, 3)
WHOLE = tuple(Term(component, 100) for component in coverage.COMPONENTS)
BENCH = (Term("parts", 100), Term("labour", 100))
LEGAL = Certificate(1, "legal", START, END, WHOLE, frozenset({7}))
LEGAL_BENCH = Certificate(1, "legal", START, END, BENCH)
COMMERCIAL_HALF = Certificate(
    2, "commercial", START, date(2030, 5, 3), (Term("parts", 50), Term("travel", 80))
)
EXTENDED = Certificate(3, "extended", date(2028, 5, 4), date(2030, 5, 4), WHOLE)
SHORT_LABOUR = Certificate(
    4, "commercial", START, END, (Term("parts", 100), Term("labour", 100, DAY))
)
VOID = Certificate(5, "legal", START, END, WHOLE, is_void=True)
RETURNED = Certificate(
    7, "legal", START, END, WHOLE, is_void=True, void_after=date(2026, 6, 1)
)
PROVEN = Certificate(8, "legal", START, END, WHOLE, requires_proof=True)
NO_WEAR = Certificate(
    9,
    "commercial",
    START,
    END,
    WHOLE,
    excluded_products=frozenset({50}),
    excluded_categories=frozenset({60}),
)
SPANISH = Certificate(
    10, "commercial", START, END, WHOLE, countries=frozenset({34, 376})
)
YEARLY = Certificate(11, "commercial", START, END, WHOLE, maintenance_months=12)
LATE = Certificate(12, "commercial", terms=WHOLE, register_until=date(2026, 5, 31))
CONTRACT = Certificate(("contract", 1), "contract", START, END, WHOLE)
WAITING = Certificate(6, "commercial", terms=WHOLE, excluded_causes=frozenset({7}))

# name: (day, certificates, cause, coverage, percents, deciding rules, missing)
DECISIONS = {
    "legal covers all": (DAY, [LEGAL], None, "covered", (100,) * 4, {1}, ()),
    "first day": (START, [LEGAL], None, "covered", (100,) * 4, {1}, ()),
    "last day": (END, [LEGAL], None, "covered", (100,) * 4, {1}, ()),
    "day before": (date(2025, 5, 2), [LEGAL], None, "not_covered", (0,) * 4, set(), ()),
    "day after": (date(2028, 5, 4), [LEGAL], None, "not_covered", (0,) * 4, set(), ()),
    "excluded cause": (DAY, [LEGAL], 7, "not_covered", (0,) * 4, set(), ()),
    "other cause": (DAY, [LEGAL], 8, "covered", (100,) * 4, {1}, ()),
    "two components": (DAY, [LEGAL_BENCH], None, "partial", (100, 100, 0, 0), {1}, ()),
    "commercial never shortens the legal one": (
        DAY,
        [COMMERCIAL_HALF, LEGAL_BENCH],
        None,
        "partial",
        (100, 100, 80, 0),
        {1, 2},
        (),
    ),
    "commercial after the legal one": (
        date(2029, 1, 1),
        [COMMERCIAL_HALF, LEGAL],
        None,
        "partial",
        (50, 0, 80, 0),
        {2},
        (),
    ),
    "extended starts when the legal one ended": (
        date(2028, 5, 4),
        [EXTENDED, LEGAL],
        None,
        "covered",
        (100,) * 4,
        {3},
        (),
    ),
    "a component's own end, last day": (
        DAY,
        [SHORT_LABOUR],
        None,
        "partial",
        (100, 100, 0, 0),
        {4},
        (),
    ),
    "a component's own end, day after": (
        date(2026, 6, 2),
        [SHORT_LABOUR],
        None,
        "partial",
        (100, 0, 0, 0),
        {4},
        (),
    ),
    "void": (DAY, [VOID], None, "not_covered", (0,) * 4, set(), ()),
    "returned on the day of the claim": (
        DAY,
        [RETURNED],
        None,
        "covered",
        (100,) * 4,
        {7},
        (),
    ),
    "claimed after the return": (
        date(2026, 6, 2),
        [RETURNED],
        None,
        "not_covered",
        (0,) * 4,
        set(),
        (),
    ),
    "void beside a good one": (
        DAY,
        [VOID, LEGAL],
        None,
        "covered",
        (100,) * 4,
        {1},
        (),
    ),
    "not activated": (
        DAY,
        [WAITING],
        None,
        "unknown",
        (0,) * 4,
        set(),
        ("activation",),
    ),
    "not activated, but excluded anyway": (
        DAY,
        [WAITING],
        7,
        "not_covered",
        (0,) * 4,
        set(),
        (),
    ),
    "not activated beside a good one": (
        DAY,
        [WAITING, LEGAL],
        None,
        "covered",
        (100,) * 4,
        {1},
        (),
    ),
    "nothing registered": (DAY, [], None, "unknown", (0,) * 4, set(), ("certificate",)),
}

# (what is claimed, certificates, coverage, missing)
CONDITIONS = [
    (Claimed(country=34), [SPANISH], "covered", ()),
    (Claimed(country=33), [SPANISH], "not_covered", ()),
    (Claimed(), [SPANISH], "unknown", ("country",)),
    (Claimed(country=33), [SPANISH, LEGAL], "covered", ()),
    # A year from the start has gone by without a maintenance that anybody has seen.
    (Claimed(), [YEARLY], "unknown", ("maintenance",)),
    (Claimed(maintained=(date(2025, 5, 31),)), [YEARLY], "unknown", ("maintenance",)),
    (Claimed(maintained=(date(2025, 6, 1),)), [YEARLY], "covered", ()),
    (Claimed(maintained=(date(2026, 6, 2),)), [YEARLY], "unknown", ("maintenance",)),
    (Claimed(), [YEARLY, LEGAL_BENCH], "partial", ()),
    (
        Claimed(has_proof=False),
        [PROVEN, SPANISH, YEARLY],
        "unknown",
        ("proof", "country", "maintenance"),
    ),
    # Whoever has missed the day to register has no warranty.
    (Claimed(), [LATE], "not_covered", ()),
    (Claimed(), [LATE, WAITING], "unknown", ("activation",)),
]


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    def test_doctests(self):
        for module in (period, coverage, provision, returns):
            with self.subTest(module=module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)

    def test_periods(self):
        for start, duration, unit, expected in PERIODS:
            with self.subTest(start=start, duration=duration, unit=unit):
                self.assertEqual(last_covered_day(start, duration, unit), expected)

    def test_periods_one_after_the_other(self):
        for start, periods, expected in CHAINS:
            with self.subTest(start=start, periods=periods):
                self.assertEqual(end_of_periods(start, periods), expected)

    def test_period_must_last(self):
        for duration in (0, -1):
            with self.subTest(duration=duration), self.assertRaises(ValueError):
                last_covered_day(START, duration, "day")

    def test_decisions(self):
        for name, case in DECISIONS.items():
            day, certificates, cause, expected, percents, rules, missing = case
            with self.subTest(name):
                decision = decide(day, certificates, cause)
                self.assertEqual(decision.coverage, expected)
                self.assertEqual(tuple(decision.percents.values()), percents)
                self.assertEqual(set(decision.rules.values()), rules)
                self.assertEqual(decision.missing, missing)

    def test_order_of_certificates_does_not_matter(self):
        forward = decide(DAY, [LEGAL_BENCH, COMMERCIAL_HALF, SHORT_LABOUR])
        backward = decide(DAY, [SHORT_LABOUR, COMMERCIAL_HALF, LEGAL_BENCH])
        self.assertEqual(forward, backward)
        # On a draw the legal warranty decides.
        self.assertEqual(forward.rules["labour"], LEGAL_BENCH.key)

    def test_missing_facts(self):
        unknown = Claimed(is_known=False)
        self.assertEqual(decide(DAY, [], claimed=unknown).missing, ("product",))
        undated = Claimed(has_delivery_date=False)
        decision = decide(DAY, [WAITING], claimed=undated)
        self.assertEqual(decision.missing, ("delivery_date",))
        # A warranty with dates is known, whatever became of the delivery date.
        dated = decide(DAY, [LEGAL], claimed=undated)
        self.assertEqual(dated.coverage, "covered")

    def test_proof(self):
        unproven = Claimed(has_proof=False)
        for claimed, certificates, expected, missing in (
            (Claimed(), [PROVEN], "covered", ()),
            (unproven, [PROVEN], "unknown", ("proof",)),
            (unproven, [PROVEN, WAITING], "unknown", ("proof", "activation")),
            # Another warranty that asks for none covers all the same.
            (unproven, [PROVEN, COMMERCIAL_HALF], "partial", ()),
        ):
            with self.subTest(certificates=certificates, claimed=claimed):
                decision = decide(DAY, certificates, claimed=claimed)
                self.assertEqual(decision.coverage, expected)
                self.assertEqual(decision.missing, missing)

    def test_conditions(self):
        for claimed, certificates, expected, missing in CONDITIONS:
            with self.subTest(certificates=certificates, claimed=claimed):
                decision = decide(DAY, certificates, claimed=claimed)
                self.assertEqual(decision.coverage, expected)
                self.assertEqual(decision.missing, missing)

    def test_last_day_to_register(self):
        decision = decide(date(2026, 5, 31), [LATE])
        self.assertEqual(decision.missing, ("activation",))

    def test_wear_parts(self):
        for claimed, expected in (
            (Claimed(product=50), "not_covered"),
            (Claimed(product=51), "covered"),
            (Claimed(product=51, categories=frozenset({1, 60})), "not_covered"),
        ):
            with self.subTest(claimed=claimed):
                decision = decide(DAY, [NO_WEAR], claimed=claimed)
                self.assertEqual(decision.coverage, expected)
        # What the commercial warranty excludes the legal one goes on paying.
        decision = decide(DAY, [NO_WEAR, LEGAL], claimed=Claimed(product=50))
        self.assertEqual(set(decision.rules.values()), {LEGAL.key})

    def test_contract_comes_after_the_warranties(self):
        decision = decide(DAY, [CONTRACT, LEGAL_BENCH])
        self.assertEqual(decision.rules["parts"], LEGAL_BENCH.key)
        self.assertEqual(decision.rules["travel"], CONTRACT.key)
