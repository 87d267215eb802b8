"""Writing sources, documents, claims, mentions and links. The caller owns the transaction (``Database.write``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.queries.base import Queries, batches, marks, to_json
from service.records import UNSEEN
from service.tables import (
    Attribution,
    Base,
    ClaimTopic,
    SourceAlias,
)
from service.tables import (
    Claim as ClaimTable,
)
from service.tables import (
    ClaimLink as ClaimLinkTable,
)
from service.tables import (
    Document as DocumentTable,
)
from service.tables import (
    Mention as MentionTable,
)
from service.tables import (
    Source as SourceTable,
)
from service.types import Claim, ClaimLink, Document, LinkType, Mention, Source


class WriteQueries(Queries):
    """Writing what people state. What follows from it is written by ``DerivedQueries``."""

    def keys(self, table: type[Base], public_ids: Iterable[str]) -> dict[str, int]:
        """The keys of rows by public id; unknown ids are left out."""
        found: dict[str, int] = {}
        for batch in batches(sorted(set(public_ids))):
            sql = f"SELECT public_id, id FROM {table._meta.table_name} WHERE public_id IN ({marks(batch)})"
            found.update((public_id, key) for public_id, key in self.database.rows(sql, batch))
        return found

    def insert_sources(self, sources: Sequence[Source], now_us: int) -> None:
        """Add sources in any order: their parents may come later in the same call."""
        self.insert(SourceTable, [_source_row(s) | _fresh(s.id, now_us) for s in sources])
        keys = self.keys(SourceTable, {i for s in sources for i in (s.id, s.part_of, s.merged_into) if i})
        for source in sources:
            self._relate_source(source, keys)
            self.insert(SourceAlias, [{"source": keys[source.id], "name": alias} for alias in source.aliases])

    def update_source(self, source: Source, now_us: int) -> None:
        """Replace everything but the id, and count one version on."""
        keys = self.keys(SourceTable, {i for i in (source.id, source.part_of, source.merged_into) if i})
        self._replace(SourceTable, keys[source.id], _source_row(source), now_us)
        self._relate_source(source, keys)
        self.database.run("DELETE FROM source_aliases WHERE source_id = ?", (keys[source.id],))
        self.insert(SourceAlias, [{"source": keys[source.id], "name": alias} for alias in source.aliases])

    def _relate_source(self, source: Source, keys: Mapping[str, int]) -> None:
        parents = [keys[i] if i else None for i in (source.part_of, source.merged_into)]
        sql = "UPDATE sources SET part_of_id = ?, merged_into_id = ? WHERE id = ?"
        self.database.run(sql, (*parents, keys[source.id]))

    def insert_documents(self, documents: Sequence[Document], now_us: int) -> None:
        """Add documents in any order: their originals may come later in the same call."""
        publishers = self.keys(SourceTable, {d.publisher for d in documents if d.publisher})
        self.insert(DocumentTable, [_document_row(d, publishers) | _fresh(d.id, now_us) for d in documents])
        keys = self.keys(DocumentTable, {i for d in documents for i in (d.id, d.derived_from) if i})
        for document in documents:
            self._relate_document(document, keys)

    def update_document(self, document: Document, now_us: int) -> None:
        """Replace everything but the id, and count one version on."""
        publishers = self.keys(SourceTable, [document.publisher] if document.publisher else [])
        keys = self.keys(DocumentTable, {i for i in (document.id, document.derived_from) if i})
        self._replace(DocumentTable, keys[document.id], _document_row(document, publishers), now_us)
        self._relate_document(document, keys)

    def release_documents(self, public_ids: Iterable[str]) -> None:
        """Take from documents what no two may share, so that an update can give it to others."""
        for batch in batches(public_ids):
            self.database.run(
                f"UPDATE documents SET url = NULL, sha256 = NULL WHERE public_id IN ({marks(batch)})", batch
            )

    def _relate_document(self, document: Document, keys: Mapping[str, int]) -> None:
        original = keys[document.derived_from] if document.derived_from else None
        self.database.run("UPDATE documents SET derived_from_id = ? WHERE id = ?", (original, keys[document.id]))

    def insert_claims(self, claims: Sequence[Claim], now_us: int) -> None:
        """Add claims that nothing is known of yet: ``DerivedQueries.save_standings`` must follow in the transaction."""
        blank = dict.fromkeys(_STANDING_COLUMNS, 0) | {"status": "unsupported", "policy": "", "json": UNSEEN}
        self.insert(ClaimTable, [_claim_row(c) | blank | _fresh(c.id, now_us) for c in claims])
        keys = self.keys(ClaimTable, [c.id for c in claims])
        self.insert(ClaimTopic, [row for c in claims for row in _topic_rows(keys[c.id], c)])

    def update_claim(self, claim: Claim) -> None:
        """Replace a claim's own words; version, time and stored shape follow with ``save_standings``."""
        key = self.keys(ClaimTable, [claim.id])[claim.id]
        self.update(ClaimTable, [_claim_row(claim) | {"id": key}])
        self.database.run("DELETE FROM claim_topics WHERE claim_id = ?", (key,))
        self.insert(ClaimTopic, _topic_rows(key, claim))

    def insert_mentions(self, mentions: Sequence[Mention], *, seeded: bool) -> None:
        """Add mentions with their chains."""
        claims = self.keys(ClaimTable, {m.claim for m in mentions})
        documents = self.keys(DocumentTable, {m.document for m in mentions})
        sources = self.keys(SourceTable, {s for m in mentions for s in m.attribution})
        self.insert(
            MentionTable,
            [
                _mention_row(m)
                | {
                    "public_id": m.id,
                    "claim": claims[m.claim],
                    "document": documents[m.document],
                    "seeded": seeded,
                }
                for m in mentions
            ],
        )
        keys = self.keys(MentionTable, [m.id for m in mentions])
        self.insert(Attribution, [row for m in mentions for row in _attribution_rows(keys[m.id], m, sources)])

    def update_mention(self, mention: Mention) -> None:
        """Replace what a mention says; its claim, document, span and chain are what it is, and stay."""
        key = self.keys(MentionTable, [mention.id])[mention.id]
        self.update(MentionTable, [_mention_row(mention) | {"id": key}])

    def delete_mentions(self, public_ids: Iterable[str]) -> None:
        """Remove mentions and their chains."""
        for batch in batches(public_ids):
            self.database.run(f"DELETE FROM mentions WHERE public_id IN ({marks(batch)})", batch)

    def seeded_mentions(self) -> dict[str, str]:
        """The mentions that came from seed files, each with its claim."""
        sql = "SELECT m.public_id, c.public_id FROM mentions m JOIN claims c ON c.id = m.claim_id WHERE m.seeded = ?"
        return dict(self.database.rows(sql, (True,)))

    def seeded_links(self) -> dict[tuple[str, LinkType, str], str | None]:
        """The links that came from seed files: claim, type and other claim, with their notes."""
        rows = self.database.rows(
            "SELECT a.public_id, l.type, b.public_id, l.note FROM claim_links l "
            "JOIN claims a ON a.id = l.claim_id JOIN claims b ON b.id = l.other_id WHERE l.seeded = ?",
            (True,),
        )
        return {(claim, LinkType(kind), other): note for claim, kind, other, note in rows}

    def insert_links(self, links: Sequence[tuple[str, ClaimLink]], *, seeded: bool) -> None:
        """Add links, each with the id of the claim it starts from."""
        keys = self.keys(ClaimTable, {i for claim, link in links for i in (claim, link.claim)})
        rows = [
            {
                "claim": keys[c],
                "other": keys[link.claim],
                "type": link.type,
                "note": link.note,
                "seeded": seeded,
            }
            for c, link in links
        ]
        self.insert(ClaimLinkTable, rows)

    def delete_links(self, links: Iterable[tuple[str, LinkType, str]]) -> None:
        """Remove links."""
        for claim, kind, other in links:
            keys = self.keys(ClaimTable, [claim, other])
            sql = "DELETE FROM claim_links WHERE claim_id = ? AND type = ? AND other_id = ?"
            self.database.run(sql, (keys[claim], kind, keys[other]))

    def _replace(self, table: type[SourceTable | DocumentTable], key: int, row: Mapping[str, Any], now_us: int) -> None:
        self.update(table, [{**row, "updated_us": now_us, "id": key}])
        self.database.run(f"UPDATE {table._meta.table_name} SET version = version + 1 WHERE id = ?", (key,))


_STANDING_COLUMNS = (
    "origins_at_least",
    "origins_at_most",
    "differing_at_least",
    "differing_at_most",
    "refuting_at_least",
    "refuting_at_most",
    "mentions",
    "documents",
)


def _fresh(public_id: str, now_us: int) -> dict[str, Any]:
    return {"public_id": public_id, "version": 1, "created_us": now_us, "updated_us": now_us}


def _source_row(source: Source) -> dict[str, Any]:
    row = {name: getattr(source, name) for name in ("name", "country", "reliability", "note")}
    return {**row, "kind": source.kind}


def _document_row(document: Document, publishers: Mapping[str, int]) -> dict[str, Any]:
    plain = ("title", "url", "author", "language", "publisher_reason", "sha256", "length", "published_reason")
    row = {name: getattr(document, name) for name in plain}
    for name in ("published_earliest", "published_latest"):
        date = getattr(document, name)
        row[name] = None if date is None else date.isoformat()
    return {**row, "publisher": publishers[document.publisher] if document.publisher else None}


def _claim_row(claim: Claim) -> dict[str, Any]:
    row = {name: getattr(claim, name) for name in ("text", "subject", "place", "note")}
    return {**row, "quantity": to_json(claim.quantity), "time_frame": to_json(claim.time_frame)}


def _topic_rows(key: int, claim: Claim) -> list[dict[str, Any]]:
    return [{"claim": key, "topic": topic, "position": place} for place, topic in enumerate(claim.topics)]


def _mention_row(mention: Mention) -> dict[str, Any]:
    locator = mention.locator
    return {
        "stance": mention.stance,
        "chain": ">".join(mention.attribution),
        "basis": mention.basis,
        "passage": mention.passage,
        "start_offset": locator and locator.start,
        "end_offset": locator and locator.end,
        "span_sha256": locator and locator.sha256,
        "reported": to_json(mention.reported),
        "note": mention.note,
    }


def _attribution_rows(key: int, mention: Mention, sources: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"mention": key, "position": place, "source": sources[name]} for place, name in enumerate(mention.attribution)
    ]
