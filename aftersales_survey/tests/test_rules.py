# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import doctest

from odoo.tests import TransactionCase, tagged

from ..rules import feedback, sampling, scores, timing

# answers: promoters, passives, detractors -> NPS, bounds of the 95 % interval
NPS_TABLE = [
    ((0, 0, 1), (-100, -100, 48)),
    ((0, 1, 0), (0, -60, 60)),
    ((1, 0, 1), (0, -73, 73)),
    ((10, 0, 0), (100, 48, 100)),
    ((50, 30, 20), (30, 14, 44)),
    ((500, 300, 200), (30, 25, 35)),
]
# satisfied, answers -> percent, bounds
CSAT_TABLE = [
    ((0, 1), (0, 0, 79)),
    ((1, 1), (100, 21, 100)),
    ((8, 10), (80, 49, 94)),
    ((800, 1000), (80, 77, 82)),
]
GROUPS = ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


@tagged("post_install", "-at_install")
class TestSurveyRules(TransactionCase):
    def test_doctests(self):
        for module in (feedback, sampling, scores, timing):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)

    def test_every_nps_answer_has_its_group(self):
        self.assertEqual([scores.nps_group(score) for score in range(11)], GROUPS)

    def test_scores_off_the_scale_are_refused(self):
        for score in (-1, 11):
            with self.subTest(score=score), self.assertRaises(ValueError):
                scores.nps_group(score)

    def test_nps_golden_table(self):
        for counts, expected in NPS_TABLE:
            with self.subTest(counts=counts):
                estimate = scores.net_promoter_score(*counts)
                self.assertEqual(tuple(map(round, estimate[:3])), expected)
                self.assertEqual(estimate.count, sum(counts))

    def test_csat_golden_table(self):
        for counts, expected in CSAT_TABLE:
            with self.subTest(counts=counts):
                estimate = scores.satisfaction(*counts)
                self.assertEqual(tuple(map(round, estimate[:3])), expected)

    def test_points_average_to_the_nps(self):
        points = [scores.NPS_POINTS[group] for group in GROUPS]
        nps = scores.net_promoter_score(2, 2, 7)
        self.assertAlmostEqual(sum(points) / len(points), nps.value)

    def test_sampling_depends_on_the_record_only(self):
        keys = [f"3:aftersales.claim:{number}" for number in range(2000)]
        drawn = [key for key in keys if sampling.is_sampled(key, 25)]
        self.assertEqual(drawn, [key for key in keys if sampling.is_sampled(key, 25)])
        self.assertAlmostEqual(len(drawn) / len(keys), 0.25, delta=0.03)
        self.assertLess(set(drawn), {k for k in keys if sampling.is_sampled(k, 50)})
