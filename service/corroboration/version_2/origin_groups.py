"""Group the mentions of one stance by origin, and count the groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from service.corroboration.independence import DisjointSets, Units
from service.corroboration.results import Interval, Merge, MergeRule, NotCounted, OriginGroup, Side, Uncounted
from service.corroboration.version_2.merge_reasons import MergeReasons
from service.corroboration.version_2.names import Names
from service.corroboration.version_2.pages import Pages
from service.corroboration.version_2.placement import Placed, Placer
from service.model.entities import Basis, Document, Mention, Source, Stance
from service.model.ids import statement_document_id

_STRENGTH = (Basis.EXPLICIT, Basis.CARRIED_OVER, Basis.INFERRED)


def group_mentions(
    stance: Stance,
    mentions: Sequence[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    units: Units,
) -> tuple[Side, list[Uncounted]]:
    """Return the groups of ``mentions``, all of one stance and sorted by id, and the mentions that add no origin."""
    if not mentions:
        return Side(stance, Interval(0, 0, 0), groups=(), merges=(), naming_documents=0), []
    return _Grouper(mentions, documents, sources, units).group(stance)


class _Grouper:
    """Groups the mentions of one side. Only their documents tell what is one page: the sides do not see each other."""

    def __init__(
        self,
        mentions: Sequence[Mention],
        documents: Mapping[str, Document],
        sources: Mapping[str, Source],
        units: Units,
    ) -> None:
        self._mentions = mentions
        self._pages = Pages(documents, (mention.document for mention in mentions))
        self._names = Names(documents, sources)
        self._placer = Placer(documents, sources, units, self._pages)
        self._reasons = MergeReasons(units, self._pages, self._names)

    def group(self, stance: Stance) -> tuple[Side, list[Uncounted]]:
        """Return the side of ``stance``, and the mentions that add no origin."""
        placement = self._placer.place(self._mentions)
        homes = _homes(placement.placed, self._pages)
        groups: dict[str, list[Placed]] = defaultdict(list)
        uncounted = [self._opaque(mention) for mention in placement.opaque]
        repeating: list[Placed] = []
        for entry in placement.placed:
            page = self._pages.page(entry.mention.document)
            if not entry.attributed and entry.derived_from is None and page in homes:
                repeating.append(entry)
            else:
                groups[entry.group].append(entry)
            if entry.derived_from is not None:
                uncounted.append(self._derived(entry.mention, entry.derived_from))
        founding = {name: list(members) for name, members in groups.items()}
        merges = [merge for name in sorted(groups) for merge in self._reasons.merges(name, groups[name])]
        for entry in repeating:
            home = homes[self._pages.page(entry.mention.document)]
            groups[home.group].append(entry)
            reason = f"{self._names.document(entry.mention.document)} names an origin for this claim elsewhere"
            uncounted.append(Uncounted(entry.mention.id, NotCounted.DOCUMENT_NAMES_ORIGIN, reason))
            merges.append(Merge(MergeRule.SAME_DOCUMENT, home.group, home.mention.id, entry.mention.id, reason))
        places = {mention.id: mention.document for mention in self._mentions}
        naming = [entry for entry in placement.placed if entry.naming]
        named = len({entry.group for entry in naming})
        side = Side(
            stance=stance,
            origins=Interval(named or min(len(groups), 1), len(groups), named),
            groups=tuple(self._group(name, groups[name], founding[name]) for name in sorted(groups)),
            merges=tuple(self._names.named(merge, places) for merge in merges),
            naming_documents=self._naming_documents(naming),
        )
        return side, uncounted

    def _opaque(self, mention: Mention) -> Uncounted:
        reason = (
            f"{self._names.document(mention.document)} is an archive copy that does not show its original, or derived "
            "from one: the original may be one of the other documents"
        )
        return Uncounted(mention.id, NotCounted.OPAQUE_ARCHIVE, reason)

    def _derived(self, mention: Mention, original: str) -> Uncounted:
        names = self._names
        reason = f"{names.document(mention.document)} is derived from {names.document(original)}, which states the same"
        return Uncounted(mention.id, NotCounted.DERIVED_DOCUMENT, reason)

    def _naming_documents(self, naming: Sequence[Placed]) -> int:
        """Count the documents of mentions that name an origin: copies, and those of one known publisher, are one.

        A document that only stands for a statement, of which no published one is known, is none.
        """
        places = {m.document for m in (e.mention for e in naming) if m.document != statement_document_id(m.claim)}
        documents = [self._placer.publication_keys(name) for name in places]
        sets = DisjointSets()
        for keys in documents:
            for key in keys:
                sets.unite(min(keys), key)
        return len({sets.find(min(keys)) for keys in documents})

    def _group(self, name: str, members: Sequence[Placed], founding: Sequence[Placed]) -> OriginGroup:
        """Return the group of ``members``; ``founding`` are those that repeat no other of the same page."""
        attributed = any(member.attributed for member in members)
        bases = {member.mention.basis for member in members if member.attributed}
        sources = sorted({m.source for m in members if m.source is not None and m.attributed == attributed})
        documents = sorted({m.mention.document for m in members})
        return OriginGroup(
            id=name,
            named=any(member.naming for member in members),
            sources=tuple(sources),
            attributed_to=tuple(sorted({m.mention.attribution[-1] for m in members if m.mention.attribution})),
            mentions=tuple(sorted(m.mention.id for m in members)),
            documents=tuple(documents),
            basis=next((basis for basis in _STRENGTH if basis in bases), None),
            name=self._names.origin(name),
            source_names=tuple(map(self._names.source, sources)),
            document_titles=tuple(map(self._names.title, documents)),
            parties=_known_parties(founding),
        )


def _homes(placed: Sequence[Placed], pages: Pages) -> dict[str, Placed]:
    """Return the first attributed mention of each page that has one."""
    homes: dict[str, Placed] = {}
    for entry in placed:
        if entry.attributed:
            homes.setdefault(pages.page(entry.mention.document), entry)
    return homes


def _known_parties(members: Sequence[Placed]) -> tuple[str, ...]:
    """Return the sources of members; none if that of one is unknown."""
    found = {member.source for member in members}
    return () if None in found else tuple(sorted(source for source in found if source is not None))
