"""Assignments, and the queue of claims that wait to be judged."""

from __future__ import annotations

from service.model.filters import Facet
from service.model.records import QueuedClaim
from service.model.timestamps import from_us, to_us
from service.model.verdicts import Assignment, Outcome
from service.storage.database import Row
from service.storage.queries.base import Queries
from service.storage.tables import Assignment as AssignmentTable

ASSIGNMENTS = (
    "SELECT a.public_id, c.public_id, a.checker, a.assigned_by, a.note, a.created_us, a.until_us, a.ended_us, "
    "a.ended_by, a.outcome, a.id FROM assignments a JOIN claims c ON c.id = a.claim_id"
)


class AssignmentQueries(Queries):
    """Who has taken which claim, and which wait."""

    def assignment(self, public_id: str) -> Assignment | None:
        """One assignment."""
        row = self.database.row(f"{ASSIGNMENTS} WHERE a.public_id = ?", (public_id,))
        return None if row is None else assignment_of(row)

    def open_assignment(self, claim_key: int) -> Assignment | None:
        """The assignment of a claim that nobody has ended; it may have lapsed."""
        row = self.database.row(f"{ASSIGNMENTS} WHERE a.claim_id = ? AND a.ended_us IS NULL", (claim_key,))
        return None if row is None else assignment_of(row)

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
        }
        self.insert(AssignmentTable, [row])

    def end_assignment(self, assignment: Assignment) -> None:
        """Store how an assignment ended."""
        ended = None if assignment.ended_at is None else to_us(assignment.ended_at)
        self.database.run(
            "UPDATE assignments SET ended_us = ?, ended_by = ?, outcome = ? WHERE public_id = ?",
            (ended, assignment.ended_by, assignment.outcome, assignment.id),
        )

    def queued(
        self, facet: Facet, after: tuple[int, int] | None, limit: int, now_us: int, free_for: str | None
    ) -> list[QueuedClaim]:
        """Claims that have ``facet``, the most mentioned first, after the position ``after`` (mentions, key).

        With ``free_for``, a checker, what somebody else has taken is left out.
        """
        key = self.database.row("SELECT id FROM facets WHERE kind = ? AND value = ?", facet)
        if key is None:
            return []
        sql = (
            "SELECT f.claim_id, f.mentions, c.json, a.checker, a.until_us "
            "FROM claim_facets f JOIN claims c ON c.id = f.claim_id "
            "LEFT JOIN assignments a ON a.claim_id = f.claim_id AND a.ended_us IS NULL AND a.until_us > ? "
            "WHERE f.facet_id = ?"
        )
        parameters: list[object] = [now_us, *key]
        if free_for is not None:
            sql += " AND (a.checker IS NULL OR a.checker = ?)"
            parameters.append(free_for)
        if after is not None:
            sql += " AND (f.mentions, f.claim_id) < (?, ?)"
            parameters += after
        sql += " ORDER BY f.mentions DESC, f.claim_id DESC LIMIT ?"
        return [
            QueuedClaim(claim, mentions, json, checker, None if until is None else from_us(until))
            for claim, mentions, json, checker, until in self.database.rows(sql, (*parameters, limit))
        ]


def assignment_of(row: Row) -> Assignment:
    """An assignment from ``ASSIGNMENTS``."""
    public_id, claim, checker, assigned_by, note, created_us, until_us, ended_us, ended_by, outcome = row[:10]
    return Assignment(
        id=public_id,
        claim=claim,
        checker=checker,
        assigned_by=assigned_by,
        note=note,
        created_at=from_us(created_us),
        until=from_us(until_us),
        ended_at=None if ended_us is None else from_us(ended_us),
        ended_by=ended_by,
        outcome=None if outcome is None else Outcome(outcome),
    )
