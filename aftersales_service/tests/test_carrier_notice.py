# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..rules import carrier_notice

MONDAY = date(2026, 3, 2)
SATURDAY = date(2026, 3, 7)

#: basis, kind, delivered, promised, shipped, last day to tell the carrier
NOTICES = [
    # What is visible is reserved on delivery, by either law.
    ("es", "damage", MONDAY, None, None, MONDAY),
    ("cmr", "damage", MONDAY, None, None, MONDAY),
    # Hidden damage: seven days; between countries Sundays are not counted.
    ("es", "hidden", MONDAY, None, None, date(2026, 3, 9)),
    ("es", "hidden", SATURDAY, None, None, date(2026, 3, 14)),
    ("cmr", "hidden", MONDAY, None, None, date(2026, 3, 10)),
    ("cmr", "hidden", SATURDAY, None, None, date(2026, 3, 16)),
    # Delay: 21 days after the delivery, however late it was.
    ("es", "delay", MONDAY, date(2026, 2, 1), None, date(2026, 3, 23)),
    ("cmr", "delay", MONDAY, None, None, date(2026, 3, 23)),
    # Over the end of a year and of a leap February.
    ("es", "hidden", date(2026, 12, 28), None, None, date(2027, 1, 4)),
    ("es", "delay", date(2028, 2, 10), None, None, date(2028, 3, 2)),
    # Lost: a year from the day on which it counts as lost.
    ("es", "loss", None, MONDAY, date(2026, 2, 20), date(2027, 3, 22)),
    ("es", "loss", None, None, MONDAY, date(2027, 4, 1)),
    ("cmr", "loss", None, MONDAY, None, date(2027, 4, 1)),
    ("cmr", "loss", None, None, MONDAY, date(2027, 5, 1)),
    # A year after the 29th of February.
    ("es", "loss", None, date(2028, 2, 9), None, date(2029, 2, 28)),
    # Nothing is known: no day.
    ("es", "damage", None, MONDAY, MONDAY, None),
    ("cmr", "hidden", None, None, None, None),
    ("es", "delay", None, MONDAY, None, None),
    ("es", "loss", MONDAY, None, None, None),
]

#: countries of the way, law
BASES = [
    (set(), "es"),
    ({"ES"}, "es"),
    ({"ES", "FR"}, "cmr"),
    ({"PT"}, "cmr"),
]


@tagged("post_install", "-at_install")
class TestCarrierNotice(BaseCase):
    def test_examples_in_the_rule(self):
        result = doctest.testmod(carrier_notice)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_last_days(self):
        for *facts, last_day in NOTICES:
            with self.subTest(facts=facts):
                self.assertEqual(carrier_notice.notice_deadline(*facts), last_day)

    def test_law_of_the_way(self):
        for countries, basis in BASES:
            with self.subTest(countries=countries):
                self.assertEqual(carrier_notice.legal_basis(countries), basis)

    def test_every_case_names_its_law(self):
        kinds = (*carrier_notice.NOTICE_DAYS, "loss")
        self.assertEqual(
            set(carrier_notice.SOURCES),
            {(basis, kind) for basis in carrier_notice.LOST_DAYS for kind in kinds},
        )
