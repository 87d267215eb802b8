"""Read what claims rest on: mentions with their chains, and all documents and sources that these lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import peewee as pw

from service.model.entities import Document, Mark, Mention, Source
from service.model.quotes import quote_fault
from service.model.records import Evidence
from service.storage.prepared import param, params, prepared
from service.storage.queries.base import Queries
from service.storage.queries.evidence_rows import (
    DocumentRow,
    MentionRow,
    SourceRow,
    document_from,
    mention_from,
    select_documents,
    select_mentions,
    select_sources,
    select_stated_mentions,
    source_from,
    withdrawal_of,
)
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable
from service.storage.tables import Source as SourceTable
from service.storage.tables import SourceAlias


class _PublicId(NamedTuple):
    public_id: str


class _Alias(NamedTuple):
    source: str
    name: str


def _closure(name: str, start: pw.Select, step: Callable[[pw.CTE], pw.Select]) -> pw.CTE:
    """Return the keys that ``start`` selects and all that ``step`` leads to from them.

    By UNION rather than UNION ALL, which would not end in a circle.
    """
    base = start.cte(name, recursive=True, columns=("id",))
    return base.union(step(base))


def _keys_of(closure: pw.CTE) -> pw.Select:
    return pw.Select((closure,), (closure.c.id,))


def _named(table: type[DocumentTable | SourceTable]) -> pw.Select:
    """Return the query of the keys of the rows ``ids``."""
    return table.select(table.id).where(table.public_id.in_(params("ids")))


def _originals_of(line: pw.CTE) -> pw.Select:
    """Return the documents that others are derived from, or were merged into."""
    known, original = DocumentTable.alias("known"), DocumentTable.alias("original")
    related = (original.id == known.derived_from) | (original.id == known.merged_into)
    return pw.Select((line.join(known, on=known.id == line.c.id).join(original, on=related),), (original.id,))


def _derivatives_of(line: pw.CTE) -> pw.Select:
    """Return the documents that are derived from others, or were merged into them."""
    related = (DocumentTable.derived_from == line.c.id) | (DocumentTable.merged_into == line.c.id)
    return DocumentTable.select(DocumentTable.id).join(line, on=related)


def _relatives_of(kin: pw.CTE) -> pw.Select:
    """Return the parents of sources, and those merged with them in either direction: these make two sources one."""
    known, relative = SourceTable.alias("known"), SourceTable.alias("relative")
    related = (relative.id == known.part_of) | (relative.id == known.merged_into) | (relative.merged_into == known.id)
    return pw.Select((kin.join(known, on=known.id == kin.c.id).join(relative, on=related),), (relative.id,))


def _dependants_of(below: pw.CTE) -> pw.Select:
    """Return the parts of sources, and those merged with them in either direction."""
    known, dependant = SourceTable.alias("known"), SourceTable.alias("dependant")
    depends = (
        (dependant.part_of == known.id) | (dependant.merged_into == known.id) | (dependant.id == known.merged_into)
    )
    return pw.Select((below.join(known, on=known.id == below.c.id).join(dependant, on=depends),), (dependant.id,))


_IN_CLAIMS = MentionTable.claim.in_(params("claims")) & MentionTable.withdrawn_us.is_null()
_MENTIONS = prepared(select_mentions().where(_IN_CLAIMS).order_by(MentionTable.id), MentionRow)
_MENTIONS_PAGE = prepared(
    select_mentions()
    .where(_IN_CLAIMS & (MentionTable.id > param("after")))
    .order_by(MentionTable.id)
    .limit(param("limit")),
    MentionRow,
)
_STATED_MENTIONS = prepared(select_stated_mentions().where(MentionTable.public_id.in_(params("ids"))), MentionRow)

_QUOTES = prepared(
    select_stated_mentions()
    .where(MentionTable.quote.is_null(False) & (MentionTable.id > param("after")))
    .order_by(MentionTable.id)
    .limit(param("limit")),
    MentionRow,
)

_ORIGINALS = _closure("line", _named(DocumentTable), _originals_of)
_DOCUMENTS = prepared(
    select_documents().where(DocumentTable.id.in_(_keys_of(_ORIGINALS))).with_cte(_ORIGINALS), DocumentRow
)
_RELATIVES = _closure("kin", _named(SourceTable), _relatives_of)
_SOURCES = prepared(select_sources().where(SourceTable.id.in_(_keys_of(_RELATIVES))).with_cte(_RELATIVES), SourceRow)
_ALIASES = prepared(
    SourceAlias.select(SourceTable.public_id.alias("source"), SourceAlias.name)
    .join(SourceTable, on=SourceTable.id == SourceAlias.source)
    .where(SourceTable.public_id.in_(params("ids"))),
    _Alias,
)
_DATED_LATE = prepared(
    select_documents().where(DocumentTable.published_earliest > DocumentTable.first_seen).order_by(DocumentTable.id),
    DocumentRow,
)

_LINE = _closure("line", _named(DocumentTable), _derivatives_of)
_DERIVATIVES = prepared(
    DocumentTable.select(DocumentTable.public_id)
    .where(DocumentTable.id.in_(_keys_of(_LINE)))
    .order_by(DocumentTable.public_id)
    .with_cte(_LINE),
    _PublicId,
)
_BELOW = _closure("below", _named(SourceTable), _dependants_of)
_PUBLISHED = DocumentTable.select(DocumentTable.id).join(_BELOW, on=DocumentTable.publisher == _BELOW.c.id)
_COPIES = _closure("line", _PUBLISHED, _derivatives_of)
_COPIES_FROM = prepared(
    DocumentTable.select(DocumentTable.public_id)
    .where(
        DocumentTable.id.in_(_keys_of(_COPIES))
        & (DocumentTable.derived_from.is_null(False) | DocumentTable.merged_into.is_null(False))
    )
    .order_by(DocumentTable.public_id)
    .with_cte(_BELOW, _COPIES),
    _PublicId,
)


class EvidenceQueries(Queries):
    """Read what claims rest on."""

    def of_claims(self, claim_keys: Sequence[int]) -> Evidence:
        """Return the mentions of these claims, with every document and source that the kernel may need."""
        found: dict[str, list[Mention]] = {}
        for row in self.batched(_MENTIONS, "claims", self.members(claim_keys)):
            found.setdefault(row.claim, []).append(mention_from(row))
        return self._complete({claim: tuple(mentions) for claim, mentions in found.items()})

    def mentions_page(self, claim_key: int, after: int, limit: int) -> tuple[list[int], Evidence]:
        """Return the keys of a claim's mentions after the key ``after``, in order of entry, and their evidence."""
        rows = self.database.all(_MENTIONS_PAGE, claims=self.members([claim_key]), after=after, limit=limit)
        mentions = tuple(map(mention_from, rows))
        by_claim = {mentions[0].claim: mentions} if mentions else {}
        return [row.key for row in rows], self._complete(by_claim)

    def misquoted_mentions(self) -> Iterator[str]:
        """Yield the mentions whose stored quote is not the text of their span. Reads every row."""
        for row in self.walk(_QUOTES):
            mention = mention_from(row)
            if mention.quote is not None and quote_fault(mention.quote, mention.locator) is not None:
                yield mention.id

    def stated_mentions(self, public_ids: Sequence[str]) -> dict[str, tuple[Mention, Mark | None]]:
        """Return mentions by id, each with the claim that it was entered for and its withdrawal."""
        rows = self.batched(_STATED_MENTIONS, "ids", public_ids)
        return {row.public_id: (mention_from(row), withdrawal_of(row)) for row in rows}

    def mention_evidence(self, mention: Mention) -> Evidence:
        """Return everything that a mention refers to."""
        return self._complete({mention.claim: (mention,)})

    def _complete(self, mentions: dict[str, tuple[Mention, ...]]) -> Evidence:
        documents = self.documents_with_related({m.document for members in mentions.values() for m in members})
        named = {source for members in mentions.values() for m in members for source in m.attribution}
        publishers = {document.publisher for document in documents.values() if document.publisher is not None}
        return Evidence(mentions, documents, self.sources_with_relatives(named | publishers))

    def documents_with_related(self, public_ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by id, with those that they are derived from or were merged into."""
        return {row.public_id: document_from(row) for row in self.batched(_DOCUMENTS, "ids", sorted(public_ids))}

    def dated_late(self) -> list[Document]:
        """Return the documents whose ``published_earliest`` is after ``first_seen``. Reads every row."""
        return [document_from(row) for row in self.database.all(_DATED_LATE)]

    def derivatives(self, public_ids: Sequence[str]) -> list[str]:
        """Return the ids of documents, and of all that is derived from them or was merged into them."""
        return [row.public_id for row in self.batched(_DERIVATIVES, "ids", public_ids)]

    def copies_from(self, public_ids: Sequence[str]) -> list[str]:
        """Return the ids of documents derived from what these sources published, or merged into that.

        Sources that are part of these, or merged with one of them, count as these.
        """
        return [row.public_id for row in self.batched(_COPIES_FROM, "ids", public_ids)]

    def sources_with_relatives(self, public_ids: Iterable[str]) -> dict[str, Source]:
        """Return sources by id, with all that they are part of or merged with."""
        rows = self.batched(_SOURCES, "ids", sorted(public_ids))
        sources = {row.public_id: source_from(row) for row in rows}
        names: dict[str, list[str]] = {}
        for alias in self.batched(_ALIASES, "ids", sorted(sources)):
            names.setdefault(alias.source, []).append(alias.name)
        sources.update({i: replace(sources[i], aliases=tuple(sorted(own))) for i, own in names.items()})
        return sources
