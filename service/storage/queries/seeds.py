"""Read what seed files put into the store, to load them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.model.entities import LinkType
from service.storage.prepared import param, params, prepared
from service.storage.queries.base import Queries
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimLink as LinkTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable


class Span(NamedTuple):
    """The members that no two current mentions share all of."""

    claim: str
    document: str
    start: int | None
    end: int | None
    chain: str


class _SeededMention(NamedTuple):
    mention: str
    claim: str


class _Link(NamedTuple):
    claim: str
    type: str
    other: str
    link: str
    note: str | None
    withdrawn_by: str | None


class _Origin(NamedTuple):
    public_id: str
    seeded: bool


_SEEDED_MENTIONS = prepared(
    MentionTable.select(MentionTable.public_id.alias("mention"), ClaimTable.public_id.alias("claim"))
    .join(ClaimTable)
    .where((MentionTable.seeded == param("seeded")) & MentionTable.withdrawn_us.is_null()),
    _SeededMention,
)
_SPANS = prepared(
    MentionTable.select(
        ClaimTable.public_id.alias("claim"),
        DocumentTable.public_id.alias("document"),
        MentionTable.start_offset.alias("start"),
        MentionTable.end_offset.alias("end"),
        MentionTable.chain,
    )
    .join(ClaimTable)
    .join_from(MentionTable, DocumentTable)
    .where(ClaimTable.public_id.in_(params("claims")) & MentionTable.withdrawn_us.is_null()),
    Span,
)
_CLAIM, _OTHER = ClaimTable.alias("claim"), ClaimTable.alias("other")
_LINKS = (
    LinkTable.select(
        _CLAIM.public_id.alias("claim"),
        LinkTable.type,
        _OTHER.public_id.alias("other"),
        LinkTable.public_id.alias("link"),
        LinkTable.note,
        LinkTable.withdrawn_by,
    )
    .join(_CLAIM, on=_CLAIM.id == LinkTable.claim)
    .join_from(LinkTable, _OTHER, on=_OTHER.id == LinkTable.other)
)
_STANDING_LINKS = prepared(
    _LINKS.where(_CLAIM.public_id.in_(params("claims")) & LinkTable.withdrawn_us.is_null()), _Link
)
_ORIGINS = {
    name: prepared(table.select(table.public_id, table.seeded).where(table.public_id.in_(params("ids"))), _Origin)
    for name, table in (("mention", MentionTable), ("link", LinkTable))
}
_SEEDED_LINKS = prepared(_LINKS.where(LinkTable.seeded == param("seeded")).order_by(LinkTable.id), _Link)


class SeedQueries(Queries):
    """Mentions and links from seed files."""

    def seeded_mentions(self) -> dict[str, str]:
        """Return the current mentions from seed files, each with its claim."""
        return {row.mention: row.claim for row in self.database.all(_SEEDED_MENTIONS, seeded=True)}

    def are_seeded(self, kind: str, public_ids: Sequence[str]) -> dict[str, bool]:
        """Return for mentions or links (``kind``) whether they are from seed files; unknown ids are left out."""
        return {row.public_id: bool(row.seeded) for row in self.batched(_ORIGINS[kind], "ids", public_ids)}

    def current_spans(self, claims: Sequence[str]) -> set[Span]:
        """Return the spans of the current mentions of these claims."""
        return set(self.batched(_SPANS, "claims", claims))

    def current_links(self, claims: Sequence[str]) -> set[tuple[str, LinkType, str]]:
        """Return the current links that these claims state: claim, type and other claim."""
        return {(row.claim, LinkType(row.type), row.other) for row in self.batched(_STANDING_LINKS, "claims", claims)}

    def seeded_links(self) -> dict[tuple[str, LinkType, str], tuple[str, str | None, str | None]]:
        """Return the links from seed files by claim, type and other claim, each as id, note and ``withdrawn_by``.

        Of several between the same two claims, the last one. At most one of them stands.
        """
        return {
            (row.claim, LinkType(row.type), row.other): (row.link, row.note, row.withdrawn_by)
            for row in self.database.all(_SEEDED_LINKS, seeded=True)
        }
