"""What the corroboration kernel answers: counts as intervals, and every reason behind them.

All ids are public ids. A *group* is one possible or named origin; its id says what it stands for:
``source:<id>`` or ``country:<code>`` (a source, lifted to the policy's independence), or ``document:<id>`` (a
document whose publisher is unknown and which names no origin).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.entities import Policy, Quantity, Stance, Status, TimeFrame


class MergeRule(StrEnum):
    """Why two became one origin."""

    SAME_SOURCE = "same_source"
    MERGED_SOURCE = "merged_source"
    PART_OF = "part_of"
    COUNTRY = "country"
    DERIVATION = "derivation"
    SAME_PUBLISHER = "same_publisher"
    PUBLISHER_IS_ORIGIN = "publisher_is_origin"
    SAME_DOCUMENT = "same_document"


class NotCounted(StrEnum):
    """Why a mention adds no origin."""

    PARTIAL_SUPPORT = "partial_support"
    UNDATED = "undated"
    PUBLISHED_LATER = "published_later"
    DOCUMENT_NAMES_ORIGIN = "document_names_origin"
    DERIVED_DOCUMENT = "derived_document"


class ConflictKind(StrEnum):
    """What the two sides of a conflict disagree about."""

    STANCE = "stance"
    VALUE = "value"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Interval:
    """A count known to lie between two bounds, both included."""

    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """Mentions that rest on one origin. ``named`` is false for a merely possible one: nobody identifiable is named.

    ``attributed_to`` are the last links of their chains, identifiable or not.
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
    """A mention that adds no origin, and why."""

    mention: str
    rule: NotCounted
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """Everything that takes one stance: how many independent origins, which, and why not more."""

    stance: Stance
    origins: Interval
    groups: tuple[OriginGroup, ...] = ()
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a conflict: what it holds, in ``stance`` terms and as a value, and who holds it.

    ``notes`` are what the annotators remarked on these mentions.
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
    """Two or more positions that cannot all hold."""

    kind: ConflictKind
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What a claim's mentions add up to under ``policy``, as of a date or over everything known.

    ``undated_documents`` were left out because ``as_of`` cannot place them.
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
