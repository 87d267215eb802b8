"""Reading what claims rest on: mentions with their chains, and all documents and sources these lead to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.model.entities import (
    Basis,
    Document,
    Locator,
    Mark,
    Mention,
    Passage,
    Reliability,
    Source,
    SourceKind,
    Stance,
)
from service.model.records import Evidence
from service.storage.database import Row
from service.storage.queries.base import Queries, batches, day, from_json, mark, marks, reported

_MENTIONS = (
    "SELECT m.public_id, {claim}, d.public_id, m.stance, m.chain, m.basis, m.passage, m.start_offset, m.end_offset, "
    "m.span_sha256, m.reported, m.note, m.id, m.withdrawn_us, m.withdrawn_by, m.withdrawn_reason, "
    "m.seeded FROM mentions m JOIN claims c ON c.id = m.claim_id LEFT JOIN claims r ON r.id = c.root_id "
    "JOIN documents d ON d.id = m.document_id"
)
# Of the claim that stands for its own now, and of its own.
_MENTION = _MENTIONS.format(claim="COALESCE(r.public_id, c.public_id)")
STATED = _MENTIONS.format(claim="c.public_id")
DOCUMENT_COLUMNS = (
    "d.public_id, d.title, d.url, d.author, d.language, p.public_id, d.publisher_reason, d.sha256, d.length, "
    "d.published_earliest, d.published_latest, d.published_reason, o.public_id"
)
DOCUMENT_JOINS = (
    "documents d LEFT JOIN sources p ON p.id = d.publisher_id LEFT JOIN documents o ON o.id = d.derived_from_id"
)
SOURCE_COLUMNS = "s.public_id, s.name, s.kind, s.country, p.public_id, s.reliability, s.note, m.public_id, s.url"
SOURCE_JOINS = "sources s LEFT JOIN sources p ON p.id = s.part_of_id LEFT JOIN sources m ON m.id = s.merged_into_id"

# UNION, not UNION ALL: it also ends a circle.
_WITH_ORIGINALS = (
    "WITH RECURSIVE line(id) AS (SELECT id FROM documents WHERE public_id IN ({marks}) UNION "
    "SELECT d.derived_from_id FROM documents d JOIN line ON d.id = line.id WHERE d.derived_from_id IS NOT NULL) "
    f"SELECT {DOCUMENT_COLUMNS} FROM {DOCUMENT_JOINS} WHERE d.id IN (SELECT id FROM line)"
)
# Parents, and what was merged either way: these are all that can make two sources one.
_WITH_RELATIVES = (
    "WITH RECURSIVE kin(id) AS (SELECT id FROM sources WHERE public_id IN ({marks}) UNION "
    "SELECT r.id FROM kin JOIN sources k ON k.id = kin.id "
    "JOIN sources r ON r.id = k.part_of_id OR r.id = k.merged_into_id OR r.merged_into_id = k.id) "
    f"SELECT {SOURCE_COLUMNS} FROM {SOURCE_JOINS} WHERE s.id IN (SELECT id FROM kin)"
)
_ALIASES = (
    "SELECT s.public_id, a.name FROM source_aliases a JOIN sources s ON s.id = a.source_id "
    "WHERE s.public_id IN ({marks})"
)


class EvidenceQueries(Queries):
    """Reading what claims rest on."""

    def of_claims(self, claim_keys: Sequence[int]) -> Evidence:
        """The mentions of these claims, with every document and source the kernel can ask for."""
        found: dict[str, list[Mention]] = {}
        for batch in batches(self.members(claim_keys)):
            where = f"m.claim_id IN ({marks(batch)}) AND m.withdrawn_us IS NULL"
            for row in self.database.rows(f"{_MENTION} WHERE {where} ORDER BY m.id", batch):
                mention = mention_of(row)
                found.setdefault(mention.claim, []).append(mention)
        mentions = {claim: tuple(members) for claim, members in found.items()}
        return self._complete(mentions)

    def mentions_page(self, claim_key: int, after: int, limit: int) -> tuple[list[int], Evidence]:
        """A claim's mentions in order of entry, after the key ``after``; their keys and what they refer to."""
        keys = list(self.members([claim_key]))
        where = f"m.claim_id IN ({marks(keys)}) AND m.withdrawn_us IS NULL AND m.id > ?"
        rows = self.database.rows(f"{_MENTION} WHERE {where} ORDER BY m.id LIMIT ?", (*keys, after, limit))
        mentions = tuple(mention_of(row) for row in rows)
        by_claim = {mentions[0].claim: mentions} if mentions else {}
        return [row[12] for row in rows], self._complete(by_claim)

    def stated_mentions(self, public_ids: Sequence[str]) -> dict[str, tuple[Mention, Mark | None]]:
        """Mentions by id, each of the claim it was entered for, and whether it was withdrawn."""
        found: dict[str, tuple[Mention, Mark | None]] = {}
        for batch in batches(public_ids):
            for row in self.database.rows(f"{STATED} WHERE m.public_id IN ({marks(batch)})", batch):
                found[row[0]] = (mention_of(row), mark(*row[13:16]))
        return found

    def mention_evidence(self, mention: Mention) -> Evidence:
        """Everything that a mention refers to."""
        return self._complete({mention.claim: (mention,)})

    def _complete(self, mentions: dict[str, tuple[Mention, ...]]) -> Evidence:
        documents = self._documents({m.document for members in mentions.values() for m in members})
        named = {source for members in mentions.values() for m in members for source in m.attribution}
        publishers = {document.publisher for document in documents.values() if document.publisher is not None}
        return Evidence(mentions, documents, self.sources_with_relatives(named | publishers))

    def _documents(self, public_ids: Iterable[str]) -> dict[str, Document]:
        documents: dict[str, Document] = {}
        for batch in batches(sorted(public_ids)):
            for row in self.database.rows(_WITH_ORIGINALS.format(marks=marks(batch)), batch):
                documents[row[0]] = document(row)
        return documents

    def derivatives(self, public_ids: Sequence[str]) -> list[str]:
        """Documents, and all that is derived from them."""
        sql = (
            "WITH RECURSIVE line(id) AS (SELECT id FROM documents WHERE public_id IN ({0}) UNION "
            "SELECT d.id FROM documents d JOIN line ON d.derived_from_id = line.id) "
            "SELECT public_id FROM documents WHERE id IN (SELECT id FROM line) ORDER BY public_id"
        )
        found: list[str] = []
        for batch in batches(public_ids):
            found += [row[0] for row in self.database.rows(sql.format(marks(batch)), batch)]
        return found

    def copies_from(self, public_ids: Sequence[str]) -> list[str]:
        """Documents derived from what these sources, or what is part of them or merged with them, published."""
        sql = (
            "WITH RECURSIVE below(id) AS (SELECT id FROM sources WHERE public_id IN ({0}) UNION "
            "SELECT r.id FROM below JOIN sources k ON k.id = below.id "
            "JOIN sources r ON r.part_of_id = k.id OR r.merged_into_id = k.id OR r.id = k.merged_into_id), "
            "line(id) AS (SELECT d.id FROM documents d JOIN below ON d.publisher_id = below.id UNION "
            "SELECT d.id FROM documents d JOIN line ON d.derived_from_id = line.id) "
            "SELECT public_id FROM documents WHERE id IN (SELECT id FROM line) AND derived_from_id IS NOT NULL "
            "ORDER BY public_id"
        )
        found: list[str] = []
        for batch in batches(public_ids):
            found += [row[0] for row in self.database.rows(sql.format(marks(batch)), batch)]
        return found

    def sources_with_relatives(self, public_ids: Iterable[str]) -> dict[str, Source]:
        """Sources by id, with all that they are part of or merged with."""
        sources: dict[str, Source] = {}
        for batch in batches(sorted(public_ids)):
            for row in self.database.rows(_WITH_RELATIVES.format(marks=marks(batch)), batch):
                sources[row[0]] = source(row)
        for batch in batches(sorted(sources)):
            names: dict[str, list[str]] = {}
            for public_id, name in self.database.rows(_ALIASES.format(marks=marks(batch)), batch):
                names.setdefault(public_id, []).append(name)
            sources.update({i: replace(sources[i], aliases=tuple(sorted(own))) for i, own in names.items()})
        return sources


def document(row: Row) -> Document:
    """A document from ``DOCUMENT_COLUMNS``."""
    public_id, title, url, author, language, publisher, publisher_reason, sha256, length = row[:9]
    return Document(
        id=public_id,
        title=title,
        url=url,
        author=author,
        language=language,
        publisher=publisher,
        publisher_reason=publisher_reason,
        sha256=sha256,
        length=length,
        published_earliest=day(row[9]),
        published_latest=day(row[10]),
        published_reason=row[11],
        derived_from=row[12],
    )


def source(row: Row, aliases: Iterable[str] = ()) -> Source:
    """A source from ``SOURCE_COLUMNS``."""
    public_id, name, kind, country, part_of, reliability, note, merged_into, url = row[:9]
    return Source(
        id=public_id,
        name=name,
        kind=SourceKind(kind),
        country=country,
        part_of=part_of,
        reliability=None if reliability is None else Reliability(reliability),
        aliases=tuple(aliases),
        note=note,
        merged_into=merged_into,
        url=url,
    )


def mention_of(row: Row) -> Mention:
    """A mention from ``STATED``."""
    public_id, claim, in_document, stance, chain, basis, passage, start, end, sha256, said, note = row[:12]
    return Mention(
        id=public_id,
        claim=claim,
        document=in_document,
        stance=Stance(stance),
        attribution=tuple(chain.split(">")) if chain else (),
        basis=None if basis is None else Basis(basis),
        passage=Passage(passage),
        locator=None if start is None else Locator(start, end, sha256),
        reported=reported(from_json(said)),
        note=note,
    )
