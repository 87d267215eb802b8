"""A passage of a text in the form that is compared with claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from service.search.folding import fold
from service.search.matching.amounts import Amount, amounts, format_number, numbers_in
from service.search.matching.dates import Days, dates
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.matching.passages import passages
from service.search.matching.units import unit_of
from service.search.stemming import stem
from service.search.tokenizer import Word, words

# URLs say nothing about the claim; some sites append a shortened one directly to a word.
_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*", re.IGNORECASE)
# Tags of several words: #AustralianFires, @realDonaldTrump.
_TAG = re.compile(r"[#@](\w+)")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SHORTEST, _LONGEST = 3, 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text: its span ``[start, end)`` in code points, its stems, and the amounts and dates that it states.

    ``content_stems`` are the stems without function words, ``ngrams`` the n-grams of its words. ``similarities`` caches
    the results of ``similarity``.
    """

    text: str
    start: int
    end: int
    stems: frozenset[str]
    content_stems: frozenset[str]
    numbers: frozenset[float]
    amounts: tuple[Amount, ...]
    dates: tuple[Days, ...]
    units: frozenset[str]
    ngrams: frozenset[str]
    similarities: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def similarity(self, word: str) -> float:
        """Return the share of the n-grams of ``word`` that the passage has; finds forms, compounds and misspellings."""
        known = self.similarities.get(word)
        if known is None:
            own = ngrams(word)
            known = self.similarities[word] = len(own & self.ngrams) / len(own) if len(word) > _SHORTEST else 0.0
        return known


def read_passages(text: str) -> list[Passage]:
    """Split ``text`` into passages, each with at least one word."""
    plain = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    split = words(plain)
    tags = [(match.start(), term) for match in _TAG.finditer(plain) for term in _terms_of_tag(match[1])]
    spans = passages(plain, split)
    return [_passage(plain, split[first:after], tags, len(spans) == 1) for first, after in spans]


def _passage(text: str, split: Sequence[Word], tags: Sequence[tuple[int, str]], whole: bool) -> Passage:
    start, end = (0, len(text)) if whole else (split[0].start, split[-1].end)
    terms = [word.term for word in split] + [term for place, term in tags if start <= place < end]
    stated = amounts(text, split)
    # "Fifteen thousand" matches 15000.
    stems = frozenset(map(stem, terms)).union(format_number(end) for one in stated for end in (one.low, one.high))
    return Passage(
        text=text,
        start=start,
        end=end,
        stems=stems,
        content_stems=stems - FUNCTION_STEMS,
        numbers=numbers_in(stated, split),
        amounts=tuple(stated),
        dates=tuple(days for days in dates(text, split) if start <= days.start < end),
        units=frozenset(unit_of(term) or stem(term) for term in terms),
        ngrams=frozenset().union(*map(ngrams, terms)),
    )


def _terms_of_tag(tag: str) -> Iterator[str]:
    found = _PART.findall(tag)
    if len(found) > 1:
        yield from (fold(part) for part in found if len(part) > 1)


@lru_cache(maxsize=1 << 15)
def ngrams(word: str) -> frozenset[str]:
    """Return the n-grams of a word with its ends marked."""
    marked = f"^{word}$"
    return frozenset(
        marked[place : place + length]
        for length in range(_SHORTEST, _LONGEST + 1)
        for place in range(len(marked) - length + 1)
    )
