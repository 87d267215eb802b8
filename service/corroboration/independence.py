"""Independence: the partition of sources into units that count as one.

Every rule *unites* two sources, none divides them. Hence, by construction, merging sources never raises a count, a
stricter independence never counts more, and the order of the sources does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.model.entities import Independence, Source


class DisjointSets:
    """Union-find over strings; the smallest member represents a set, so that the order of unions does not matter."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        root = item
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while item != root:
            above = self._parent[item]
            self._parent[item] = root
            item = above
        return root

    def unite(self, one: str, other: str) -> None:
        first, second = self.find(one), self.find(other)
        if first != second:
            self._parent[max(first, second)] = min(first, second)


class Units:
    """The independent units that ``sources`` form at a level of independence.

    ``source``: a source with those merged into it. ``organisation``: all sources with the same ``part_of`` root.
    ``country``: all organisations whose roots have the same country; a root without a country is a unit of its own.
    """

    def __init__(self, sources: Mapping[str, Source], independence: Independence) -> None:
        self._above: dict[str, list[str]] = {}
        self._identity = DisjointSets()
        self._organisations = DisjointSets()
        self._countries = DisjointSets()
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
        # Other units are named after their topmost source, the one with the smallest id if there are several.
        for source in sorted(sources.values(), key=lambda s: (bool(s.part_of or s.merged_into), s.id)):
            self._names.setdefault(self._units.find(source.id), f"source:{source.id}")

    def group(self, source_id: str) -> str:
        """Return the name of a source's unit: ``source:<id of its topmost source>`` or ``country:<code>``."""
        return self._names.get(self._units.find(source_id), f"source:{source_id}")

    def with_wholes(self, source_id: str) -> list[str]:
        """Return a source, those merged with it, and everything that these are part of."""
        found: list[str] = []
        open_ends = [source_id]
        while open_ends:
            name = open_ends.pop()
            if name not in found:
                found.append(name)
                open_ends += self._above.get(name, ())
        return found

    def same_identity(self, one: str, other: str) -> bool:
        """Return whether the two are merged with each other."""
        return self._identity.find(one) == self._identity.find(other)

    def same_organisation(self, one: str, other: str) -> bool:
        """Return whether the two have the same ``part_of`` root."""
        return self._organisations.find(one) == self._organisations.find(other)


class UnitsAmong:
    """The units of the sources of several claims, out of the ``sources`` of all of them.

    Two sources of a claim are united only by sources that this claim rests on, with those that these are merged with or
    part of. A source that only another claim rests on must not unite two of this one's. Without merges this makes no
    difference, and one partition serves all claims.
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
        """Return the units of the sources ``names``, with everything that they are part of or merged with."""
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
    """Return the last identifiable source of a chain, or ``None`` without one."""
    named = [link for link in attribution if link in sources and sources[link].kind.identifiable]
    return named[-1] if named else None
