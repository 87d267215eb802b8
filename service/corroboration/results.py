"""The results of the corroboration kernel: counts as intervals, with their reasons.

All ids are public ids. A *group* is one named or possible origin; its id is ``source:<id>`` or ``country:<code>`` (a
source, lifted to the policy's independence), or ``document:<id>`` (a document without a known publisher that names no
origin).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.entities import Policy, Quantity, Stance, Status, TimeFrame


class MergeRule(StrEnum):
    """The rules by which two origin groups count as one."""

    SAME_SOURCE = "same_source"
    MERGED_SOURCE = "merged_source"
    PART_OF = "part_of"
    COUNTRY = "country"
    DERIVATION = "derivation"
    SAME_PUBLISHER = "same_publisher"
    PUBLISHER_IS_ORIGIN = "publisher_is_origin"
    SAME_DOCUMENT = "same_document"


class NotCounted(StrEnum):
    """The reasons for a mention to add no origin."""

    PARTIAL_SUPPORT = "partial_support"
    PARTIAL_REFUTATION = "partial_refutation"
    UNDATED = "undated"
    PUBLISHED_LATER = "published_later"
    DOCUMENT_NAMES_ORIGIN = "document_names_origin"
    DERIVED_DOCUMENT = "derived_document"


class ConflictKind(StrEnum):
    """The kinds of conflicts."""

    STANCE = "stance"
    VALUE = "value"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Interval:
    """A count between two bounds, both included."""

    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The mentions that rest on one origin. ``named`` is false for a possible origin, without an identifiable source.

    ``attributed_to`` are the last sources of their chains, identifiable or not.
    """

    id: str
    named: bool
    sources: tuple[str, ...]
    attributed_to: tuple[str, ...]
    mentions: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """``left`` and ``right`` are one origin, ``group``, by ``rule``; ``reason`` says it in a sentence.

    The sides are sources for ``merged_source``, ``part_of`` and ``country``, documents for ``derivation``,
    and mentions otherwise.
    """

    rule: MergeRule
    group: str
    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A mention that adds no origin, with the reason."""

    mention: str
    rule: NotCounted
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """The mentions of one stance: the number of independent origins, the groups, and the merges."""

    stance: Stance
    origins: Interval
    groups: tuple[OriginGroup, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a conflict: its stance and value, and the mentions and origins that hold it.

    ``notes`` are the annotators' notes on these mentions.
    """

    stance: Stance
    quantity: Quantity | None
    time_frame: TimeFrame | None
    text: str | None
    mentions: tuple[str, ...]
    origins: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more positions that cannot all be true."""

    kind: ConflictKind
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """The corroboration of a claim under ``policy``, as of a date or of everything known.

    ``undated_documents`` counts the documents left out because they have no latest date of publication.
    """

    claim: str
    policy: Policy
    as_of: dt.date | None
    status: Status
    supports: Side
    differs: Side
    refutes: Side
    conflicts: tuple[Conflict, ...]
    uncounted: tuple[Uncounted, ...]
    mentions: int
    documents: int
    undated_documents: int
