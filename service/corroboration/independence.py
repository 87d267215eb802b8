"""When two sources are one: a partition of sources that only ever grows coarser.

Every rule *unites* two sources and none divides them. That alone makes three promises hold by construction:
merging sources never raises a count, a stricter independence never counts more, and order never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.model.entities import Independence, Source


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
        self._above: dict[str, list[str]] = {}
        self._identity = _DisjointSets()
        self._organisations = _DisjointSets()
        self._countries = _DisjointSets()
        for source in sources.values():
            if source.merged_into is not None:
                self._above.setdefault(source.id, []).append(source.merged_into)
                self._above.setdefault(source.merged_into, []).append(source.id)
                for sets in (self._identity, self._organisations, self._countries):
                    sets.unite(source.id, source.merged_into)
            if source.part_of is not None:
                self._above.setdefault(source.id, []).append(source.part_of)
                self._organisations.unite(source.id, source.part_of)
                self._countries.unite(source.id, source.part_of)
            elif source.country is not None:
                self._countries.unite(source.id, _country(source.country))
        self._units = {
            Independence.SOURCE: self._identity,
            Independence.ORGANISATION: self._organisations,
            Independence.COUNTRY: self._countries,
        }[independence]
        self._names: dict[str, str] = {}
        if independence is Independence.COUNTRY:
            for country in sorted({source.country for source in sources.values() if source.country}):
                self._names.setdefault(self._units.find(_country(country)), _country(country))
        # Else a unit is called after its topmost source, the smallest id where there are several.
        for source in sorted(sources.values(), key=lambda s: (bool(s.part_of or s.merged_into), s.id)):
            self._names.setdefault(self._units.find(source.id), f"source:{source.id}")

    def group(self, source_id: str) -> str:
        """The name of ``source_id``'s unit: ``source:<id of its topmost source>`` or ``country:<code>``."""
        return self._names.get(self._units.find(source_id), f"source:{source_id}")

    def stands_for(self, source_id: str) -> list[str]:
        """A source, what it was merged with, and everything these are part of."""
        found: list[str] = []
        open_ends = [source_id]
        while open_ends:
            name = open_ends.pop()
            if name not in found:
                found.append(name)
                open_ends += self._above.get(name, ())
        return found

    def same_identity(self, one: str, other: str) -> bool:
        """Whether the two were declared to be one and the same source."""
        return self._identity.find(one) == self._identity.find(other)

    def same_organisation(self, one: str, other: str) -> bool:
        """Whether the two share a ``part_of`` root."""
        return self._organisations.find(one) == self._organisations.find(other)


class UnitsAmong:
    """The units that the sources of one claim after another form, out of the ``sources`` that all of them need.

    Two sources are one when both are merged with, or part of, one that the claim has to do with; what another claim
    rests on makes nothing one for it. Without merges there is no such case, and one partition serves all.
    """

    def __init__(self, sources: Mapping[str, Source], independence: Independence) -> None:
        self._sources = sources
        self._independence = independence
        self._merged: dict[str, list[str]] = {}
        for source in sources.values():
            if source.merged_into is not None:
                self._merged.setdefault(source.merged_into, []).append(source.id)
        self._shared = None if self._merged else Units(sources, independence)

    def of(self, names: Iterable[str]) -> Units:
        """The units of the sources ``names`` with all that they are part of or merged with."""
        if self._shared is not None:
            return self._shared
        kin: dict[str, Source] = {}
        open_ends = list(names)
        while open_ends:
            name = open_ends.pop()
            if name not in kin:
                source = kin[name] = self._sources[name]
                open_ends += [i for i in (source.part_of, source.merged_into) if i is not None]
                open_ends += self._merged.get(name, ())
        return Units(kin, self._independence)


def _country(code: str) -> str:
    return f"country:{code}"


def origin_of(attribution: Iterable[str], sources: Mapping[str, Source]) -> str | None:
    """The last identifiable source of a chain, or ``None`` when nobody identifiable is named."""
    named = [link for link in attribution if link in sources and sources[link].kind.identifiable]
    return named[-1] if named else None
