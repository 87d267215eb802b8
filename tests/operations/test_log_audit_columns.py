"""``claims audit`` sees a change of anything that people wrote, whichever column of whichever row it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import pytest

from service.model.actors import KeyRole
from service.model.entities import Basis, LinkType, Passage, Reliability, SourceKind, Stance, Status
from service.model.verdicts import Decision, Outcome, Rating, VerdictState
from service.operations.log_audit import audit
from service.store import Store
from tests.long_forms import LONG
from tests.operations.tampering import columns, opened

# What the log does not have (docs/trust.md): ids of the store's own, versions and times, what is derived, last uses.
NOT_IN_THE_LOG = {
    "sources": {"id", "version", "created_us", "updated_us", "site", "house"},
    "documents": {"id", "version", "created_us", "updated_us", "page_key", "title_key"},
    "claims": {
        "id",
        "version",
        "created_us",
        "updated_us",
        "policy",
        "json",
        "judged_hash",
        "judged_version",
        "judged_before",
        "statement_key",
        "near_key",
    },
    "mentions": {"id", "seeded"},
    "claim_links": {"id", "seeded"},
    "verdicts": {"id", "judged_hash", "retraction", "site", "reviewed_us", "page_key"},
    "reviews": {"id"},
    "assignments": {"id"},
    "pages": {"id", "site", "page_key", "version", "created_us", "updated_us"},
    "suggestion_decisions": {"id"},
    "api_keys": {"id", "last_used_us", "written_lsn"},
}
SUMS = {
    "status",
    "origins_at_least",
    "origins_at_most",
    "differing_at_least",
    "differing_at_most",
    "refuting_at_least",
    "refuting_at_most",
    "origins_named",
    "differing_named",
    "refuting_named",
    "mentions",
    "documents",
}
KINDS = {
    "sources": "source",
    "documents": "document",
    "claims": "claim",
    "mentions": "mention",
    "claim_links": "link",
    "verdicts": "verdict",
    "reviews": "review",
    "assignments": "assignment",
    "pages": "page",
    "suggestion_decisions": "suggestion",
    "api_keys": "key",
}

# What nobody is shown alone: by whom and why of what was not withdrawn or merged, the end of a span without a start.
MARKS = {"merged_us", "merged_by", "merged_reason", "withdrawn_by", "withdrawn_reason", "end_offset", "span_sha256"}
CHOICES: dict[str, Iterable[StrEnum]] = {
    "kind": SourceKind,
    "reliability": Reliability,
    "type": LinkType,
    "stance": Stance,
    "basis": Basis,
    "passage": Passage,
    "status": Status,
    "rating": Rating,
    "state": VerdictState,
    "decision": Decision,
    "outcome": Outcome,
    "role": KeyRole,
}
WRITTEN = {
    "evidence": '[{"url":"https://spy.example/1"}]',
    "reviewers": "\nSpy\n",
    "authors": '[{"name":"Spy","same_as":[],"type":"person","url":null}]',
    "content": '{"page_url":"https://spy.example"}',
    "verdicts": '["v-spy"]',
    "review": '{"site":"spy.example"}',
    "quantity": '{"low":1,"high":1,"unit":"spies","qualifier":"exact"}',
    "time_frame": '{"label":"June","start":null,"end":null}',
    "reported": '{"quantity":null,"time_frame":null,"text":"Nine."}',
}
REFERRED = {
    "source_id": "sources",
    "part_of_id": "sources",
    "publisher_id": "sources",
    "document_id": "documents",
    "derived_from_id": "documents",
    "claim_id": "claims",
    "other_id": "claims",
    "root_id": "claims",
    "verdict_id": "verdicts",
    "supersedes_id": "verdicts",
    "superseded_by_id": "verdicts",
}


def test_every_column_that_people_wrote_is_held_against_the_log(original: str) -> None:
    """Each column of each row of each table, made into something else, one at a time.

    The short form takes each row in SQLite only: in PostgreSQL each column once, in the first row that has it.
    """
    each_row = LONG or original.startswith("sqlite")
    with opened(original) as store:
        database = store.database
        for table, kind in KINDS.items():
            derived = NOT_IN_THE_LOG[table] | (SUMS if table == "claims" else set())
            written = [name for name, _ in columns(store, table) if name not in derived]
            for key, public_id in database.rows(f"SELECT id, public_id FROM {table} ORDER BY id"):  # noqa: S608
                for column in list(written):
                    if column in MARKS and not _marked(store, table, key, column):
                        continue
                    if not each_row:
                        written.remove(column)
                    with pytest.raises(_Undone):
                        _try(store, table, column, f"id = {key}", f"{kind}:{public_id}")


def test_every_sum_of_a_claim_is_held_against_the_log(original: str) -> None:
    """For claims with mentions, and for one without any."""
    with opened(original) as store:
        for key, public_id in store.database.rows("SELECT id, public_id FROM claims"):
            for column in sorted(SUMS):
                with pytest.raises(_Undone):
                    _try(store, "claims", column, f"id = {key}", f"claim:{public_id}")


def test_every_row_of_a_list_is_held_against_the_log(original: str) -> None:
    with opened(original) as store:
        owners = {
            "source_aliases": ("source_id", "sources"),
            "source_distinctions": ("source_id", "sources"),
            "claim_topics": ("claim_id", "claims"),
        }
        for table, (column, owner) in owners.items():
            names = [name for name, _ in columns(store, table) if name not in ("id", column)]
            query = f"SELECT DISTINCT o.id, o.public_id FROM {table} t JOIN {owner} o ON o.id = t.{column}"  # noqa: S608
            for key, public_id in store.database.rows(query):
                subject = f"{KINDS[owner]}:{public_id}"
                for name in names:
                    if (table, name) != ("claim_topics", "position"):
                        with pytest.raises(_Undone):
                            _try(store, table, name, f"{column} = {key}", subject)
                with pytest.raises(_Undone):
                    _try_without(store, f"{table} WHERE {column} = {key}", subject)


def _marked(store: Store, table: str, key: int, column: str) -> bool:
    return bool(store.database.rows(f"SELECT 1 FROM {table} WHERE id = ? AND {column} IS NOT NULL", (key,)))  # noqa: S608


class _Undone(Exception):
    """Takes back what was tried."""


def _try(store: Store, table: str, column: str, where: str, subject: str) -> None:
    """Make something else of a column, see that the audit finds it, and take it back."""
    database = store.database
    with store.write():
        changed, taken = 0, database.rows(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608
        known = {value for (value,) in taken}
        for (value,) in taken:
            known.add(other := _other(store, table, column, value, known))
            match, given = ("IS NULL", ()) if value is None else ("= ?", (value,))
            changed += database.run(
                f"UPDATE {table} SET {column} = ? WHERE {where} AND {column} {match}",  # noqa: S608
                (other, *given),
            )
        assert changed, (table, column)
        _names_first(store, subject, (table, column), renamed=column == "public_id")


def _try_without(store: Store, rows: str, subject: str) -> None:
    """Delete rows, see that the audit finds it, and take it back."""
    with store.write():
        assert store.database.run(f"DELETE FROM {rows}")  # noqa: S608
        _names_first(store, subject)


def _names_first(store: Store, subject: str, tried: object = None, *, renamed: bool = False) -> None:
    """Assert that the first finding names the subject, and its last event where it can; then restore the store."""
    findings = list(audit(store))
    assert findings, f"not found: {tried}"
    last = store.events.last_states([subject]).get(subject)
    by_event = rf"event {last}: {re.escape(subject)} (differs in the tables|is not in)"
    by_summary = rf"event \d+: {re.escape(subject)} differs in the tables: summary"
    by_itself = rf"{re.escape(subject)} (is in the tables|is stored as merged)"
    # What has another id is missed by what refers to it too.
    first = "\n".join(findings) if renamed else findings[0]
    assert re.search(f"^({by_event}|{by_summary}|{by_itself})", first, re.MULTILINE), (tried, findings[:3])
    raise _Undone


def _other(store: Store, table: str, column: str, value: Any, taken: set[Any]) -> Any:
    """Something else, of the same type; in a reference another thing that is there."""
    kind = dict(columns(store, table))[column]
    if column.endswith("_id") and column != "public_id":
        there = store.database.rows(f"SELECT id FROM {REFERRED.get(column, table)} ORDER BY id DESC")  # noqa: S608
        return next(key for (key,) in there if key not in taken)
    if column in CHOICES:
        return next(str(choice) for choice in CHOICES[column] if choice != value)
    if column in WRITTEN:
        return WRITTEN[column]
    if isinstance(value, bool) or "bool" in kind:
        return not value
    if "int" in kind:
        return 7 if value is None else value + 1
    return f"{value or ''}x"
