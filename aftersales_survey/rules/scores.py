# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""Standard definitions of the scores: plain Python, no database.

- NPS, Net Promoter Score: F. Reichheld, "The One Number You Need to Grow",
  Harvard Business Review, December 2003. On a scale of 0 to 10, 9 and 10 are
  promoters, 7 and 8 passives, 0 to 6 detractors; the score is the percentage of
  promoters minus the percentage of detractors, from -100 to 100.
- CSAT, customer satisfaction: the percentage of answers in the top two boxes of a
  five-point scale (4 and 5), and their equivalent on another scale.
  (P. Farris et al., "Marketing Metrics", Pearson, 2010.) The interval is Wilson's
  (E. B. Wilson, Journal of the American Statistical Association 22, 1927).
- CES, customer effort: the mean of the plain answers (M. Dixon, K. Freeman and
  N. Toman, "Stop Trying to Delight Your Customers", Harvard Business Review, July
  2010; in its second version, "the company made it easy", from 1 to 7).
"""

from math import sqrt
from typing import NamedTuple

PROMOTER, PASSIVE, DETRACTOR = "promoter", "passive", "detractor"
# What one answer adds to a mean that is the NPS.
NPS_POINTS = {PROMOTER: 100, PASSIVE: 0, DETRACTOR: -100}
# Scales a metric may be asked on, as (lowest, highest).
SCALES = {
    "csat": {(1, 5), (0, 10)},
    "nps": {(0, 10)},
    "ces": {(1, 5), (1, 7), (0, 10)},
}
Z_95 = 1.959964
#: Fewer answers say nothing: no score is shown.
MINIMUM_ANSWERS = 5


class Estimate(NamedTuple):
    """A score from `count` answers and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


def nps_group(score):
    """The group of one answer to the NPS question.

    >>> [nps_group(score) for score in (0, 6, 7, 8, 9, 10)]
    ['detractor', 'detractor', 'passive', 'passive', 'promoter', 'promoter']
    >>> nps_group(11)
    Traceback (most recent call last):
    ...
    ValueError: An NPS answer lies between 0 and 10, not 11
    """
    if not 0 <= score <= 10:
        raise ValueError(f"An NPS answer lies between 0 and 10, not {score}")
    if score >= 9:
        return PROMOTER
    return PASSIVE if score >= 7 else DETRACTOR


def is_satisfied(score, lowest=1, highest=5):
    """Whether an answer counts as satisfied: the top quarter of the scale.

    >>> [score for score in range(1, 6) if is_satisfied(score)]
    [4, 5]
    >>> [score for score in range(11) if is_satisfied(score, 0, 10)]
    [8, 9, 10]
    """
    return 4 * (score - lowest) >= 3 * (highest - lowest)


def on_seven(score, lowest, highest):
    """An answer on the scale from 1 to 7, on which CES is compared.

    >>> on_seven(6, 1, 7), on_seven(3, 1, 5), on_seven(0, 0, 10)
    (6.0, 4.0, 1.0)
    """
    return 1 + 6 * (score - lowest) / (highest - lowest)


def net_promoter_score(promoters, passives, detractors, minimum=1):
    """The NPS of the counted answers with its 95 % interval.

    :return: an Estimate, None with less than `minimum` answers

    The interval is the adjusted Wald interval that adds three answers, spread
    1/4, 1/2, 1/4 (B. Rocks, "Interval Estimation for the Net Promoter Score", The
    American Statistician 70, 2016): unlike the plain one it does not shrink to
    nothing when everybody agrees. It is stretched to hold the score itself.

    >>> net_promoter_score(0, 0, 0) is None
    True
    >>> [round(x) for x in net_promoter_score(50, 30, 20)]
    [30, 14, 44, 100]
    >>> [round(x) for x in net_promoter_score(1, 0, 0)]
    [100, -48, 100, 1]
    >>> net_promoter_score(3, 1, 0, minimum=5) is None
    True
    """
    count = promoters + passives + detractors
    if count < max(minimum, 1):
        return None
    value = 100 * (promoters - detractors) / count
    share_up = (promoters + 0.75) / (count + 3)
    share_down = (detractors + 0.75) / (count + 3)
    middle = share_up - share_down
    margin = Z_95 * sqrt((share_up + share_down - middle**2) / (count + 3))
    return Estimate(
        value,
        max(-100.0, min(value, 100 * (middle - margin))),
        min(100.0, max(value, 100 * (middle + margin))),
        count,
    )


def satisfaction(satisfied, count, minimum=1):
    """The CSAT, percent satisfied, with its 95 % Wilson interval.

    :return: an Estimate, None with less than `minimum` answers

    >>> satisfaction(0, 0) is None
    True
    >>> [round(x) for x in satisfaction(8, 10)]
    [80, 49, 94, 10]
    >>> [round(x) for x in satisfaction(0, 5)]
    [0, 0, 43, 5]
    """
    if count < max(minimum, 1):
        return None
    share = satisfied / count
    square = Z_95**2
    scale = 1 + square / count
    middle = (share + square / (2 * count)) / scale
    margin = Z_95 * sqrt(share * (1 - share) / count + square / (4 * count**2)) / scale
    return Estimate(
        100 * share,
        max(0.0, 100 * (middle - margin)),
        min(100.0, 100 * (middle + margin)),
        count,
    )


def mean_score(scores, minimum=1):
    """The mean of `scores` (the CES) with its 95 % interval.

    :param scores: {score: how many gave it}
    :return: an Estimate, None with less than `minimum` answers

    >>> mean_score({}) is None
    True
    >>> [round(x, 2) for x in mean_score({5: 2, 7: 2})]
    [6.0, 4.87, 7.13, 4]
    """
    count = sum(scores.values())
    if count < max(minimum, 1):
        return None
    mean = sum(score * number for score, number in scores.items()) / count
    spread = sum(number * (score - mean) ** 2 for score, number in scores.items())
    margin = Z_95 * sqrt(spread / (count - 1) / count) if count > 1 else 0
    return Estimate(mean, mean - margin, mean + margin, count)
