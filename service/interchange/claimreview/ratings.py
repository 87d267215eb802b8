"""Publishers' ratings to our labels: by a table of wordings, checked against the numbers, never by likeness.

A wording is looked up whole, folded (``text.fold``): among the rows of the publisher's site, then
of the review's language, then those of no language, then those of every language when they all agree. Several wordings
in one ("False / Falso") count when each is known and all agree. What only numbers say counts at the ends of a scale
whose both bounds are given. Whatever contradicts itself is unmapped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.interchange.claimreview.finding_codes import Warned
from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.rating_table_rows import Row, read_rows
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import fold, shortened
from service.model.verdicts import Rating

SHIPPED = Path(__file__).with_name("ratings.csv")

_JOINED = re.compile(r"\s*[/|()\[\]·•]\s*|\s+[-–—]\s+")
_OPPOSITE = 0.25
"""So near to an end of the scale, a number contradicts a wording that says the other end."""

_UNKNOWN = "which of our labels the wording means is not in the table of ratings: it is kept as it is, with no label"
_NEITHER = "the wording means none of our labels for certain: it is kept as it is, with no label"
_BETWEEN = "it has no wording, and its number is not the best or worst of a known scale: it is kept, with no label"


@dataclass(frozen=True, slots=True)
class Rated:
    """One of our labels, what it rests on, and what is doubtful about it."""

    rating: Rating
    basis: str
    findings: tuple[Finding, ...] = ()


class RatingTable:
    """Rows by folded wording. Those of an earlier list go before those of a later one."""

    def __init__(self, *lists: Iterable[Row]) -> None:
        self.rows = [list(rows) for rows in lists]
        self._found: list[dict[str, list[Row]]] = []
        for rows in self.rows:
            found: dict[str, list[Row]] = {}
            for row in rows:
                found.setdefault(fold(row.wording), []).append(row)
            self._found.append(found)

    def languages(self) -> frozenset[str]:
        """Of which there are rows."""
        return frozenset(row.language for rows in self.rows for row in rows if row.language)

    def report(self) -> dict[str, Counter[Rating]]:
        """How many rows each language has, by label; sites' and neutral rows under ``""``."""
        report: dict[str, Counter[Rating]] = {}
        for rows in self.rows:
            for row in rows:
                report.setdefault("" if row.site else row.language or "", Counter())[row.rating] += 1
        return report

    def rate(
        self, words: Sequence[str], numbers: Numbers, language: str | None = None, sites: Sequence[str] = ()
    ) -> Rated:
        """What a rating in ``words`` (one, or several that should mean the same) and ``numbers`` comes to.

        ``language`` is the ISO 639 code of the review, ``sites`` the hosts it may have been published on.
        """
        found = [self._worded(word, language, sites) for word in words]
        known = [row for rows in found for row in rows]
        ratings = {row.rating for row in known}
        if len(ratings) > 1:
            return _contradictory(f"{_list(known)} do not agree")
        if known and all(found):
            return _checked(known, ratings.pop(), numbers, language)
        if words:
            basis = f"table: no row for {shortened(' / '.join(words), 100)!r}"
            return Rated(Rating.UNMAPPED, basis, (_unmapped(_UNKNOWN),))
        return _by_number(numbers)

    def _worded(self, word: str, language: str | None, sites: Sequence[str]) -> list[Row]:
        """The row for a wording, or for each of its parts; none when it is not known."""
        whole = self._row(word, language, sites)
        if whole:
            return [whole]
        parts = [part for part in _JOINED.split(word) if fold(part)]
        rows = [self._row(part, language, sites) for part in parts]
        return [row for row in rows if row] if len(parts) > 1 and all(rows) else []

    def _row(self, word: str, language: str | None, sites: Sequence[str]) -> Row | None:
        folded = fold(word)
        for found in self._found:
            rows = found.get(folded)
            if rows is None:
                continue
            for candidates in _by_precedence(rows, language, sites):
                if len({row.rating for row in candidates}) == 1:
                    return candidates[0]
                if candidates:
                    return None
        return None


def _by_precedence(rows: list[Row], language: str | None, sites: Sequence[str]) -> Iterator[list[Row]]:
    own = [row for row in rows if row.site and any(f".{site}".endswith(f".{row.site}") for site in sites)]
    yield [row for row in own if language is None or row.language in (None, language)]
    general = [row for row in rows if row.site is None]
    yield [row for row in general if row.language == language is not None]
    yield [row for row in general if row.language is None]
    yield [row for row in general if row.language is not None]


def _checked(known: list[Row], rating: Rating, numbers: Numbers, language: str | None) -> Rated:
    """What the table says, unless the number says the opposite."""
    basis = f"table: {_list(known)}"
    if rating is Rating.UNMAPPED:
        return Rated(rating, f"{basis}, left unmapped on purpose", (_unmapped(_NEITHER),))
    if numbers.position is None:
        return Rated(rating, basis)
    low, high = numbers.position <= _OPPOSITE, numbers.position >= 1 - _OPPOSITE
    if (rating is Rating.SUPPORTED and low) or (rating is Rating.REFUTED and high):
        return _contradictory(f"{_list(known)} says {rating}, {numbers.shown} the opposite")
    fits = (rating is Rating.SUPPORTED and high) or (rating is Rating.REFUTED and low)
    return Rated(rating, f"{basis}; number: {numbers.shown}, {'agrees' if fits else 'says nothing else'}")


def _by_number(numbers: Numbers) -> Rated:
    if numbers.value is None:
        finding = Finding(Warned.MISSING_RATING, "rating", "neither a wording nor a number says what was found")
        return Rated(Rating.UNMAPPED, "no rating", (finding,))
    at_an_end = numbers.position in (0, 1) and numbers.bounded
    if at_an_end:
        rating = Rating.SUPPORTED if numbers.position else Rating.REFUTED
        return Rated(rating, f"number: {numbers.shown}, the {'best' if numbers.position else 'worst'}; no wording")
    basis = f"number: {numbers.shown}; no wording"
    return Rated(Rating.UNMAPPED, basis, (_unmapped(_BETWEEN),))


def _contradictory(message: str) -> Rated:
    return Rated(
        Rating.UNMAPPED, f"contradictory: {message}", (Finding(Warned.CONTRADICTORY_RATING, "rating", message),)
    )


def _unmapped(message: str) -> Finding:
    return Finding(Warned.UNMAPPED_RATING, "rating", message)


def _list(rows: Sequence[Row]) -> str:
    return " and ".join(dict.fromkeys(map(str, rows)))


@lru_cache(maxsize=1)
def _shipped() -> RatingTable:
    return RatingTable(read_rows(SHIPPED))


def load_table(path: Path | None = None) -> RatingTable:
    """The table that comes with the service, and before it the rows of the file at ``path``, in the same format.

    Raises ``ConfigError`` naming file, line and column of everything that is wrong.
    """
    if path is None:
        return _shipped()
    return RatingTable(read_rows(path), *_shipped().rows)
