"""The reasons why the mentions of a group have one origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.corroboration.independence import Units
from service.corroboration.results import Merge, MergeRule
from service.corroboration.version_2.names import Names
from service.corroboration.version_2.pages import Pages
from service.corroboration.version_2.placement import Placed


class MergeReasons:
    """Names the merges of the groups of a side."""

    def __init__(self, units: Units, pages: Pages, names: Names) -> None:
        self._units = units
        self._pages = pages
        self._names = names

    def merges(self, group: str, members: Sequence[Placed]) -> Iterator[Merge]:
        """Yield a merge for each member of a group but the first: with one before it that it shares a key with."""
        first, *waiting = sorted(
            members, key=lambda m: (m.derived_from is not None, not m.naming, not m.attributed, m.mention.id)
        )
        joined = [first]
        while waiting:
            linked = ((other, partner) for other in waiting for partner in joined if other.keys & partner.keys)
            other, partner = next(linked, (waiting[0], first))
            waiting.remove(other)
            joined.append(other)
            yield self._merge(group, partner, other)

    def _merge(self, group: str, first: Placed, other: Placed) -> Merge:
        place, other_place = first.mention.document, other.mention.document
        if other.derived_from is not None:
            reason = f"{self._names.document(other_place)} is derived from {self._names.document(other.derived_from)}"
            return Merge(MergeRule.DERIVATION, group, other.derived_from, other_place, reason)
        both = f"{self._names.document(place)} and {self._names.document(other_place)}"
        if place != other_place and self._pages.page(place) == self._pages.page(other_place):
            return Merge(MergeRule.SAME_PAGE, group, place, other_place, f"{both} are one page")
        if not first.attributed and not other.attributed and place == other_place:
            reason = f"both stand in {self._names.document(place)}, which names no origin for them"
            return Merge(MergeRule.SAME_DOCUMENT, group, first.mention.id, other.mention.id, reason)
        if not first.attributed and not other.attributed:
            original = self._common_original(place, other_place)
            if original is not None:
                reason = f"{both} are derived from {self._names.document(original)}"
                return Merge(MergeRule.DERIVATION, group, place, other_place, reason)
        left, right = first.source, other.source
        if left is not None and right is not None and self._units.group(left) == self._units.group(right):
            return self._merge_of_sources(group, first, other, left, right)
        sites = sorted(key.partition(":")[2] for key in first.keys & other.keys if key.startswith("site:"))
        reason = f"{both} are of the site {sites[0]}" if sites else f"{both} are of one publisher or site"
        return Merge(MergeRule.SAME_SITE, group, first.mention.id, other.mention.id, reason)

    def _merge_of_sources(self, group: str, first: Placed, other: Placed, left: str, right: str) -> Merge:
        name, other_name = self._names.source(left), self._names.source(right)
        if left == right:
            if first.attributed != other.attributed:
                rule, reason = MergeRule.PUBLISHER_IS_ORIGIN, f"{name} publishes one and is the origin of the other"
            elif first.attributed:
                rule, reason = MergeRule.SAME_SOURCE, f"both rest on {name}"
            else:
                rule, reason = MergeRule.SAME_PUBLISHER, f"neither names an origin and both are published by {name}"
            return Merge(rule, group, first.mention.id, other.mention.id, reason)
        both = f"{name} and {other_name}"
        if self._units.same_identity(left, right):
            return Merge(MergeRule.MERGED_SOURCE, group, left, right, f"{both} are one and the same source")
        if self._units.same_organisation(left, right):
            return Merge(MergeRule.PART_OF, group, left, right, f"{both} belong to one organisation")
        return Merge(MergeRule.COUNTRY, group, left, right, f"{both} are of the same country")

    def _common_original(self, left: str, right: str) -> str | None:
        """Return a first original of two documents, if both are derived from it."""
        shared = self._pages.lineage(left) & self._pages.lineage(right)
        return min(set(self._pages.first(shared).values()) - {left, right}, default=None)
