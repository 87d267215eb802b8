"""Place the mentions of one stance in origin groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.corroboration.independence import DisjointSets, Units, origin_of
from service.corroboration.version_2.pages import Pages
from service.identity.web_hosts import is_shared_host, registrable_domain, split_address
from service.model.entities import Basis, Document, Mention, Source

NAMING = (Basis.EXPLICIT, Basis.CARRIED_OVER)
"""The bases of an attribution that names an origin. An inferred attribution does not."""

_LABELS = ("country:", "source:", "site:", "document:")


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention in its group.

    ``source`` is its origin or, for a possible origin, the publisher if known; ``attributed`` tells the two apart.
    ``naming`` mentions make their group a named one. ``keys`` are what unites a mention with others of the group: a
    unit of sources, a site, a page. ``derived_from`` is the original that makes the statement too: the mention then
    brings no origin of its own.
    """

    mention: Mention
    group: str
    source: str | None
    keys: frozenset[str]
    attributed: bool = True
    naming: bool = False
    derived_from: str | None = None


@dataclass(frozen=True, slots=True)
class _Possible:
    """An unattributed mention, with the publisher of its document if known, and the keys of its possible origin."""

    mention: Mention
    publisher: str | None
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placement:
    """The placed mentions of a side, and those without a group, in archive copies or copies of these: ``opaque``."""

    placed: list[Placed]
    opaque: list[Mention]


class Placer:
    """Places mentions by the documents, sources and units of a claim."""

    def __init__(
        self, documents: Mapping[str, Document], sources: Mapping[str, Source], units: Units, pages: Pages
    ) -> None:
        self._documents = documents
        self._sources = sources
        self._units = units
        self._pages = pages

    def place(self, mentions: Sequence[Mention]) -> Placement:
        """Assign each mention, all of one stance, to a group; a mention in a derived document to its original's."""
        counted = self._counted(mentions)
        first = self._pages.first(mention.document for mention in mentions if mention.document in counted)
        founding = self._found([mention for mention in mentions if first.get(mention.document) == mention.document])
        attributed = {entry.group for entry in founding if entry.attributed}
        homes = self._homes(founding)
        placed = list(founding)
        opaque: list[Mention] = []
        for mention in mentions:
            original = first.get(mention.document)
            origin = origin_of(mention.attribution, self._sources)
            if original == mention.document:
                continue
            if origin is not None and self._units.group(origin) in attributed:
                placed.append(replace(self._attributed(mention, origin, naming=False), derived_from=original))
            elif original is None:
                opaque.append(mention)
            else:
                home = homes[self._pages.page(original)]
                placed.append(Placed(mention, home.group, None, home.keys, attributed=False, derived_from=original))
        return Placement(sorted(placed, key=lambda entry: entry.mention.id), opaque)

    def _counted(self, mentions: Sequence[Mention]) -> set[str]:
        """Return the documents that count: all but archive copies that do not show what they archive, and their copies.

        Such an archive copy may be one of another document of the side. If there is no other, the document with the
        fewest origins counts.
        """
        by_document: dict[str, list[Mention]] = {}
        for mention in mentions:
            by_document.setdefault(mention.document, []).append(mention)
        first = self._pages.first(by_document)
        counted = {name for name in first if not self._pages.is_opaque(name) and not self._pages.is_opaque(first[name])}
        if not counted and by_document:
            counted.add(min(by_document, key=lambda name: (self._numbers(by_document[name]), name)))
        return counted

    def _numbers(self, mentions: Sequence[Mention]) -> tuple[int, int]:
        """Return how many origins some mentions name, and how many they are attributed to at all."""
        origins = [(origin_of(mention.attribution, self._sources), mention.basis in NAMING) for mention in mentions]
        units = [(self._units.group(origin), naming) for origin, naming in origins if origin is not None]
        return len({group for group, naming in units if naming}), len({group for group, _ in units})

    def _found(self, mentions: Sequence[Mention]) -> list[Placed]:
        """Assign the mentions that found groups: to their origin, or to a possible one."""
        founding: list[Placed] = []
        possible: list[_Possible] = []
        for mention in mentions:
            origin = origin_of(mention.attribution, self._sources)
            if origin is None:
                possible.append(_Possible(mention, *self._possible_keys(mention.document)))
            else:
                naming = mention.basis in NAMING and self._is_identified(origin)
                founding.append(self._attributed(mention, origin, naming=naming))
        return [*founding, *_unattributed(founding, possible)]

    def _is_identified(self, source: str) -> bool:
        """Return whether a source, or the one that it was merged into, is identifiable."""
        line = [source]
        while (into := self._sources[line[-1]].merged_into) is not None and into in self._sources and into not in line:
            line.append(into)
        return self._sources[line[-1]].kind.identifiable

    def _attributed(self, mention: Mention, origin: str, *, naming: bool) -> Placed:
        group = self._units.group(origin)
        return Placed(mention, group, origin, frozenset((group, *self._home(origin))), naming=naming)

    def _possible_keys(self, document: str) -> tuple[str | None, frozenset[str]]:
        """Return the publisher of an unattributed document, and the keys of its possible origin.

        A derived document counts as its first original. The records of a page that were merged bring the keys of all.
        """
        lineage = self._pages.lineage(document)
        first = self._pages.first(lineage)
        counting = [name for name in sorted(lineage) if first[name] == name or len(self._pages.records(name)) > 1]
        publishers: list[str] = []
        keys: set[str] = set()
        for name in counting:
            publisher = self._publisher(name)
            if publisher is None:
                keys.add(f"document:{self._pages.page(name)}")
            else:
                publishers.append(publisher)
                keys.add(self._units.group(publisher))
                keys.update(self._home(publisher))
            keys.update(_site(self._documents[name].url))
        return min(publishers, default=None), frozenset(keys)

    def _publisher(self, document: str) -> str | None:
        """Return the publisher of a document; ``None`` for a collective: "some channels" is not one publisher."""
        publisher = self._documents[document].publisher
        return publisher if publisher is not None and self._sources[publisher].kind.identifiable else None

    def _home(self, source: str) -> Iterator[str]:
        """Yield the site of a source that has one of its own: its address is the root of it."""
        url = self._sources[source].url
        address = split_address(url) if url else None
        if address is not None and address.path in ("", "/") and not address.query:
            yield from _site(url)

    def _homes(self, founding: Sequence[Placed]) -> dict[str, Placed]:
        """Return the mention of each page whose group a derived document joins: a named group if there are several."""
        named = _named(founding)
        homes: dict[str, Placed] = {}
        for entry in sorted(founding, key=lambda entry: (entry.group not in named, not entry.attributed, entry.group)):
            homes.setdefault(self._pages.page(entry.mention.document), entry)
        return homes

    def publication_keys(self, document: str) -> frozenset[str]:
        """Return the keys by which a document counts as one publication: its publishers, or the page itself."""
        _, keys = self._possible_keys(document)
        return frozenset(key for key in keys if not key.startswith("site:"))


def _unattributed(founding: Sequence[Placed], possible: Sequence[_Possible]) -> Iterator[Placed]:
    """Yield the unattributed mentions, in the group of all that share a key: that of an attributed one if there is one.

    Attributed mentions never become one by this.
    """
    sets = DisjointSets()
    labels: dict[str, str] = {}
    for entry in possible:
        for key in entry.keys:
            sets.unite(min(entry.keys), key)
    for key in sorted({key for entry in possible for key in entry.keys}, key=_rank):
        labels.setdefault(sets.find(key), key)
    named = _named(founding)
    homes: dict[str, tuple[bool, str]] = {}
    for attributed in founding:
        home = (attributed.group not in named, attributed.group)
        for key in attributed.keys:
            homes[sets.find(key)] = min(home, homes.get(sets.find(key), home))
    for entry in possible:
        root = sets.find(min(entry.keys))
        group = homes[root][1] if root in homes else labels[root]
        yield Placed(entry.mention, group, entry.publisher, entry.keys, attributed=False)


def _named(founding: Iterable[Placed]) -> set[str]:
    return {entry.group for entry in founding if entry.naming}


def _site(url: str | None) -> Iterator[str]:
    """Yield the site of an address, unless many publish there."""
    domain = registrable_domain(url) if url else None
    if domain is not None and url is not None and not is_shared_host(url):
        yield f"site:{domain}"


def _rank(key: str) -> tuple[int, str]:
    return next(place for place, label in enumerate(_LABELS) if key.startswith(label)), key
