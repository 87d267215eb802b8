"""Suggestions and the decisions on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.model.entities import Mark
from service.model.suggestions import (
    DecidedSuggestion,
    Likeness,
    Pair,
    Reason,
    StoredSuggestion,
    SuggestionDecision,
    SuggestionFilters,
    SuggestionKind,
    SuggestionSort,
    SuggestionState,
)
from service.model.timestamps import from_us, to_us
from service.storage.prepared import Prepared, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, given
from service.storage.tables import Claim, Suggestion
from service.storage.tables import SuggestionDecision as DecisionTable


class SuggestionRow(NamedTuple):
    """A suggestion; ``reasons`` are its codes, joined by spaces."""

    key: int
    public_id: str
    kind: str
    one: str
    other: str | None
    score: int
    reasons: str
    state: str
    found_us: int


class DecisionRow(NamedTuple):
    """A decision."""

    key: int
    public_id: str
    kind: str
    one: str
    other: str | None
    decision: str
    merged_into: str | None
    decided_us: int
    decided_by: str
    decided_reason: str


class _MentionCount(NamedTuple):
    public_id: str
    mentions: int


class _Number(NamedTuple):
    number: int


def select_decisions() -> pw.ModelSelect[DecisionTable]:
    """Return the query of ``DecisionRow``."""
    table = DecisionTable
    return table.select(
        table.id.alias("key"),
        table.public_id,
        table.kind,
        table.one,
        table.other,
        table.decision,
        table.merged_into,
        table.decided_us,
        table.decided_by,
        table.decided_reason,
    )


def decision_from(row: DecisionRow) -> DecidedSuggestion:
    """Return the decision of a row."""
    return DecidedSuggestion(
        row.public_id,
        SuggestionKind(row.kind),
        (row.one,) if row.other is None else (row.one, row.other),
        SuggestionDecision(row.decision),
        row.merged_into,
        Mark(from_us(row.decided_us), row.decided_by, row.decided_reason),
    )


def _select() -> pw.ModelSelect[Suggestion]:
    table = Suggestion
    return table.select(
        table.id.alias("key"),
        table.public_id,
        table.kind,
        table.one,
        table.other,
        table.score,
        table.reasons,
        table.state,
        table.found_us,
    )


_ORDERS: Mapping[SuggestionSort, tuple[pw.Field[int], ...]] = {
    SuggestionSort.SCORE: (Suggestion.score, Suggestion.id),
    SuggestionSort.NEWEST: (Suggestion.id,),
}


@lru_cache(maxsize=8)
def _page(sort: SuggestionSort, by_kind: bool, after: bool) -> Prepared[SuggestionRow]:
    """Return the query of a page, along the index of the state, or of the state and the kind, in this order."""
    query, columns = _select().where(Suggestion.state == param("state")), _ORDERS[sort]
    if by_kind:
        query = query.where(Suggestion.kind == param("kind"))
    if after:
        query = query.where(pw.Tuple(*columns) < pw.Tuple(*(param(column.name) for column in columns)))
    return prepared(query.order_by(*(column.desc() for column in columns)).limit(param("limit")), SuggestionRow)


_BY_ID = prepared(_select().where(Suggestion.public_id == param("public_id")), SuggestionRow)
_OF_ONE = prepared(_select().where(Suggestion.one.in_(params("ids"))), SuggestionRow)
_OF_OTHER = prepared(_select().where(Suggestion.other.in_(params("ids"))), SuggestionRow)
_ALL = prepared(
    _select().where(Suggestion.id > param("after")).order_by(Suggestion.id).limit(param("limit")), SuggestionRow
)
_DECISIONS = prepared(select_decisions().where(DecisionTable.public_id.in_(params("ids"))), DecisionRow)
_MENTION_COUNTS = prepared(
    Claim.select(Claim.public_id, Claim.mentions).where(Claim.public_id.in_(params("ids"))), _MentionCount
)
_NUMBER = prepared(
    Suggestion.select(pw.fn.COUNT(pw.SQL("*")).alias("number")).where(Suggestion.state == param("state")), _Number
)
_REMOVE_DECISION = prepared_write(pw.ModelDelete(DecisionTable).where(DecisionTable.public_id == param("public_id")))


class SuggestionQueries(Queries):
    """Read and write suggestions."""

    def page(
        self, filters: SuggestionFilters, sort: SuggestionSort, after: tuple[int, int] | None, limit: int
    ) -> list[StoredSuggestion]:
        """Return suggestions in an order, after a position: the score and the key of a suggestion."""
        if filters.record is not None:
            return self._page_of_record(filters, filters.record, sort, after)[:limit]
        values: dict[str, Any] = given(kind=filters.kind)
        if after is not None:
            values |= (
                dict(zip(("score", "id"), after, strict=True)) if sort is SuggestionSort.SCORE else {"id": after[1]}
            )
        query = _page(sort, filters.kind is not None, after is not None)
        return [_suggestion(row) for row in self.database.all(query, state=filters.state, limit=limit, **values)]

    def _page_of_record(
        self, filters: SuggestionFilters, record: str, sort: SuggestionSort, after: tuple[int, int] | None
    ) -> list[StoredSuggestion]:
        """Return all suggestions on one record after a position: it has few, but no index has them in an order."""

        def position(each: StoredSuggestion) -> tuple[int, int]:
            return (each.likeness.score if sort is SuggestionSort.SCORE else 0, each.key)

        last = after if after is None or sort is SuggestionSort.SCORE else (0, after[1])
        found = [
            each
            for each in self.of_records([record])
            if each.state is filters.state
            and filters.kind in (None, each.pair.kind)
            and (last is None or position(each) < last)
        ]
        return sorted(found, key=position, reverse=True)

    def suggestion(self, public_id: str) -> StoredSuggestion | None:
        """Return a suggestion."""
        row = self.database.one(_BY_ID, public_id=public_id)
        return None if row is None else _suggestion(row)

    def of_records(self, ids: Iterable[str]) -> list[StoredSuggestion]:
        """Return the suggestions in which one of these ids is that of a record, whatever its kind."""
        ids = sorted(ids)
        rows = {row.key: row for query in (_OF_ONE, _OF_OTHER) for row in self.batched(query, "ids", ids)}
        return [_suggestion(rows[key]) for key in sorted(rows)]

    def all_suggestions(self) -> Iterator[StoredSuggestion]:
        """Yield every suggestion."""
        return map(_suggestion, self.walk(_ALL))

    def misnamed(self) -> Iterator[str]:
        """Yield the stored ids of suggestions that are not those of their records."""
        for row in self.walk(_ALL):
            if row.public_id != _suggestion(row).pair.id:
                yield row.public_id

    def add(self, suggested: Mapping[Pair, tuple[Likeness, SuggestionState]], now_us: int) -> None:
        """Add suggestions that are not stored yet."""
        self.insert(
            Suggestion,
            [
                {"public_id": pair.id, "kind": pair.kind, "one": pair.one, "other": pair.other, "found_us": now_us}
                | _derived(likeness, state)
                for pair, (likeness, state) in suggested.items()
            ],
        )

    def replace(self, suggested: Iterable[StoredSuggestion]) -> None:
        """Store the score, the reasons and the state of suggestions."""
        self.update(Suggestion, [{"id": each.key} | _derived(each.likeness, each.state) for each in suggested])

    def number_open(self) -> int:
        """Return the number of open suggestions. Counts rows."""
        [row] = self.database.all(_NUMBER, state=SuggestionState.OPEN)
        return row.number

    def mention_counts(self, claims: Sequence[str]) -> dict[str, int]:
        """Return the numbers of mentions of claims by their ids."""
        return {row.public_id: row.mentions for row in self.batched(_MENTION_COUNTS, "ids", claims)}

    def decisions(self, public_ids: Sequence[str]) -> dict[str, DecidedSuggestion]:
        """Return the decisions on suggestions by their ids; those that nobody decided are left out."""
        return {row.public_id: decision_from(row) for row in self.batched(_DECISIONS, "ids", public_ids)}

    def save_decision(self, decided: DecidedSuggestion) -> None:
        """Store a decision instead of an earlier one on the same suggestion."""
        self.database.execute(_REMOVE_DECISION, public_id=decided.id)
        row = {
            "public_id": decided.id,
            "kind": decided.suggestion_kind,
            "one": decided.pair.one,
            "other": decided.pair.other,
            "decision": decided.decision,
            "merged_into": decided.into,
            "decided_us": to_us(decided.decided.at),
            "decided_by": decided.decided.by,
            "decided_reason": decided.decided.reason,
        }
        self.insert(DecisionTable, [row])


def _suggestion(row: SuggestionRow) -> StoredSuggestion:
    reasons = tuple(map(Reason, row.reasons.split()))
    pair = Pair(SuggestionKind(row.kind), row.one, row.other)
    return StoredSuggestion(
        row.key, pair, Likeness(row.score, reasons), SuggestionState(row.state), from_us(row.found_us)
    )


def _derived(likeness: Likeness, state: SuggestionState) -> dict[str, object]:
    return {"score": likeness.score, "reasons": " ".join(likeness.reasons), "state": state}
