# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date, datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..rules import counter
from ..rules.counter import Reading

NOW = datetime(2026, 3, 1, 12)
SOLD = datetime(2025, 3, 1, 12)

#: value, highest, moment, delivered, why there can't be such a reading
REFUSALS = [
    (0.0, 0, NOW, SOLD, None),
    (99999.0, 99999, NOW, SOLD, None),
    (99999.5, 99999, NOW, SOLD, "overflow"),
    (-0.1, 0, NOW, SOLD, "negative"),
    (float("nan"), 0, NOW, SOLD, "not_a_number"),
    (float("inf"), 99999, NOW, SOLD, "not_a_number"),
    (999999999.0, 0, NOW, SOLD, None),
    (1e9, 0, NOW, SOLD, "too_much"),
    (1e308, 0, NOW, SOLD, "too_much"),
    (5.0, 0, datetime(1, 1, 1), None, "before_delivery"),
    (5.0, 0, datetime(9999, 12, 31, 23, 59), None, "future"),
    (float("-inf"), 0, NOW, SOLD, "not_a_number"),
    (5.0, 0, NOW + timedelta(seconds=1), SOLD, "future"),
    (5.0, 0, SOLD, SOLD, None),
    (5.0, 0, SOLD - timedelta(seconds=1), SOLD, "before_delivery"),
    (5.0, 0, SOLD - timedelta(days=900), None, None),
]

#: day and value of a reading, of those before and after, most in a day, question
QUESTIONS = [
    ((10, 100), None, None, 24, None),
    ((10, 100), (0, 100), None, 24, None),
    ((10, 340), (0, 100), None, 24, None),
    ((10, 341), (0, 100), None, 24, "jump"),
    ((10, 9e8), (0, 100), None, 0, None),
    ((10, 99.9), (0, 100), None, 24, "lower"),
    # The first one, by the time since the delivery on day -100.
    ((0, 2400), None, None, 24, None),
    ((0, 2401), None, None, 24, "jump"),
    ((-100, 24), None, None, 24, None),
    ((-100, 25), None, None, 24, "jump"),
    ((0, 9e8), None, None, 0, None),
    # Two readings of one morning: what a whole day allows, not two hours of it.
    ((0.1, 124), (0, 100), None, 24, None),
    ((0.1, 125), (0, 100), None, 24, "jump"),
    # Entered later, read between two others.
    ((5, 150), (0, 100), (10, 200), 24, None),
    ((5, 200.5), (0, 100), (10, 200), 24, "higher"),
    ((5, 99), (0, 100), (10, 200), 24, "lower"),
    # What comes after began anew.
    ((5, 150), (0, 100), (10, 3, "rolled_over"), 24, None),
    ((5, 150), (0, 100), (10, 3, "replaced"), 24, None),
]

#: readings (value, kind, start), the highest value shown, totals
TOTALS = [
    ([], 0, []),
    ([(120,)], 0, [120]),
    ([(120,), (120,), (180.5,)], 0, [120, 120, 180.5]),
    ([(99990,), (10, "rolled_over")], 99999, [99990, 100010]),
    (
        [(99990,), (10, "rolled_over"), (99999,), (0, "rolled_over")],
        99999,
        [99990, 100010, 199999, 200000],
    ),
    ([(500,), (0, "replaced"), (40,)], 0, [500, 500, 540]),
    ([(500,), (1250, "replaced", 1200), (1300,)], 0, [500, 550, 600]),
    # The first one has nothing before it, whatever is said of it.
    ([(30, "replaced"), (50,)], 0, [30, 50]),
]

#: readings (value, kind, start), the highest value shown, which of them go on
GOING_ON = [
    ([], 0, []),
    ([(120,), (120,), (180,)], 0, [True, True, True]),
    # Said to be right: what is lower after it is not, until it passes it again.
    ([(100,), (1000,), (300,), (310,), (1010,)], 0, [True, True, False, False, True]),
    # The new counter that stood between was a typing error.
    ([(500,), (30,), (60,)], 0, [True, False, False]),
    ([(500,), (10, "replaced"), (30,)], 0, [True, True, True]),
    ([(500,), (10, "replaced", 11), (10,)], 0, [True, False, False]),
    # From the highest value to zero it is a step of one, from zero a whole turn.
    ([(99999,), (0, "rolled_over"), (0, "rolled_over")], 99999, [True, True, True]),
    # A limit that is lower than what was shown.
    ([(99990,), (10, "rolled_over")], 999, [True, False]),
    # The first one has nothing before it, whatever is said of it.
    ([(5, "replaced", 9), (6,)], 0, [True, True]),
]

#: points (day of 2026, total), target, day of 2026 or why not
PREDICTIONS = [
    ([], 100, "few"),
    ([(0, 50)], 100, "few"),
    ([(0, 50), (0, 60)], 100, "few"),
    ([(0, 50), (6, 80)], 100, "close"),
    ([(0, 50), (7, 50)], 100, "unused"),
    ([(0, 50), (10, 60)], 100, 50),
    # Part of a day is rounded down: whoever comes then comes in time.
    ([(0, 50), (10, 57)], 100, 71),
    # Reached before: the first day on which it was.
    ([(0, 50), (10, 120), (20, 150)], 100, 10),
    ([(0, 120)], 100, 0),
    # Reached exactly.
    ([(0, 50), (10, 100)], 100, 10),
    # What was used lately counts, not what was used years ago.
    ([(-800, 0), (-365, 1000), (-100, 1100), (0, 1265)], 1365, 137),
    # Nothing else within the year: an old one is better than none.
    ([(-730, 0), (0, 730)], 830, 100),
    ([(-730, 0), (-3, 720), (0, 730)], 830, 100),
    ([(0, 0), (10, 1)], 730, 7300),
    ([(0, 0), (10, 1)], 731.2, "far"),
    # Across a leap day: 2028 has one.
    ([(730, 0), (780, 50)], 60, 790),
]

#: text, decimal point, separator of thousands, number
NUMBERS = [
    ("1250", ".", ",", 1250.0),
    ("1,250", ".", ",", 1250.0),
    ("1.250", ",", ".", 1250.0),
    ("1.250,5", ",", ".", 1250.5),
    ("1 250,5 km", ",", ".", 1250.5),
    ("12\u00a0345", ",", "\u00a0", 12345.0),
    ("0,5", ",", ".", 0.5),
    ("0.5", ",", ".", 0.5),
    ("0,5", ".", ",", 0.5),
    ("-5", ",", ".", -5.0),
    # As in another language than the page's: the last one is before the decimals.
    ("1.234,5", ".", ",", 1234.5),
    ("1,234.5", ",", ".", 1234.5),
    ("1.234.567,8", ".", ",", 1234567.8),
    ("12.34,5", ".", ",", None),
    ("1,234.5,6", ",", ".", None),
    ("1.2.3", ",", ".", None),
    ("12,34,5", ",", ".", None),
    ("", ",", ".", None),
    ("km", ",", ".", None),
    ("1e9", ",", ".", None),
    ("0x10", ",", ".", None),
    ("nan", ",", ".", None),
    ("inf", ",", ".", None),
    ("٣", ",", ".", None),
    ("12²", ",", ".", None),
]


def moment(days):
    return datetime(2026, 1, 1) + timedelta(days=days)


def reading(spec):
    if spec is None:
        return None
    day, value, *kind = spec
    return Reading(moment(day), value, *kind)


@tagged("post_install", "-at_install")
class TestCounterRules(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(counter)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_refusals(self):
        for value, highest, when, delivered, expected in REFUSALS:
            with self.subTest(value=value, when=when):
                found = counter.refusal(value, highest, when, NOW, delivered)
                self.assertEqual(found, expected)

    def test_questions(self):
        for new, before, after, most, expected in QUESTIONS:
            with self.subTest(new=new, before=before, after=after):
                found = counter.question(
                    reading(new), reading(before), reading(after), most, moment(-100)
                )
                self.assertEqual(found, expected)

    def test_totals(self):
        for specs, highest, expected in TOTALS:
            with self.subTest(specs=specs):
                readings = [reading((i, *spec)) for i, spec in enumerate(specs)]
                self.assertEqual(counter.totals(readings, highest), expected)

    def test_going_on(self):
        for specs, highest, expected in GOING_ON:
            with self.subTest(specs=specs):
                readings = [reading((i, *spec)) for i, spec in enumerate(specs)]
                found = counter.going_on(readings, highest)
                self.assertEqual(found, expected)
                counted = [r for r, goes in zip(readings, found, strict=True) if goes]
                sums = counter.totals(counted, highest)
                self.assertEqual(sums, sorted(sums), "a total never falls")

    def test_predictions(self):
        start = date(2026, 1, 1)
        for points, target, expected in PREDICTIONS:
            with self.subTest(points=points, target=target):
                days = [(start + timedelta(days=day), total) for day, total in points]
                day, why = counter.predict(days, target)
                if isinstance(expected, str):
                    self.assertEqual((day, why), (None, expected))
                else:
                    self.assertEqual(
                        (day, why), (start + timedelta(days=expected), None)
                    )

    def test_numbers(self):
        for text, point, separator, expected in NUMBERS:
            with self.subTest(text=text, point=point):
                found = counter.parse_number(text, point, separator)
                self.assertEqual(found, expected)
