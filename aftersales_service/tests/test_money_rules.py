# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest

from odoo.tests import BaseCase, tagged

from ..rules import allocation, claimed_quantity, remedy_state

#: quantity, sources, taken, missing
ALLOCATIONS = [
    (1, [], [], 1),
    (1, [("a", 1)], [("a", 1)], 0),
    (3, [("a", 1), ("b", 5)], [("a", 1), ("b", 2)], 0),
    (3, [("a", 0), ("b", -2), ("c", 2)], [("c", 2)], 1),
    (0.5, [("a", 0.2), ("b", 0.3)], [("a", 0.2), ("b", 0.3)], 0),
    (0, [("a", 1)], [], 0),
]

#: refunded, invoiced, kept, tolerance, credited
CREDITS = [
    # All invoiced: all is credited.
    (2, 10, 8, 0, 2),
    # Nothing invoiced, or not more than is kept: nothing is.
    (2, 0, 8, 0, 0),
    (2, 8, 8, 0, 0),
    # Part of what came back had been invoiced.
    (3, 9, 8, 0, 1),
    # Invoiced too much already: no more than what came back.
    (1, 10, 5, 0, 1),
    # One of a dozen: 0.92 dozen are kept.
    (1, 12, 11.04, 0.12, 1),
    (1, 11.04, 11.04, 0.12, 0),
]

#: state, remedy, quantity, returned, is returned, held
HELD = [
    ("draft", None, 2, 0, False, 2),
    ("decided", "refund", 2, 0, True, 2),
    ("in_progress", "refund", 2, 1, True, 1),
    ("in_progress", "refund", 2, 2, True, 0),
    ("done", "refund", 2, 2, True, 0),
    ("done", "refund", 2, 0, False, 2),
    ("done", "replace", 1, 0, False, 1),
    ("done", "replace", 1, 1, True, 0),
    ("done", "repair", 1, 0, False, 0),
    ("done", "reject", 1, 0, True, 0),
    ("cancelled", "refund", 1, 0, False, 0),
]

#: settled, due, given, received, documents, state
STATES = [
    # Nothing at work: the decision is taken back.
    (True, 1, 0, 0, False, "draft"),
    # The goods are awaited.
    (False, 0, 0, 0, True, "decided"),
    # Here, to be inspected; accepted, to be credited; credited.
    (False, 0, 0, 1, True, "in_progress"),
    (True, 1, 0, 1, True, "in_progress"),
    (True, 1, 1, 1, True, "done"),
    # Credited, but what was refused is still to be sent back.
    (False, 1, 1, 2, True, "in_progress"),
    # All refused and sent back: nothing is due.
    (True, 0, 0, 1, True, "done"),
    # Without a return: a draft, then posted.
    (True, 1, 0, 0, True, "in_progress"),
    (True, 1, 1, 0, True, "done"),
]


@tagged("post_install", "-at_install")
class TestMoneyRules(BaseCase):
    def test_examples_in_the_rules(self):
        for module in (allocation, claimed_quantity, remedy_state):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)

    def test_allocations(self):
        for quantity, sources, taken, missing in ALLOCATIONS:
            with self.subTest(quantity=quantity, sources=sources):
                self.assertEqual(
                    allocation.allocate(quantity, sources), (taken, missing)
                )

    def test_credits(self):
        for *facts, credited in CREDITS:
            with self.subTest(facts=facts):
                self.assertEqual(allocation.credit_quantity(*facts), credited)

    def test_held_quantity(self):
        for *facts, held in HELD:
            with self.subTest(facts=facts):
                self.assertEqual(claimed_quantity.held_quantity(*facts), held)

    def test_states(self):
        for *facts, state in STATES:
            with self.subTest(facts=facts):
                self.assertEqual(remedy_state.followed_state(*facts), state)
