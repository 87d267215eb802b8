"""The results of the corroboration kernel: counts as intervals, with their reasons.

All ids are public ids. A *group* is one named or possible origin; its id is ``source:<id>`` or ``country:<code>`` (a
source, lifted to the policy's independence), ``site:<domain>`` (documents of one site without a known publisher that
name no origin), or ``document:<id>`` (one such document without a site).

Members with a default were added by version 2 of the policy; results of version 1 do not have them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.entities import Basis, Policy, Quantity, Stance, Status, TimeFrame


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
    SAME_PAGE = "same_page"
    SAME_SITE = "same_site"


class NotCounted(StrEnum):
    """The reasons for a mention to add no origin."""

    PARTIAL_SUPPORT = "partial_support"
    PARTIAL_REFUTATION = "partial_refutation"
    UNDATED = "undated"
    PUBLISHED_LATER = "published_later"
    DOCUMENT_NAMES_ORIGIN = "document_names_origin"
    DERIVED_DOCUMENT = "derived_document"
    OPAQUE_ARCHIVE = "opaque_archive"


class ConflictKind(StrEnum):
    """The kinds of conflicts."""

    STANCE = "stance"
    VALUE = "value"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Interval:
    """A count between two bounds, both included. ``named`` counts the origins that are certain."""

    at_least: int
    at_most: int
    named: int | None = None


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The mentions that rest on one origin. ``named`` is false for a possible origin.

    ``attributed_to`` are the last sources of their chains, identifiable or not. ``basis`` is the strongest basis of an
    attribution to the origin; ``None`` without one. ``name`` is that of the origin, a site or a title;
    ``source_names`` and ``document_titles`` are those of ``sources`` and ``documents``, in the same order. ``parties``
    are the origins and, of what is unattributed and no repetition, the publishers, which ``sources`` lacks if there are
    origins; empty if one of them is unknown.
    """

    id: str
    named: bool
    sources: tuple[str, ...]
    attributed_to: tuple[str, ...]
    mentions: tuple[str, ...]
    documents: tuple[str, ...]
    basis: Basis | None = None
    name: str = ""
    source_names: tuple[str, ...] = ()
    document_titles: tuple[str | None, ...] = ()
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """``left`` and ``right`` are one origin, ``group``, by ``rule``; ``reason`` says it in a sentence.

    The sides are sources for ``merged_source``, ``part_of`` and ``country``, documents for ``derivation`` and
    ``same_page``, and mentions otherwise. ``left_name`` and ``right_name`` are the names of sources and the titles of
    documents, for a mention that of its document; ``None`` without one.
    """

    rule: MergeRule
    group: str
    left: str
    right: str
    reason: str
    group_name: str = ""
    left_name: str | None = None
    right_name: str | None = None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A mention that adds no origin, with the reason. ``document_title`` is the title of its ``document``, if any."""

    mention: str
    rule: NotCounted
    reason: str
    document: str = ""
    document_title: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The mentions of one stance: the number of independent origins, the groups, and the merges.

    ``naming_documents`` counts the documents that name a named origin: copies count as their original, and documents of
    one publisher as one.
    """

    stance: Stance
    origins: Interval
    groups: tuple[OriginGroup, ...] = ()
    merges: tuple[Merge, ...] = ()
    naming_documents: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a conflict: its stance and value, and the mentions and origins that hold it.

    ``notes`` are the annotators' notes on these mentions; ``origin_names`` the names of ``origins``, in their order.
    ``documents`` are those of the mentions, with their ``document_titles``.
    """

    stance: Stance
    quantity: Quantity | None
    time_frame: TimeFrame | None
    text: str | None
    mentions: tuple[str, ...]
    origins: tuple[str, ...]
    notes: tuple[str, ...]
    origin_names: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    document_titles: tuple[str | None, ...] = ()


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
