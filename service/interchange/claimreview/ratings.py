"""Map publishers' ratings to our labels, by a table of wordings checked against the numbers, never by meaning.

A wording is looked up folded (``text.fold``): in the rows of the publisher's site, then of the review's language, then
without a language, then of all languages if they agree. ``rating_readings`` finds labels in one that has no row,
``rating_decisions`` chooses between several, and reads the number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from service.interchange.claimreview.rating_decisions import MappedRating, by_number, by_words, unknown
from service.interchange.claimreview.rating_frames import frames_of
from service.interchange.claimreview.rating_labels import LabelFinder
from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.rating_readings import Reading, WordingReader
from service.interchange.claimreview.rating_spelling import Spellings
from service.interchange.claimreview.rating_table_rows import Row, read_rows
from service.model.verdicts import Rating

SHIPPED = Path(__file__).with_name("ratings.csv")

_EVERYWHERE = "en"
"""The language of labels that publishers use in every language."""

_REMEMBERED = 2048
"""The number of wordings whose labels are kept."""
_LONGEST_REMEMBERED = 100
"""The number of characters of the longest; longer ones are texts, of which each is different."""


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
        self._sites = {row.site for rows in self.rows for row in rows if row.site}
        self._spellings = Spellings({folded for found in self._found for folded in found})
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._read)

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
        own = tuple(site for site in self._sites if any(f".{host}".endswith(f".{site}") for host in sites))
        found = [
            (self._remembered if len(word) <= _LONGEST_REMEMBERED else self._read)(word, language, own)
            for word in words
        ]
        readings = [reading for reading in found if reading]
        if len(readings) < len(words):
            return unknown(words, readings)
        return by_words(readings, numbers) if readings else by_number(numbers)

    def _read(self, word: str, language: str | None, sites: Sequence[str]) -> Reading | None:
        """Read a wording; ``sites`` are those of the table on which it was published."""
        finder = LabelFinder(
            lambda folded: self._row(folded, language, sites),
            lambda folded: self._misspelt(folded, language, sites),
            frames_of(language),
        )
        return WordingReader(finder).read(word)

    def _row(self, folded: str, language: str | None, sites: Sequence[str]) -> Row | None:
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

    def _misspelt(self, folded: str, language: str | None, sites: Sequence[str]) -> Row | None:
        """Return the row that a wording is near to, if all that are near have the same label."""
        if any(folded in found for found in self._found):
            return None
        languages = (None, language, _EVERYWHERE)
        near = [
            self._row(other, language, sites)
            for other in sorted(self._spellings.near(folded))
            if language is None
            or any(row.language in languages for found in self._found for row in found.get(other, ()))
        ]
        labels = {row.rating if row else Rating.UNMAPPED for row in near}
        return near[0] if len(labels) == 1 and Rating.UNMAPPED not in labels else None


def _by_precedence(rows: list[Row], language: str | None, sites: Sequence[str]) -> Iterator[list[Row]]:
    own = [row for row in rows if row.site in sites]
    yield [row for row in own if language is None or row.language in (None, language)]
    general = [row for row in rows if row.site is None]
    yield [row for row in general if row.language == language is not None]
    yield [row for row in general if row.language is None]
    yield [row for row in general if row.language is not None]


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
