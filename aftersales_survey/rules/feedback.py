# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""What customers wrote, word by word: plain Python, no database."""

from collections import defaultdict
from typing import NamedTuple

from odoo.addons.aftersales_service.rules.search_words import fold, words

#: Words that say nothing, in the languages of the addon, without accents.
STOP_WORDS = frozenset(
    fold(
        """
        a about after all also am an and any are as at be because been but by can
        could did do does for from get got had has have he her here him his how i if
        in into is it its just me more my no not of on or our out she so some than
        that the their them then there they this to too us very was we were what when
        which who will with would you your

        al algo ahora antes aqui asi aun cada como con cuando de del desde donde el
        ella ellos en entre era es esa ese eso esta estaba este esto fue ha habia han
        hasta hay he la las le les lo los mas me mi mis muy nada ni nos o os para
        pero por porque que se ser si sin sobre son su sus tambien te tiene todo
        tras tu tus un una uno unos y ya yo

        aixo aquest aquesta amb ara be cada com d del dels des el els em ens era es
        esta et fins ha han hem hi i l la les li m m'ha meu mes molt n ni no o pel
        pels per pero perque que qui quan s se sense seu seva si sobre son tambe te
        tot un una uns us va van vaig
        """
    ).split()
)


class WordUse(NamedTuple):
    """A word, in how many comments it stands, and the mean score of those."""

    word: str
    count: int
    score: float | None


def has_word(text, wanted):
    """Whether one of the `wanted` words or phrases stands in `text`.

    Whole words count, whatever their case and accents.

    >>> has_word("Voy a hablar con mi ABOGADO.", "abogado, lawyer")
    True
    >>> has_word("Mai més compro aquí", "never again; mai mes")
    True
    >>> has_word("Lawyers are fine", "lawyer")
    False
    >>> has_word("Anything", "") or has_word(None, "x")
    False
    """
    padded = f" {' '.join(words(fold(text or '')))} "
    phrases = (wanted or "").replace(";", ",").replace("\n", ",").split(",")
    folded = (" ".join(words(fold(phrase))) for phrase in phrases)
    return any(phrase and f" {phrase} " in padded for phrase in folded)


def most_used(comments, limit=20, minimum=2):
    """The words that stand in most comments, most used first, as WordUse.

    :param comments: (text, score) pairs; the score of an answer without one is None
    :param minimum: in how many comments a word stands at least

    A word counts once a comment; as it is written most often.

    >>> found = most_used([("Slow, slow box", 0), ("slow!", 10), ("Nice box", None)])
    >>> [tuple(use) for use in found]
    [('slow', 2, 5.0), ('box', 2, 0.0)]
    """
    scores, spellings = defaultdict(list), defaultdict(lambda: defaultdict(int))
    for text, score in comments:
        seen = set()
        for word in words(text):
            key = fold(word)
            if len(key) < 3 or key.isdigit() or key in STOP_WORDS:
                continue
            spellings[key][word] += 1
            if key not in seen:
                seen.add(key)
                scores[key].append(score)
    found = [
        WordUse(max(spellings[key], key=spellings[key].get), len(given), _mean(given))
        for key, given in scores.items()
        if len(given) >= minimum
    ]
    return sorted(found, key=lambda use: -use.count)[:limit]


def _mean(scores):
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None
