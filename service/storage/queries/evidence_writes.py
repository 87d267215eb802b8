"""Write sources, documents, claims, mentions and links, in a transaction of the caller's (``Database.write``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import peewee as pw

from service.identity.near_statements import near_statement_key, title_key
from service.identity.parties import house_of
from service.identity.statements import statement_key
from service.identity.web_addresses import document_key
from service.model.entities import Claim, ClaimLink, Document, Mark, Mention, Source
from service.model.ids import new_id
from service.model.records import NOT_PROJECTED
from service.model.site_names import site_of
from service.model.timestamps import to_us
from service.storage.prepared import PreparedWrite, param, params, prepared_write
from service.storage.queries.base import batches, to_json
from service.storage.queries.source_names import SourceNameWrites
from service.storage.tables import Base, ClaimTopic, SourceAlias
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimLink as ClaimLinkTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable
from service.storage.tables import Source as SourceTable


def _withdraw(table: type[MentionTable | ClaimLinkTable]) -> PreparedWrite:
    return prepared_write(
        table.update(
            {
                table.withdrawn_us: param("withdrawn_us"),
                table.withdrawn_by: param("withdrawn_by"),
                table.withdrawn_reason: param("withdrawn_reason"),
            }
        ).where(table.public_id == param("public_id"))
    )


_RELATE_SOURCE = prepared_write(
    SourceTable.update({SourceTable.part_of: param("part_of"), SourceTable.merged_into: param("merged_into")}).where(
        SourceTable.id == param("id")
    )
)
_REMOVE_ALIASES = prepared_write(pw.ModelDelete(SourceAlias).where(SourceAlias.source == param("source")))
_RELATE_DOCUMENT = prepared_write(
    DocumentTable.update(
        {DocumentTable.derived_from: param("original"), DocumentTable.merged_into: param("merged_into")}
    ).where(DocumentTable.id == param("id"))
)
_RELEASE_DOCUMENTS = prepared_write(
    DocumentTable.update({DocumentTable.sha256: None}).where(DocumentTable.public_id.in_(params("documents")))
)
_REMOVE_TOPICS = prepared_write(pw.ModelDelete(ClaimTopic).where(ClaimTopic.claim == param("claim")))
_WITHDRAW_MENTION = _withdraw(MentionTable)
_WITHDRAW_LINK = _withdraw(ClaimLinkTable)
_SET_QUOTE = prepared_write(
    MentionTable.update({MentionTable.quote: param("quote")}).where(MentionTable.public_id == param("public_id"))
)
_SET_LINK_NOTE = prepared_write(
    ClaimLinkTable.update({ClaimLinkTable.note: param("note")}).where(ClaimLinkTable.public_id == param("public_id"))
)


class EvidenceWrites(SourceNameWrites):
    """Writing what people state. ``ProjectionQueries`` writes what follows from it."""

    def keys(self, table: type[Base], public_ids: Iterable[str]) -> dict[str, int]:
        """Return the keys of rows by public id. Unknown ids are left out."""
        return self.public_keys(table._meta.table_name, public_ids)

    def insert_sources(self, sources: Sequence[Source], now_us: int) -> None:
        """Add sources in any order: parents may come later in the same call."""
        self.insert(SourceTable, [_source_row(s) | _fresh(s.id, now_us) for s in sources])
        keys = self.keys(SourceTable, {i for s in sources for i in (s.id, s.part_of, s.merged_into) if i})
        for source in sources:
            if source.part_of or source.merged_into:
                self._relate_source(source, keys)
        self.insert(SourceAlias, [{"source": keys[s.id], "name": alias} for s in sources for alias in s.aliases])
        self.insert_names(sources, keys)

    def update_source(self, source: Source, version: int, now_us: int) -> bool:
        """Replace everything but the id, as the next version. Return false if the row is no longer at ``version``."""
        keys = self.keys(SourceTable, {i for i in (source.id, source.part_of, source.merged_into) if i})
        if not self._replace(SourceTable, keys[source.id], _source_row(source), version, now_us):
            return False
        self._relate_source(source, keys)
        self.database.execute(_REMOVE_ALIASES, source=keys[source.id])
        self.insert(SourceAlias, [{"source": keys[source.id], "name": alias} for alias in source.aliases])
        self.replace_names(source, keys[source.id])
        return True

    def _relate_source(self, source: Source, keys: Mapping[str, int]) -> None:
        part_of, merged_into = (keys[i] if i else None for i in (source.part_of, source.merged_into))
        self.database.execute(_RELATE_SOURCE, part_of=part_of, merged_into=merged_into, id=keys[source.id])

    def insert_documents(self, documents: Sequence[Document], now_us: int) -> None:
        """Add documents in any order: originals may come later in the same call."""
        publishers = self.keys(SourceTable, {d.publisher for d in documents if d.publisher})
        self.insert(DocumentTable, [_document_row(d, publishers) | _fresh(d.id, now_us) for d in documents])
        keys = self.keys(DocumentTable, {i for d in documents for i in (d.id, d.derived_from, d.merged_into) if i})
        for document in documents:
            if document.derived_from or document.merged_into:
                self._relate_document(document, keys)

    def update_document(self, document: Document, version: int, now_us: int) -> bool:
        """Replace everything but the id, as the next version. Return false if the row is no longer at ``version``."""
        publishers = self.keys(SourceTable, [document.publisher] if document.publisher else [])
        keys = self.keys(DocumentTable, {i for i in (document.id, document.derived_from, document.merged_into) if i})
        if not self._replace(DocumentTable, keys[document.id], _document_row(document, publishers), version, now_us):
            return False
        self._relate_document(document, keys)
        return True

    def release_documents(self, public_ids: Iterable[str]) -> None:
        """Clear the unique column of documents, so that an update can give its values to other documents."""
        for batch in batches(public_ids):
            self.database.execute(_RELEASE_DOCUMENTS, documents=batch)

    def _relate_document(self, document: Document, keys: Mapping[str, int]) -> None:
        original, merged_into = (keys[i] if i else None for i in (document.derived_from, document.merged_into))
        self.database.execute(_RELATE_DOCUMENT, original=original, merged_into=merged_into, id=keys[document.id])

    def insert_claims(self, claims: Sequence[Claim], now_us: int) -> None:
        """Add claims without their projections: ``save_projections`` must follow in the same transaction."""
        blank = dict.fromkeys(_PROJECTION_COLUMNS, 0) | {"status": "unsupported", "policy": "", "json": NOT_PROJECTED}
        self.insert(ClaimTable, [_claim_row(c) | blank | _fresh(c.id, now_us) for c in claims])
        keys = self.keys(ClaimTable, [c.id for c in claims])
        self.insert(ClaimTopic, [row for c in claims for row in _topic_rows(keys[c.id], c)])

    def update_claim(self, claim: Claim, version: int) -> bool:
        """Replace the text of a claim. Return false if it is no longer at ``version``.

        ``save_projections`` must follow: it writes the next version, the time and the stored JSON.
        """
        key = self.keys(ClaimTable, [claim.id])[claim.id]
        if not self.update_if(ClaimTable, _claim_row(claim), key, version):
            return False
        self.database.execute(_REMOVE_TOPICS, claim=key)
        self.insert(ClaimTopic, _topic_rows(key, claim))
        return True

    def insert_mentions(
        self, mentions: Sequence[Mention], *, seeded: bool, withdrawn: Mapping[str, Mark] = MappingProxyType({})
    ) -> None:
        """Add mentions. ``withdrawn`` has the marks of withdrawn ones by id."""
        claims = self.keys(ClaimTable, {m.claim for m in mentions})
        documents = self.keys(DocumentTable, {m.document for m in mentions})
        self.insert(
            MentionTable,
            [
                _mention_row(m)
                | {
                    "public_id": m.id,
                    "claim": claims[m.claim],
                    "document": documents[m.document],
                    "seeded": seeded,
                    "quote": m.quote,
                }
                | _withdrawal(withdrawn.get(m.id))
                for m in mentions
            ],
        )

    def update_mention(self, mention: Mention) -> None:
        """Replace the content of a mention. Its claim, document, span and chain cannot change; its quote stays."""
        key = self.keys(MentionTable, [mention.id])[mention.id]
        self.update(MentionTable, [_mention_row(mention) | {"id": key}])

    def set_quote(self, public_id: str, quote: str | None) -> None:
        """Store the quote of a mention, or remove it with ``None``."""
        self.database.execute(_SET_QUOTE, public_id=public_id, quote=quote)

    def withdraw_mention(self, public_id: str, mark: Mark | None) -> None:
        """Mark a mention as withdrawn, or clear the mark with ``None``."""
        self.database.execute(_WITHDRAW_MENTION, public_id=public_id, **_withdrawal(mark))

    def withdraw_link(self, public_id: str, mark: Mark | None) -> None:
        """Mark a link as withdrawn, or clear the mark with ``None``."""
        self.database.execute(_WITHDRAW_LINK, public_id=public_id, **_withdrawal(mark))

    def insert_links(
        self,
        links: Sequence[tuple[str, ClaimLink]],
        *,
        seeded: bool,
        withdrawn: Mapping[str, Mark] = MappingProxyType({}),
    ) -> None:
        """Add links, each with the id of the claim that states it. ``withdrawn`` has marks of withdrawn ones by id."""
        keys = self.keys(ClaimTable, {i for claim, link in links for i in (claim, link.claim)})
        rows = [
            {
                "public_id": link.id or new_id("l"),
                "claim": keys[c],
                "other": keys[link.claim],
                "type": link.type,
                "note": link.note,
                "seeded": seeded,
            }
            | _withdrawal(withdrawn.get(link.id or ""))
            for c, link in links
        ]
        self.insert(ClaimLinkTable, rows)

    def update_link(self, public_id: str, note: str | None) -> None:
        """Replace the note of a link. Its claims and its type cannot change."""
        self.database.execute(_SET_LINK_NOTE, note=note, public_id=public_id)

    def _replace(
        self, table: type[SourceTable | DocumentTable], key: int, row: Mapping[str, Any], version: int, now_us: int
    ) -> bool:
        return self.update_if(table, {**row, "updated_us": now_us, "version": version + 1}, key, version)


_PROJECTION_COLUMNS = (
    "origins_at_least",
    "origins_at_most",
    "differing_at_least",
    "differing_at_most",
    "refuting_at_least",
    "refuting_at_most",
    "mentions",
    "documents",
)


def _withdrawal(mark: Mark | None) -> dict[str, Any]:
    at_us, by, reason = (None, None, None) if mark is None else (to_us(mark.at), mark.by, mark.reason)
    return {"withdrawn_us": at_us, "withdrawn_by": by, "withdrawn_reason": reason}


def _fresh(public_id: str, now_us: int) -> dict[str, Any]:
    return {"public_id": public_id, "version": 1, "created_us": now_us, "updated_us": now_us}


def _source_row(source: Source) -> dict[str, Any]:
    row = {name: getattr(source, name) for name in ("name", "country", "reliability", "note", "url")}
    house = house_of(source.name, source.url)
    same_as = to_json(source.same_as) if source.same_as else None
    return {**row, "kind": source.kind, "site": site_of(source.url), "house": house, "same_as": same_as}


def _document_row(document: Document, publishers: Mapping[str, int]) -> dict[str, Any]:
    plain = ("title", "url", "author", "language", "publisher_reason", "sha256", "length", "published_reason")
    row = {name: getattr(document, name) for name in plain}
    for name in ("published_earliest", "published_latest", "first_seen"):
        date = getattr(document, name)
        row[name] = None if date is None else date.isoformat()
    publisher = publishers[document.publisher] if document.publisher else None
    return {
        **row,
        "publisher": publisher,
        "page_key": document_key(document.url),
        "title_key": title_key(document.title, document.publisher),
    }


def _claim_row(claim: Claim) -> dict[str, Any]:
    row = {name: getattr(claim, name) for name in ("text", "subject", "place", "note")}
    row |= {"quantity": to_json(claim.quantity), "time_frame": to_json(claim.time_frame)}
    return {**row, "statement_key": statement_key(claim.text), "near_key": near_statement_key(claim.text)}


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
