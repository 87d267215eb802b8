"""Suggestions: pairs of records that look like one, and what was decided on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.entities import Mark
from service.model.ids import stated_id

COUNTED_AT_MOST = 20
"""The largest number of claims that are counted to say what one suggestion would change."""


class SuggestionKind(StrEnum):
    """The kinds of suggestions: two sources, documents or claims are one; or a source is a collective."""

    SOURCE = "source"
    DOCUMENT = "document"
    CLAIM = "claim"
    COLLECTIVE = "collective"

    @property
    def record_kind(self) -> str:
        """The kind of its records: ``source``, ``document`` or ``claim``."""
        return "source" if self is SuggestionKind.COLLECTIVE else self.value


class SuggestionState(StrEnum):
    """The states of a suggestion.

    ``outdated``: not decided, and no longer suggested, since its records have changed or were merged meanwhile.
    """

    OPEN = "open"
    MERGED = "merged"
    CHANGED = "changed"
    DECLINED = "declined"
    OUTDATED = "outdated"


class SuggestionDecision(StrEnum):
    """The decisions on a suggestion: the first two on a pair, the others on a source that may be a collective."""

    MERGE = "merge"
    DISTINCT = "distinct"
    COLLECTIVE = "collective"
    IDENTIFIABLE = "identifiable"

    @property
    def state(self) -> SuggestionState:
        """The state of a suggestion that was decided so."""
        return _STATES[self]

    def fits(self, kind: SuggestionKind) -> bool:
        """Return whether a suggestion of this kind can be decided so."""
        return self in decisions_on(kind)


_STATES = {
    SuggestionDecision.MERGE: SuggestionState.MERGED,
    SuggestionDecision.DISTINCT: SuggestionState.DECLINED,
    SuggestionDecision.COLLECTIVE: SuggestionState.CHANGED,
    SuggestionDecision.IDENTIFIABLE: SuggestionState.DECLINED,
}


def decisions_on(kind: SuggestionKind) -> tuple[SuggestionDecision, SuggestionDecision]:
    """Return the two decisions that a suggestion of this kind can have."""
    if kind is SuggestionKind.COLLECTIVE:
        return SuggestionDecision.COLLECTIVE, SuggestionDecision.IDENTIFIABLE
    return SuggestionDecision.MERGE, SuggestionDecision.DISTINCT


class SuggestionSort(StrEnum):
    """The orders of a list of suggestions, each descending."""

    SCORE = "score"
    NEWEST = "newest"


class Reason(StrEnum):
    """The reasons of a suggestion; those that speak against it lower its score."""

    SAME_NAME = "same_name"
    SAME_WORDS = "same_words"
    SPACING = "spacing"
    ABBREVIATION = "abbreviation"
    MAIN_WORDS = "main_words"
    CONSONANTS = "consonants"
    FIRST_NAME = "first_name"
    WORD_MORE = "word_more"
    OTHER_KIND = "other_kind"
    SAME_PAGE = "same_page"
    SAME_TITLE = "same_title"
    OTHER_DATES = "other_dates"
    OTHER_TEXT = "other_text"
    OTHER_LANGUAGE = "other_language"
    SAME_STATEMENT = "same_statement"
    LETTER_CASE = "letter_case"
    ACCENTS_OR_MARKS = "accents_or_marks"
    OTHER_QUANTITY = "other_quantity"
    OTHER_TIME_FRAME = "other_time_frame"
    OTHER_PLACE = "other_place"
    HOST_NAME = "host_name"
    CROWD_WORDS = "crowd_words"


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of a suggestion in percent, 1 to 100, and the reasons for and against it."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The records of a suggestion: two ids in their order; ``other`` is ``None`` for a source that may be a collective.

    ``id`` is made of them, so that a suggestion has the same id in every store.
    """

    kind: SuggestionKind
    one: str
    other: str | None = None

    @classmethod
    def of(cls, kind: SuggestionKind, one: str, other: str) -> Pair:
        """Return the pair of two records in either order."""
        return cls(kind, *sorted((one, other)))

    @property
    def id(self) -> str:
        """The id of the suggestion."""
        return stated_id("sg", self.kind, *self.records)

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of its records."""
        return (self.one,) if self.other is None else (self.one, self.other)


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion as stored. ``found_at`` is the time when it was found first."""

    key: int
    pair: Pair
    likeness: Likeness
    state: SuggestionState
    found_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DecidedSuggestion:
    """The decision on a suggestion, as the log and exports have it.

    ``into`` is the record that the other one was merged into.
    """

    id: str
    suggestion_kind: SuggestionKind
    records: tuple[str, ...]
    decision: SuggestionDecision
    into: str | None
    decided: Mark

    @property
    def pair(self) -> Pair:
        """The records that it is about."""
        return Pair(self.suggestion_kind, *self.records)


@dataclass(frozen=True, slots=True)
class SuggestionFilters:
    """Filters of a list of suggestions; all given ones must match. ``record`` is the id of one of its records."""

    state: SuggestionState = SuggestionState.OPEN
    kind: SuggestionKind | None = None
    record: str | None = None
