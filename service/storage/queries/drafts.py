"""Drafts that wait to be reviewed."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.model.records import DraftToReview, ListedVerdict, QueuedClaim
from service.model.timestamps import from_us
from service.model.verdicts import VerdictState
from service.storage.prepared import Prepared, param, prepared
from service.storage.queries.base import Queries, given
from service.storage.queries.verdict_rows import (
    VerdictRow,
    listed_verdict_from,
    named_pattern,
    select_verdicts,
)
from service.storage.tables import Assignment, Claim, Review, Verdict


class _DraftRow(NamedTuple):
    key: int
    public_id: str
    state_us: int
    claim_key: int
    mentions: int
    json: str
    checker: str | None
    until_us: int | None


_REVIEWS = Review.select(pw.SQL("1")).where(Review.verdict == Verdict.id)
_IS_DRAFT = Verdict.state == VerdictState.DRAFT.value
# Names the reader, who has not reviewed it.
_NAMES_READER = pw.NodeList((Verdict.reviewers, pw.SQL("LIKE"), param("reader_line"), pw.SQL("ESCAPE '!'")))
_IS_ASKED = _NAMES_READER & ~pw.fn.EXISTS(_REVIEWS.where(Review.reviewer == param("reader")))
_ASKED = prepared(
    select_verdicts().where(_IS_DRAFT & _IS_ASKED).order_by(Verdict.state_us, Verdict.id).limit(param("limit")),
    VerdictRow,
)


@lru_cache(maxsize=4)
def _to_review(*, of_anybody: bool, after: bool) -> Prepared[_DraftRow]:
    """Return the query of the drafts to review, oldest first: those that ask the reader, or also unreviewed ones."""
    root = Claim.alias("root")
    is_assigned = (
        (Assignment.claim == root.id) & Assignment.ended_us.is_null() & (Assignment.until_us > param("now_us"))
    )
    query = (
        Verdict.select(
            Verdict.id.alias("key"),
            Verdict.public_id,
            Verdict.state_us,
            root.id.alias("claim_key"),
            root.mentions,
            root.json,
            Assignment.checker,
            Assignment.until_us,
        )
        .join_from(Verdict, Claim, on=Claim.id == Verdict.claim)
        .join_from(Verdict, root, on=root.id == pw.fn.COALESCE(Claim.root, Claim.id))
        .join_from(Verdict, Assignment, pw.JOIN.LEFT_OUTER, on=is_assigned)
        .where(_IS_DRAFT & (Verdict.checker != param("reader")))
        .where((_IS_ASKED | ~pw.fn.EXISTS(_REVIEWS)) if of_anybody else _IS_ASKED)
    )
    if after:
        query = query.where(pw.Tuple(Verdict.state_us, Verdict.id) > pw.Tuple(param("after_us"), param("after_key")))
    return prepared(query.order_by(Verdict.state_us, Verdict.id).limit(param("limit")), _DraftRow)


class DraftQueries(Queries):
    """Drafts that wait to be reviewed."""

    def asked_of(self, reader: str, limit: int) -> list[ListedVerdict]:
        """Return the drafts that name a reviewer who has not reviewed them, the oldest first."""
        rows = self.database.all(_ASKED, reader=reader, reader_line=named_pattern(reader), limit=limit)
        return list(map(listed_verdict_from, rows))

    def to_review(
        self, reader: str, of_anybody: bool, after: tuple[int, int] | None, now_us: int, limit: int
    ) -> list[DraftToReview]:
        """Return the drafts of others that ``reader`` is asked to review, the oldest first, after a position.

        The position is the time of the draft in microseconds, and its key. ``of_anybody``: also those that nobody has
        reviewed.
        """
        after_us, after_key = after or (None, None)
        values = given(after_us=after_us, after_key=after_key)
        query = _to_review(of_anybody=of_anybody, after=after is not None)
        rows = self.database.all(
            query, reader=reader, reader_line=named_pattern(reader), now_us=now_us, limit=limit, **values
        )
        return [
            DraftToReview(
                row.public_id,
                QueuedClaim(
                    row.claim_key,
                    row.mentions,
                    row.json,
                    row.checker,
                    None if row.until_us is None else from_us(row.until_us),
                ),
                (row.state_us, row.key),
            )
            for row in rows
        ]
