"""Group the mentions of one stance by origin, with the reasons for each merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.corroboration.independence import Units, origin_of
from service.corroboration.results import Interval, Merge, MergeRule, NotCounted, OriginGroup, Side, Uncounted
from service.model.entities import Document, Mention, Source, Stance


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mention in its group. ``source`` is its origin or, for a possible origin, the publisher if known.

    ``derived_from`` is the original that makes the statement too: the mention then brings no source of its own.
    ``copy_of`` is the first original if none of the originals makes the statement: the mention counts as that one's.
    """

    mention: Mention
    group: str
    named: bool
    source: str | None
    derived_from: str | None = None
    copy_of: str | None = None


def group_mentions(
    stance: Stance,
    mentions: Sequence[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    units: Units,
) -> tuple[Side, list[Uncounted]]:
    """Return the groups of ``mentions``, all of one stance and sorted by id, and the mentions that add no origin."""
    placed = _place(mentions, documents, sources, units)
    named = {entry.group for entry in placed if entry.named}
    naming_documents = {entry.mention.document for entry in placed if entry.named}
    groups: dict[str, list[_Placed]] = defaultdict(list)
    uncounted: list[Uncounted] = []
    silent: list[_Placed] = []
    for entry in placed:
        if not entry.named and entry.mention.document in naming_documents:
            silent.append(entry)
        else:
            groups[entry.group].append(entry)
        if entry.derived_from is not None:
            reason = f"{entry.mention.document} is derived from {entry.derived_from}, which states the same"
            uncounted.append(Uncounted(entry.mention.id, NotCounted.DERIVED_DOCUMENT, reason))
    merges = [merge for group in sorted(groups) for merge in _merges(group, groups[group], units)]
    for entry in silent:
        home = next(p for p in placed if p.named and p.mention.document == entry.mention.document)
        groups[home.group].append(entry)
        reason = f"{entry.mention.document} names an origin for this claim elsewhere, so repeating it adds none"
        uncounted.append(Uncounted(entry.mention.id, NotCounted.DOCUMENT_NAMES_ORIGIN, reason))
        merges.append(Merge(MergeRule.SAME_DOCUMENT, home.group, home.mention.id, entry.mention.id, reason))
    return (
        Side(
            stance=stance,
            origins=Interval(at_least=len(named) or min(len(groups), 1), at_most=len(groups)),
            groups=tuple(_group(name, groups[name], name in named) for name in sorted(groups)),
            merges=tuple(merges),
        ),
        uncounted,
    )


def _place(
    mentions: Sequence[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    units: Units,
) -> list[_Placed]:
    """Assign each mention to a group; a mention in a derived document joins that of its original."""
    stating = {mention.document for mention in mentions}
    originals = {document: _original(document, documents, stating) for document in stating}
    founding: list[_Placed] = []
    for mention in mentions:
        if originals[mention.document] is None:
            origin = origin_of(mention.attribution, sources)
            if origin is not None:
                founding.append(_Placed(mention, units.group(origin), True, origin))
            else:
                founding.append(_possible(mention, documents, sources, units))
    named = {entry.group for entry in founding if entry.named}
    placed = list(founding)
    for mention in mentions:
        original = originals[mention.document]
        if original is None:
            continue
        origin = origin_of(mention.attribution, sources)
        if origin is not None and units.group(origin) in named:
            placed.append(_Placed(mention, units.group(origin), True, origin))
        else:
            homes = sorted((not e.named, e.group) for e in founding if e.mention.document == original)
            possible, group = homes[0]
            placed.append(_Placed(mention, group, not possible, None, derived_from=original))
    return sorted(placed, key=lambda entry: entry.mention.id)


def _possible(
    mention: Mention, documents: Mapping[str, Document], sources: Mapping[str, Source], units: Units
) -> _Placed:
    """Assign an unattributed mention to the group of its publisher; a derived document counts as its first original."""
    first = _lineage(mention.document, documents)[-1]
    publisher = documents[first].publisher
    if publisher is not None and not sources[publisher].kind.identifiable:
        publisher = None  # "some channels" is not one publisher
    group = f"document:{first}" if publisher is None else units.group(publisher)
    return _Placed(mention, group, False, publisher, copy_of=None if first == mention.document else first)


def _lineage(document: str, documents: Mapping[str, Document]) -> list[str]:
    """Return a document, the one that it is derived from, and so on to the first known original.

    In a cycle of derivations the document with the smallest id is the first original.
    """
    line = [document]
    while (parent := documents[line[-1]].derived_from) is not None and parent in documents:
        if parent in line:
            first = min(line[line.index(parent) :])
            return line[: line.index(first) + 1]
        line.append(parent)
    return line


def _original(document: str, documents: Mapping[str, Document], stating: set[str]) -> str | None:
    """Return the first of a document's originals that makes the statement too, or ``None``."""
    stating_originals = [parent for parent in _lineage(document, documents)[1:] if parent in stating]
    return stating_originals[-1] if stating_originals else None


def _group(name: str, members: Sequence[_Placed], named: bool) -> OriginGroup:
    return OriginGroup(
        id=name,
        named=named,
        sources=tuple(sorted({m.source for m in members if m.source is not None and m.named == named})),
        attributed_to=tuple(sorted({m.mention.attribution[-1] for m in members if m.mention.attribution})),
        mentions=tuple(sorted(m.mention.id for m in members)),
        documents=tuple(sorted({m.mention.document for m in members})),
    )


def _merges(group: str, members: Sequence[_Placed], units: Units) -> list[Merge]:
    """Return the merges of the other members of a group with its first, each with the rule that applies."""
    first, *others = sorted(members, key=lambda m: (m.derived_from is not None, not m.named, m.mention.id))
    return [_merge(group, first, other, units) for other in others]


def _merge(group: str, first: _Placed, other: _Placed, units: Units) -> Merge:
    if other.derived_from is not None:
        reason = f"{other.mention.document} is derived from {other.derived_from}"
        return Merge(MergeRule.DERIVATION, group, other.derived_from, other.mention.document, reason)
    if (
        other.copy_of is not None
        and other.copy_of == first.copy_of
        and first.mention.document != other.mention.document
    ):
        reason = f"both are derived from {other.copy_of}"
        return Merge(MergeRule.DERIVATION, group, first.mention.document, other.mention.document, reason)
    left, right = first.source, other.source
    if left is None or right is None:
        # Only documents of unknown publishers have no source, and such a group holds one document (or its copies).
        reason = f"both stand in {other.mention.document}, whose publisher is unknown"
        return Merge(MergeRule.SAME_DOCUMENT, group, first.mention.id, other.mention.id, reason)
    if left == right:
        if first.named != other.named:
            rule, reason = (
                MergeRule.PUBLISHER_IS_ORIGIN,
                f"{right} publishes one and is named as origin in the other",
            )
        elif first.named:
            rule, reason = MergeRule.SAME_SOURCE, f"both rest on {left}"
        else:
            rule, reason = (
                MergeRule.SAME_PUBLISHER,
                f"neither names an origin and both are published by {left}",
            )
        return Merge(rule, group, first.mention.id, other.mention.id, reason)
    if units.same_identity(left, right):
        return Merge(MergeRule.MERGED_SOURCE, group, left, right, f"{left} and {right} are one and the same source")
    if units.same_organisation(left, right):
        return Merge(MergeRule.PART_OF, group, left, right, f"{left} and {right} belong to one organisation")
    return Merge(MergeRule.COUNTRY, group, left, right, f"{left} and {right} are of the same country")
