# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Who pays: what the warranties of a product cover on a day, and which one says so.

Facts go in and a decision comes out; nothing is read from a database and no sentence
is written here, so every case can stand in a table.
"""

from dataclasses import dataclass, field
from datetime import date

from .period import is_covered, last_covered_day

COMPONENTS = ("parts", "labour", "travel", "transport")
ORDER = ("legal", "commercial", "extended", "contract")


@dataclass(frozen=True)
class Term:
    """A component, what share of it is paid, and its last day if it has its own."""

    component: str
    percent: float
    date_end: date | None = None


@dataclass(frozen=True)
class Certificate:
    """A warranty of the product. Whether it has expired is for its dates to say.

    `void_after` is the last day a void warranty was in force: a product that comes
    back for repair keeps the cover of the claim it came back for. Without it the
    warranty never was. What is `excluded_products` or of `excluded_categories` is a
    wear part: the warranty does not pay it. It is valid in `countries`, none meaning
    everywhere. A warranty that waits for its customer may be registered up to
    `register_until`; `maintenance_months` is how often the product is to be maintained.
    A contract covers nothing from `unpaid_since` on, until it is paid. The `key` is
    whatever names it, to be compared with those of its kind.
    """

    key: int | tuple
    kind: str
    date_start: date | None = None
    date_end: date | None = None
    terms: tuple[Term, ...] = ()
    excluded_causes: frozenset[int] = frozenset()
    excluded_products: frozenset[int] = frozenset()
    excluded_categories: frozenset[int] = frozenset()
    countries: frozenset[int] = frozenset()
    requires_proof: bool = False
    register_until: date | None = None
    maintenance_months: int = 0
    is_void: bool = False
    void_after: date | None = None
    unpaid_since: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What one certificate has to say.

    `status` is covers, excluded (by the cause), wear (the product is excluded),
    abroad (not valid where the product is), unplaced (nobody knows where it is),
    unproven (nobody has seen a proof of purchase), unmaintained (nor of maintenance
    since `due`), unpaid (a contract), expired, future, inactive (it has no dates yet),
    unregistered (and can't have any more) or void. The `percents` of a warranty that
    excludes the cause are what it pays for others.
    """

    certificate: Certificate
    status: str
    percents: dict[str, float] = field(default_factory=dict)
    lapsed: dict[str, date] = field(default_factory=dict)
    due: date | None = None


@dataclass(frozen=True)
class Claimed:
    """What is claimed: the product, its category and those above it, or nothing.

    `country` is where it is, `maintained` the days on which it was maintained.
    """

    product: int | None = None
    categories: frozenset[int] = frozenset()
    country: int | None = None
    maintained: tuple[date, ...] = ()
    is_known: bool = True
    has_delivery_date: bool = True
    has_proof: bool = True


ANYTHING = Claimed()


@dataclass(frozen=True)
class Decision:
    """`rules` names, for each component that is paid, the certificate that pays it."""

    coverage: str
    percents: dict[str, float]
    rules: dict[str, int] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    missing: tuple[str, ...] = ()


def rank(kind):
    """Position of a kind in the order in which warranties are asked.

    >>> [rank(kind) for kind in ("legal", "commercial", "extended", "satisfaction")]
    [0, 1, 2, 4]
    """
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def judge(certificate, day, cause=None, claimed=ANYTHING):
    """Return the verdict of one certificate on `day` for a defect with that cause."""
    status = _judge_dates(certificate, day) or _judge_defect(
        certificate, cause, claimed
    )
    if status and status != "excluded":
        return Verdict(certificate, status)
    due = maintenance_due(certificate, day, claimed.maintained)
    if not status and due and day > due:
        return Verdict(certificate, "unmaintained", due=due)
    percents, lapsed = {}, {}
    for term in certificate.terms:
        if term.date_end and day > term.date_end:
            lapsed[term.component] = term.date_end
        elif term.percent > percents.get(term.component, 0.0):
            percents[term.component] = term.percent
    return Verdict(certificate, status or "covers", percents, lapsed)


def _judge_dates(certificate, day):
    """Why `certificate` is not in force on `day`, or None."""
    if _is_void(certificate, day):
        return "void"
    if not certificate.date_start or not certificate.date_end:
        last_day = certificate.register_until
        return "unregistered" if last_day and day > last_day else "inactive"
    if day < certificate.date_start:
        return "future"
    if not is_covered(day, certificate.date_start, certificate.date_end):
        return "expired"
    if certificate.unpaid_since and day >= certificate.unpaid_since:
        return "unpaid"
    return None


def _judge_defect(certificate, cause, claimed):
    """Why a warranty that is in force does not pay what is claimed, or None."""
    if cause is not None and cause in certificate.excluded_causes:
        return "excluded"
    if is_wear_part(certificate, claimed.product, claimed.categories):
        return "wear"
    if certificate.countries and claimed.country not in certificate.countries:
        return "abroad" if claimed.country else "unplaced"
    if certificate.requires_proof and not claimed.has_proof:
        return "unproven"
    return None


def maintenance_due(certificate, day, maintained):
    """Return the last day on which the next maintenance is in time, or None.

    Counted from the last one seen up to `day`, or from when the warranty starts.

    >>> yearly = Certificate(1, "commercial", date(2025, 5, 3), maintenance_months=12)
    >>> maintenance_due(yearly, date(2026, 6, 1), ())
    datetime.date(2026, 5, 3)
    >>> maintenance_due(yearly, date(2026, 6, 1), (date(2026, 4, 30), date(2026, 7, 1)))
    datetime.date(2027, 4, 30)
    """
    if not certificate.maintenance_months:
        return None
    seen = [one for one in maintained if one <= day]
    last = max(seen + [certificate.date_start])
    return last_covered_day(last, certificate.maintenance_months, "month")


def is_wear_part(certificate, product, categories):
    """Tell whether `certificate` excludes a product that is in these categories.

    >>> pads = Certificate(1, "commercial", excluded_categories=frozenset({9}))
    >>> is_wear_part(pads, 5, {3, 9}), is_wear_part(pads, 5, {3})
    (True, False)
    """
    return product in certificate.excluded_products or bool(
        certificate.excluded_categories.intersection(categories)
    )


def percent_of_part(verdicts, product, categories):
    """Share of a part that the best warranty that does not exclude it pays.

    >>> legal = Certificate(1, "legal")
    >>> gold = Certificate(2, "commercial", excluded_products=frozenset({5}))
    >>> verdicts = [
    ...     Verdict(legal, "covers", {"parts": 50}),
    ...     Verdict(gold, "covers", {"parts": 100}),
    ... ]
    >>> percent_of_part(verdicts, 5, ()), percent_of_part(verdicts, 6, ())
    (50, 100)
    """
    return max(
        (
            verdict.percents.get("parts", 0.0)
            for verdict in verdicts
            if not is_wear_part(verdict.certificate, product, categories)
        ),
        default=0.0,
    )


def _is_void(certificate, day):
    last_day = certificate.void_after
    return certificate.is_void and (last_day is None or day > last_day)


def decide(day, certificates, cause=None, claimed=ANYTHING):
    """Decide what is covered on `day`.

    Certificates are asked in order (legal, commercial, extended, contract, others).
    Each component gets the highest share that any of them pays, so that a commercial
    term never shortens the legal one; on a draw the earlier in the order decides.

    What isn't known is not guessed: without a product, a date of delivery, a
    registered warranty, the country or the proof of what it asks for the answer is
    "unknown", and `missing` says what lacks.

    >>> legal = Certificate(
    ...     1, "legal", date(2025, 5, 3), date(2028, 5, 3),
    ...     terms=(Term("parts", 100), Term("labour", 100)),
    ...     excluded_causes=frozenset({7}),
    ... )
    >>> found = decide(date(2028, 5, 3), [legal])
    >>> found.coverage, found.percents["parts"], found.rules
    ('partial', 100, {'parts': 1, 'labour': 1})
    >>> decide(date(2028, 5, 4), [legal]).coverage
    'not_covered'
    >>> decide(date(2028, 5, 3), [legal], cause=7).coverage
    'not_covered'
    >>> decide(date(2028, 5, 3), []).missing
    ('certificate',)
    """
    nothing = dict.fromkeys(COMPONENTS, 0.0)
    if not claimed.is_known:
        return Decision("unknown", nothing, missing=("product",))
    ordered = sorted(certificates, key=lambda c: (rank(c.kind), c.key))
    verdicts = tuple(judge(one, day, cause, claimed) for one in ordered)
    percents, rules = dict(nothing), {}
    for verdict in verdicts:
        if verdict.status != "covers":
            continue
        for component, percent in verdict.percents.items():
            if percent > percents[component]:
                percents[component] = percent
                rules[component] = verdict.certificate.key
    if rules:
        whole = all(percents[component] >= 100 for component in COMPONENTS)
        return Decision("covered" if whole else "partial", percents, rules, verdicts)
    missing = _missing(verdicts, cause, claimed)
    coverage = "unknown" if missing else "not_covered"
    return Decision(coverage, nothing, verdicts=verdicts, missing=missing)


#: What lacks where a warranty says neither yes nor no.
UNSURE = {"unproven": "proof", "unplaced": "country", "unmaintained": "maintenance"}


def _missing(verdicts, cause, claimed):
    """Name the facts without which a "no" would be a guess."""
    if not verdicts:
        return ("certificate",) if claimed.has_delivery_date else ("delivery_date",)
    missing = [
        UNSURE[verdict.status] for verdict in verdicts if verdict.status in UNSURE
    ]
    if any(
        verdict.status == "inactive"
        and _judge_defect(verdict.certificate, cause, claimed)
        not in ("excluded", "wear", "abroad")
        for verdict in verdicts
    ):
        missing.append("activation" if claimed.has_delivery_date else "delivery_date")
    return tuple(dict.fromkeys(missing))
