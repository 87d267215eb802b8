"""Map publishers' ratings to our labels, by a table of wordings checked against the numbers, never by similarity.

A whole wording is looked up folded (``text.fold``): in the rows of the publisher's site, then of the review's language,
then without a language, then of all languages if they agree. Several wordings in one ("False / Falso") count if each is
known and all agree. A number alone counts at the ends of a scale with both bounds. Contradictions are unmapped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.rating_table_rows import Row, read_rows
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import fold, shortened
from service.model.verdicts import Rating

SHIPPED = Path(__file__).with_name("ratings.csv")

_JOINED = re.compile(r"\s*[/|()\[\]·•]\s*|\s+[-–—]\s+")
_OPPOSITE = 0.25
"""The distance to an end of the scale within which a number contradicts a wording that means the other end."""

_UNKNOWN = "the wording is not in the table of ratings: it is kept without a label"
_AMBIGUOUS = "the wording means none of our labels with certainty: it is kept without a label"
_NOT_AN_END = "the rating has no wording, and its number is not an end of a known scale: it is kept without a label"


@dataclass(frozen=True, slots=True)
class MappedRating:
    """One of our labels, the basis of the decision, and findings on doubtful parts.

    The ``basis`` is stored and compared between versions of a review: with other words every review would be new.
    """

    rating: Rating
    basis: str
    findings: tuple[Finding, ...] = ()


class RatingTable:
    """Rows by folded wording; those of an earlier list take precedence."""

    def __init__(self, *lists: Iterable[Row]) -> None:
        self.rows = [list(rows) for rows in lists]
        self._found: list[dict[str, list[Row]]] = []
        for rows in self.rows:
            found: dict[str, list[Row]] = {}
            for row in rows:
                found.setdefault(row.folded, []).append(row)
            self._found.append(found)

    def languages(self) -> frozenset[str]:
        """Return the languages with rows."""
        return frozenset(row.language for rows in self.rows for row in rows if row.language)

    def report(self) -> dict[str, Counter[Rating]]:
        """Count the rows of each language by label; rows of sites and without a language are under ``""``."""
        report: dict[str, Counter[Rating]] = {}
        for rows in self.rows:
            for row in rows:
                report.setdefault("" if row.site else row.language or "", Counter())[row.rating] += 1
        return report

    def map_rating(
        self, words: Sequence[str], numbers: Numbers, language: str | None = None, sites: Sequence[str] = ()
    ) -> MappedRating:
        """Map a rating in ``words`` (one, or several that should mean the same) and ``numbers`` to a label.

        ``language`` is the ISO 639 code of the review, ``sites`` are the hosts where it may have been published.
        """
        found = [self._rows_for(word, language, sites) for word in words]
        known = [row for rows in found for row in rows]
        ratings = {row.rating for row in known}
        if len(ratings) > 1:
            return _contradictory(f"{_list(known)} do not agree")
        if known and all(found):
            return _checked_by_number(known, ratings.pop(), numbers, language)
        if words:
            basis = f"table: no row for {shortened(' / '.join(words), 100)!r}"
            return MappedRating(Rating.UNMAPPED, basis, (_unmapped(_UNKNOWN),))
        return _by_number(numbers)

    def _rows_for(self, word: str, language: str | None, sites: Sequence[str]) -> list[Row]:
        """Return the row for a wording, or for each of its parts; empty if one is unknown."""
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


def _checked_by_number(known: list[Row], rating: Rating, numbers: Numbers, language: str | None) -> MappedRating:
    """Return the label of the table, unless the number contradicts it."""
    basis = f"table: {_list(known)}"
    if rating is Rating.UNMAPPED:
        return MappedRating(rating, f"{basis}, left unmapped on purpose", (_unmapped(_AMBIGUOUS),))
    if numbers.position is None:
        return MappedRating(rating, basis)
    low, high = numbers.position <= _OPPOSITE, numbers.position >= 1 - _OPPOSITE
    if (rating is Rating.SUPPORTED and low) or (rating is Rating.REFUTED and high):
        return _contradictory(f"{_list(known)} says {rating}, {numbers.shown} the opposite")
    fits = (rating is Rating.SUPPORTED and high) or (rating is Rating.REFUTED and low)
    return MappedRating(rating, f"{basis}; number: {numbers.shown}, {'agrees' if fits else 'says nothing else'}")


def _by_number(numbers: Numbers) -> MappedRating:
    if numbers.value is None:
        finding = Finding(ReadWarning.MISSING_RATING, "rating", "the rating has neither a wording nor a number")
        return MappedRating(Rating.UNMAPPED, "no rating", (finding,))
    at_an_end = numbers.position in (0, 1) and numbers.bounded
    if at_an_end:
        rating = Rating.SUPPORTED if numbers.position else Rating.REFUTED
        return MappedRating(
            rating, f"number: {numbers.shown}, the {'best' if numbers.position else 'worst'}; no wording"
        )
    basis = f"number: {numbers.shown}; no wording"
    return MappedRating(Rating.UNMAPPED, basis, (_unmapped(_NOT_AN_END),))


def _contradictory(message: str) -> MappedRating:
    return MappedRating(
        Rating.UNMAPPED, f"contradictory: {message}", (Finding(ReadWarning.CONTRADICTORY_RATING, "rating", message),)
    )


def _unmapped(message: str) -> Finding:
    return Finding(ReadWarning.UNMAPPED_RATING, "rating", message)


def _list(rows: Sequence[Row]) -> str:
    return " and ".join(dict.fromkeys(map(str, rows)))


@lru_cache(maxsize=1)
def _shipped() -> RatingTable:
    return RatingTable(read_rows(SHIPPED))


def load_table(path: Path | None = None) -> RatingTable:
    """Return the shipped table, preceded by the rows of the file at ``path`` in the same format.

    Raises ``ConfigError`` naming file, line and column of every error.
    """
    if path is None:
        return _shipped()
    return RatingTable(read_rows(path), *_shipped().rows)
