"""Assignments, and the queue of claims that wait to be judged."""

from __future__ import annotations

from typing import NamedTuple

import peewee as pw

from service.model.filters import Facet, Sort
from service.model.records import QueuedClaim
from service.model.timestamps import from_us, to_us
from service.model.verdicts import Assignment, Outcome
from service.storage.database import Database
from service.storage.prepared import Prepared, param, params, prepared, prepared_write
from service.storage.queries.base import Queries
from service.storage.queries.claim_pages import ClaimPages
from service.storage.tables import Assignment as AssignmentTable
from service.storage.tables import Claim as ClaimTable


class AssignmentRow(NamedTuple):
    """An assignment."""

    key: int
    public_id: str
    claim: str
    checker: str
    assigned_by: str
    note: str | None
    created_us: int
    until_us: int
    ended_us: int | None
    ended_by: str | None
    outcome: str | None
    offered_to: str | None


class _OpenRow(NamedTuple):
    claim_id: int
    checker: str
    until_us: int


def select_assignments() -> pw.ModelSelect[AssignmentTable]:
    """Return the query of all assignments, whose rows are ``AssignmentRow``."""
    table = AssignmentTable
    return table.select(
        table.id.alias("key"),
        table.public_id,
        ClaimTable.public_id.alias("claim"),
        table.checker,
        table.assigned_by,
        table.note,
        table.created_us,
        table.until_us,
        table.ended_us,
        table.ended_by,
        table.outcome,
        table.offered_to,
    ).join(ClaimTable)


_ASSIGNMENT = prepared(select_assignments().where(AssignmentTable.public_id == param("public_id")), AssignmentRow)
_OPEN_ASSIGNMENT = prepared(
    select_assignments().where((AssignmentTable.claim == param("claim")) & AssignmentTable.ended_us.is_null()),
    AssignmentRow,
)
_END_ASSIGNMENT = prepared_write(
    AssignmentTable.update(
        {
            AssignmentTable.ended_us: param("ended_us"),
            AssignmentTable.ended_by: param("ended_by"),
            AssignmentTable.outcome: param("outcome"),
        }
    ).where(AssignmentTable.public_id == param("public_id"))
)
_OFFER_ASSIGNMENT = prepared_write(
    AssignmentTable.update({AssignmentTable.offered_to: param("offered_to")}).where(
        AssignmentTable.public_id == param("public_id")
    )
)


def _open_assignments(holder: pw.TextField) -> Prepared[AssignmentRow]:
    is_open = AssignmentTable.ended_us.is_null() & (AssignmentTable.until_us > param("now_us"))
    query = select_assignments().where((holder == param("name")) & is_open)
    return prepared(query.order_by(AssignmentTable.until_us, AssignmentTable.id).limit(param("limit")), AssignmentRow)


_ASSIGNED_TO = _open_assignments(AssignmentTable.checker)
_OFFERED_TO = _open_assignments(AssignmentTable.offered_to)
_OPEN = prepared(
    AssignmentTable.select(AssignmentTable.claim, AssignmentTable.checker, AssignmentTable.until_us).where(
        AssignmentTable.claim.in_(params("claims"))
        & AssignmentTable.ended_us.is_null()
        & (AssignmentTable.until_us > param("now_us"))
    ),
    _OpenRow,
)


class AssignmentQueries(Queries):
    """Assignments of claims to checkers, and the queue."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._pages = ClaimPages(database)

    def assignment(self, public_id: str) -> Assignment | None:
        """Return one assignment."""
        row = self.database.one(_ASSIGNMENT, public_id=public_id)
        return None if row is None else assignment_from(row)

    def open_assignment(self, claim_key: int) -> Assignment | None:
        """Return the assignment of a claim that was not ended. It may have lapsed."""
        row = self.database.one(_OPEN_ASSIGNMENT, claim=claim_key)
        return None if row is None else assignment_from(row)

    def insert_assignment(self, assignment: Assignment, claim_key: int) -> None:
        """Add an assignment."""
        row = {
            "public_id": assignment.id,
            "claim": claim_key,
            "checker": assignment.checker,
            "assigned_by": assignment.assigned_by,
            "note": assignment.note,
            "created_us": to_us(assignment.created_at),
            "until_us": to_us(assignment.until),
            "offered_to": assignment.offered_to,
        }
        self.insert(AssignmentTable, [row])

    def end_assignment(self, assignment: Assignment) -> None:
        """Store the end of an assignment."""
        self.database.execute(
            _END_ASSIGNMENT,
            ended_us=None if assignment.ended_at is None else to_us(assignment.ended_at),
            ended_by=assignment.ended_by,
            outcome=assignment.outcome,
            public_id=assignment.id,
        )

    def offer_assignment(self, assignment: Assignment) -> None:
        """Store to whom an assignment is offered."""
        self.database.execute(_OFFER_ASSIGNMENT, offered_to=assignment.offered_to, public_id=assignment.id)

    def assigned_to(self, checker: str, now_us: int, limit: int) -> list[Assignment]:
        """Return the assignments of a checker that are open, those that expire first at the beginning."""
        rows = self.database.all(_ASSIGNED_TO, name=checker, now_us=now_us, limit=limit)
        return list(map(assignment_from, rows))

    def offered_to(self, checker: str, now_us: int, limit: int) -> list[Assignment]:
        """Return the open assignments that are offered to a checker, like ``assigned_to``."""
        rows = self.database.all(_OFFERED_TO, name=checker, now_us=now_us, limit=limit)
        return list(map(assignment_from, rows))

    def queued(
        self, facet: Facet, after: tuple[int, int] | None, limit: int, now_us: int, free_for: str | None
    ) -> list[QueuedClaim]:
        """Return claims that have ``facet``, the most mentioned first, after the position ``after`` (mentions, key).

        With ``free_for``, a checker, claims that are assigned to another checker are left out.
        """
        found: list[QueuedClaim] = []
        while True:
            page = self._pages.claims_page([facet], None, Sort.MENTIONS, after, limit)
            rows = self.database.all(_OPEN, claims=[claim.key for claim in page], now_us=now_us)
            assigned = {row.claim_id: row for row in rows}
            for claim in page:
                row = assigned.get(claim.key)
                if row is None or free_for in (None, row.checker):
                    checker, until = (None, None) if row is None else (row.checker, from_us(row.until_us))
                    found.append(QueuedClaim(claim.key, claim.position, claim.json, checker, until))
            if len(page) < limit or len(found) >= limit:
                return found[:limit]
            after = (page[-1].position, page[-1].key)


def assignment_from(row: AssignmentRow) -> Assignment:
    """Return the assignment of a row."""
    return Assignment(
        id=row.public_id,
        claim=row.claim,
        checker=row.checker,
        assigned_by=row.assigned_by,
        note=row.note,
        created_at=from_us(row.created_us),
        until=from_us(row.until_us),
        ended_at=None if row.ended_us is None else from_us(row.ended_us),
        ended_by=row.ended_by,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        offered_to=row.offered_to,
    )
