"""``claims doctor`` and ``claims audit`` find what was done to the database itself, and do not fail on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import peewee
import pytest
from click.testing import CliRunner

from claim_verification.cli import main
from service.model.errors import ServiceError
from service.operations.consistency_check import doubts, examine, faults
from service.operations.log_audit import audit
from service.storage.migrations import migrate
from service.storage.schema import expected_schema, schema_faults, stored_schema
from service.store import Store
from tests.copies import copied
from tests.operations.tampering import columns, opened

# Changes that nothing finds, each with the reason.
UNFOUND = {
    "version": "is not in the log, and is no part of what is derived",
    "created_us": "is not in the log",
    "updated_us": "is not in the log",
    "last_used_us": "is the time of a read",
    "written_lsn": "is a place in the log of the server",
    "id": "is the store's own number of a row that no other row refers to",
}
UNFOUND_AT = {
    ("claim_topics", "position"): "only the order counts",
    ("claims", "judged_before"): "a hash that is no verdict's says nothing",
    ("derived", "version"): "the next start makes derived data anew",
    ("suggestions", "score"): "a decided suggestion keeps the one that it had",
    ("suggestions", "reasons"): "a decided suggestion keeps those that it had",
    ("suggestions", "found_us"): "is not in the log",
    ("verdicts", "retraction"): "found by its constraint, which these stores ignore",
}


def _found(store: Store) -> set[str]:
    """Return all that the two commands say of a store."""
    return {*audit(store), *faults(store), *examine(store), *doubts(store)}


class _Undone(Exception):
    """Takes back what was tried."""


def _edits(store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield a table, a column and a statement for each column: of its last row, made something else, and of no type."""
    tables = [row[0] for row in store.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table.startswith(("sqlite_", "search_index", "schema_migration")):
            continue
        for column, kind in columns(store, table):
            where = f"WHERE {column} = (SELECT max({column}) FROM {table})"  # noqa: S608
            other = f"{column} + 1" if "int" in kind else f"{column} || 'x'"
            for value in (other, "'zz['"):
                yield table, column, f"UPDATE {table} SET {column} = {value} {where}"  # noqa: S608


@pytest.mark.one_engine
def test_a_change_of_any_column_is_found_and_stops_no_check(original: str) -> None:
    tried = 0
    with opened(original) as store:
        before = _found(store)  # the triggers of this store are gone
        for table, column, statement in _edits(store):
            changed, found = _tried(store, statement)
            if changed and not found - before:
                assert column in UNFOUND or (table, column) in UNFOUND_AT, statement
            tried += bool(found - before)
    assert tried > 200


def _tried(store: Store, statement: str) -> tuple[int, set[str]]:
    """Return how many rows a statement changes, and what is found then; take it back."""
    changed, found = 0, set[str]()
    with suppress(_Undone), store.write():
        with suppress(peewee.DatabaseError, ServiceError):  # a key that cannot be text, or twice the same
            changed = store.database.run(statement)
            found = _found(store)
        raise _Undone
    return changed, found


def _tampered(url: str, folder: Path, change: Callable[[Store], object]) -> set[str]:
    with copied(url, folder) as copy, opened(copy) as store:
        before = set(faults(store))
        change(store)
        return _found(store) - before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DROP INDEX source_public_id", "index source_public_id is missing"),
        ("DROP INDEX mention_with_span", "index mention_with_span is missing"),
        ("DELETE FROM derived", "the table `derived` has lost its rows"),
        ("DROP TABLE source_near_keys", "source_near_keys"),
        ("ALTER TABLE claims ADD COLUMN spy TEXT", None),
    ],
)
def test_a_change_of_the_schema_is_found(original: str, tmp_path: Path, statement: str, expected: str | None) -> None:
    found = _tampered(original, tmp_path, lambda store: store.database.run(statement))
    if expected is not None:
        assert any(expected in line for line in found), found


def test_missing_triggers_of_the_log_are_found_with_their_definitions(original: str) -> None:
    with opened(original) as store:
        missing = [line for line in schema_faults(store.database) if line.startswith("trigger ")]
        expected = expected_schema(store.database.engine).definitions
    assert missing
    for line in missing:
        name = line.partition(" is missing")[0]
        assert line == f"{name} is missing. Its definition: {expected[name]}"


def test_a_trigger_of_somebody_else_is_found(original: str, tmp_path: Path) -> None:
    sqlite = "CREATE TRIGGER spy AFTER INSERT ON claims BEGIN DELETE FROM pages; END"
    postgres = "CREATE TRIGGER spy AFTER INSERT ON claims FOR EACH ROW EXECUTE FUNCTION append_only()"

    def spy(store: Store) -> None:
        store.database.run(sqlite if store.database.engine == "sqlite" else postgres)

    [line] = _tampered(original, tmp_path, spy)
    assert "spy is not one of this version of the service" in line


def test_the_migrations_make_the_schema_that_is_expected(store: Store) -> None:
    """``python -m tools.schema_snapshot`` writes it after a change of the migrations."""
    expected = expected_schema(store.database.engine)
    assert stored_schema(store.database) == expected.definitions
    assert expected.migrations == [
        row[0] for row in store.database.rows("SELECT name FROM schema_migration ORDER BY 1")
    ]
    assert migrate(store.database) == []


@pytest.mark.one_engine
def test_references_to_nothing_and_half_marks_are_found(original: str, tmp_path: Path) -> None:
    changes = {
        "UPDATE sources SET part_of_id = 999 WHERE public_id = 'gull'": "of sources refers to a row of sources",
        "UPDATE mentions SET withdrawn_by = 'Spy' WHERE withdrawn_us IS NULL": "of withdrawn_us, withdrawn_by,",
        "UPDATE claims SET version = 'x' WHERE public_id = 'bare'": "claims: version has a value that is no number",
        "UPDATE mentions SET seeded = 1": "differs in the tables: seeded",
        "UPDATE claims SET judged_version = 9 WHERE public_id = 'ships'": "claim ships: the stored counts",
    }
    with opened(original) as store:
        for statement, expected in changes.items():
            changed, found = _tried(store, statement)
            assert changed
            assert any(expected in line for line in found), statement


@pytest.mark.one_engine
def test_doctor_names_a_damaged_page_and_goes_on(original: str, tmp_path: Path) -> None:
    with copied(original, tmp_path) as copy:
        path = Path(copy.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as other:
            [(page,)] = other.execute("SELECT pageno FROM dbstat WHERE name = 'claim_topics' LIMIT 1").fetchall()
            [(size,)] = other.execute("PRAGMA page_size").fetchall()
        with path.open("rb+") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
        with opened(copy) as store:
            assert list(audit(store))[-1].startswith("the audit ended here: the database is damaged")
        result = CliRunner().invoke(main, ["doctor"], env={"DATABASE_URL": copy})
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "database file: " in result.stdout
    assert "claims restore" in result.stderr


def test_a_lost_node_of_the_tree_stops_neither_the_audit_nor_a_saved_head(original: str, tmp_path: Path) -> None:
    with copied(original, tmp_path) as copy, opened(copy) as store:
        size, _, _ = store.events.log_end()
        heads = [(size - 1, "0" * 64)]
        store.database.run("DELETE FROM event_nodes WHERE level = 2")
        found = list(audit(store, heads))
    assert found == [
        "the Merkle tree has missing or superfluous nodes",
        f"the first {size - 1} events are not those of the saved head",
    ]
