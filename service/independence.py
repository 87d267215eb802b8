"""When two sources are one: a partition of sources that only ever grows coarser.

Every rule *unites* two sources and none divides them. That alone makes three promises hold by construction:
merging sources never raises a count, a stricter independence never counts more, and order never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.types import Independence, Source


class _DisjointSets:
    """Union-find over strings; the smallest member of a set represents it, so that order leaves no trace."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        root = item
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(item, item)) != root:
            self._parent[item], item = root, parent
        return root

    def unite(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first


class Units:
    """The independent units that ``sources`` form at a given independence.

    ``source``: a source and what was merged into it. ``organisation``: all that shares a ``part_of`` root.
    ``country``: all organisations whose root has the same country; a root without one stands alone.
    """

    def __init__(self, sources: Mapping[str, Source], independence: Independence) -> None:
        self._sources = sources
        self._identity = _DisjointSets()
        for source in sources.values():
            if source.merged_into is not None:
                self._identity.unite(source.id, source.merged_into)
        self._units = _DisjointSets()
        for source in sources.values():
            if source.merged_into is not None:
                self._units.unite(source.id, source.merged_into)
            if source.part_of is not None and independence is not Independence.SOURCE:
                self._units.unite(source.id, source.part_of)
        self._organisations = self._units
        if independence is Independence.COUNTRY:
            self._organisations = _DisjointSets()
            for source in sources.values():
                for parent in (source.merged_into, source.part_of):
                    if parent is not None:
                        self._organisations.unite(source.id, parent)
            for source in sources.values():
                if source.country is not None and source.part_of is None:
                    self._units.unite(source.id, f"country:{source.country}")
        self._names = self._name_units()

    def _name_units(self) -> dict[str, str]:
        """A unit is called after its topmost source, the smallest id where there are several."""
        names: dict[str, str] = {}
        for source in sorted(self._sources.values(), key=lambda s: (bool(s.part_of or s.merged_into), s.id)):
            names.setdefault(self._units.find(source.id), source.id)
        return names

    def unit(self, source_id: str) -> str:
        """The id of the source that stands for ``source_id``'s unit."""
        return self._names.get(self._units.find(source_id), source_id)

    def same_identity(self, one: str, other: str) -> bool:
        """Whether the two were declared to be one and the same source."""
        return self._identity.find(one) == self._identity.find(other)

    def same_organisation(self, one: str, other: str) -> bool:
        """Whether the two share a ``part_of`` root."""
        return self._organisations.find(one) == self._organisations.find(other)


def origin_of(attribution: Iterable[str], sources: Mapping[str, Source]) -> str | None:
    """The last identifiable source of a chain, or ``None`` when nobody identifiable is named."""
    named = [link for link in attribution if link in sources and sources[link].kind.identifiable]
    return named[-1] if named else None
