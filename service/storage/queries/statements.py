"""Look up claims by their words, and what decides which of them a review is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import peewee as pw

from service.identity.claims import Span, StatedMention
from service.identity.near_statements import near_statement_key
from service.identity.statements import is_worded, same_statement, statement_key
from service.model.entities import Stance
from service.model.records import ClaimPlace
from service.storage.prepared import Prepared, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, day, from_json
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable
from service.storage.tables import Verdict as VerdictTable


class MisfiledReview(NamedTuple):
    """An imported review that is current, with its words and those of its claim, which are different."""

    verdict: str
    claim: str
    claim_reviewed: str
    text: str


class _MentionRow(NamedTuple):
    claim: str
    stance: str
    chain: str
    published_earliest: str | None
    published_latest: str | None


class _WordsRow(NamedTuple):
    key: int
    public_id: str
    text: str
    statement_key: str
    near_key: str


class _ReviewRow(NamedTuple):
    key: int
    verdict: str
    claim: str
    text: str
    review: str


def select_places() -> pw.ModelSelect[ClaimTable]:
    """Return the query of ``ClaimPlace``."""
    root = ClaimTable.alias("root")
    return ClaimTable.select(
        ClaimTable.public_id.alias("id"),
        ClaimTable.text,
        root.public_id.alias("root"),
        root.version,
        ClaimTable.id.alias("order"),
    ).join(root, on=root.id == pw.fn.COALESCE(ClaimTable.root, ClaimTable.id))


def _stated_mentions() -> Prepared[_MentionRow]:
    root = ClaimTable.alias("root")
    return prepared(
        MentionTable.select(
            pw.fn.COALESCE(root.public_id, ClaimTable.public_id).alias("claim"),
            MentionTable.stance,
            MentionTable.chain,
            DocumentTable.published_earliest,
            DocumentTable.published_latest,
        )
        .join_from(MentionTable, DocumentTable)
        .join_from(MentionTable, ClaimTable)
        .join_from(ClaimTable, root, pw.JOIN.LEFT_OUTER, on=root.id == ClaimTable.root)
        .where(MentionTable.claim.in_(params("claims")) & MentionTable.withdrawn_us.is_null()),
        _MentionRow,
    )


def _current_reviews() -> Prepared[_ReviewRow]:
    current = (VerdictTable.state == "published") & VerdictTable.superseded_by.is_null()
    return prepared(
        VerdictTable.select(
            VerdictTable.id.alias("key"),
            VerdictTable.public_id.alias("verdict"),
            ClaimTable.public_id.alias("claim"),
            ClaimTable.text,
            VerdictTable.review,
        )
        .join(ClaimTable)
        .where(VerdictTable.publisher.is_null(False) & current & (VerdictTable.id > param("after")))
        .order_by(VerdictTable.id)
        .limit(param("limit")),
        _ReviewRow,
    )


_SAME_WORDS = prepared(select_places().where(ClaimTable.statement_key.in_(params("keys"))), ClaimPlace)
_STATED_MENTIONS = _stated_mentions()
_CURRENT_REVIEWS = _current_reviews()
_WORDS = prepared(
    ClaimTable.select(
        ClaimTable.id.alias("key"),
        ClaimTable.public_id,
        ClaimTable.text,
        ClaimTable.statement_key,
        ClaimTable.near_key,
    )
    .where(ClaimTable.id > param("after"))
    .order_by(ClaimTable.id)
    .limit(param("limit")),
    _WordsRow,
)
_SET_KEY = prepared_write(
    ClaimTable.update({ClaimTable.statement_key: param("statement_key"), ClaimTable.near_key: param("near_key")}).where(
        ClaimTable.id == param("key")
    )
)


class StatementQueries(Queries):
    """Claims by their words."""

    def claims_with_keys(self, keys: Iterable[str]) -> list[ClaimPlace]:
        """Return the claims with these statement keys, merged ones too, in the order of their creation."""
        return sorted(self.batched(_SAME_WORDS, "keys", sorted(set(keys))), key=lambda place: place.order)

    def claims_with_words(self, text: str) -> list[ClaimPlace]:
        """Return the claims that say the same as ``text`` in the same words, in the order of their creation."""
        return [place for place in self.claims_with_keys([statement_key(text)]) if same_statement(place.text, text)]

    def stated_mentions(self, claims: Iterable[str]) -> list[StatedMention]:
        """Return the current mentions of these claims, which were not merged, and of claims merged into them."""
        members = self.members(list(self.public_keys("claims", claims).values()))
        return [
            StatedMention(
                row.claim,
                row.stance == Stance.SUPPORTS,
                tuple(row.chain.split(">")) if row.chain else (),
                _span(row.published_earliest, row.published_latest),
            )
            for row in self.batched(_STATED_MENTIONS, "claims", members)
        ]

    def misfiled_reviews(self) -> Iterator[MisfiledReview]:
        """Yield the current imported reviews whose words are not those of their claim. Reads every review."""
        for row in self.walk(_CURRENT_REVIEWS):
            words: str | None = from_json(row.review)["claim_reviewed"]
            if words is not None and not is_worded(row.text, words):
                yield MisfiledReview(row.verdict, row.claim, words, row.text)

    def outdated_keys(self) -> Iterator[str]:
        """Yield the ids of the claims whose stored keys are not those of their words. Reads every claim."""
        for row in self.walk(_WORDS):
            if (row.statement_key, row.near_key) != (statement_key(row.text), near_statement_key(row.text)):
                yield row.public_id

    def renew_keys(self) -> None:
        """Store the keys of every claim anew."""
        for row in list(self.walk(_WORDS)):
            keys = {"statement_key": statement_key(row.text), "near_key": near_statement_key(row.text)}
            self.database.execute(_SET_KEY, key=row.key, **keys)


def _span(earliest: str | None, latest: str | None) -> Span | None:
    return None if earliest is None and latest is None else Span(day(earliest), day(latest))
