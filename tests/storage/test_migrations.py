"""Migrations: the schema they create, each of them once, and never in a database of a newer version."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playhouse.schema_diff import diff_models

from service.api import create_app
from service.config import Settings
from service.model.errors import SchemaMismatch
from service.operations.startup import prepare
from service.storage.database import Database
from service.storage.migrations import DIRECTORY, check_schema, migrate
from service.storage.tables import TABLES
from service.store import Store
from tests.processes import PROJECT

ALL = sorted(path.stem for path in DIRECTORY.glob("[0-9]*.py"))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """Yield an empty database."""
    database = Database(settings)
    yield database
    database.close()


def schema(database: Database) -> list[tuple[object, ...]]:
    """Return every table, column, index and constraint of the database, as it describes them."""
    if database.engine == "sqlite":
        return database.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
    return database.rows(
        "SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public' UNION ALL "
        "SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )


def applied(database: Database) -> list[object]:
    """Return the migrations recorded in the database."""
    return [row[0] for row in database.rows("SELECT name FROM schema_migration ORDER BY name")]


def test_an_empty_database_gets_the_schema(database: Database) -> None:
    assert migrate(database) == ALL

    tables = {table for table in database.peewee.get_tables() if not table.startswith(("search_index", "sqlite_"))}
    assert tables == {table._meta.table_name for table in TABLES} | {"schema_migration"}
    check_schema(database)
    assert Store(database).catalogue.is_empty()


def test_a_second_run_applies_nothing(database: Database) -> None:
    migrate(database)
    before = schema(database), database.rows("SELECT * FROM schema_migration")

    assert migrate(database) == []
    assert (schema(database), database.rows("SELECT * FROM schema_migration")) == before


def test_the_schema_is_that_of_the_models(database: Database) -> None:
    migrate(database)

    assert str(diff_models(database.peewee, TABLES)) == ""


def test_columns_are_nullable_where_the_models_say_so(database: Database) -> None:
    migrate(database)
    for table in TABLES:
        columns = {column.name: column.null for column in database.peewee.get_columns(table._meta.table_name)}
        keys = {name for name, field in table._meta.columns.items() if field.primary_key}
        expected = {name: field.null for name, field in table._meta.columns.items()}

        assert {n: null for n, null in columns.items() if n not in keys} == {
            n: null for n, null in expected.items() if n not in keys
        }


def test_foreign_keys_are_those_of_the_models(database: Database) -> None:
    migrate(database)
    for table in TABLES:
        name = table._meta.table_name
        assert {(key.column, key.dest_table, key.dest_column) for key in database.peewee.get_foreign_keys(name)} == {
            (field.column_name, field.rel_model._meta.table_name, field.rel_field.column_name)
            for field in table._meta.refs
        }


def test_a_database_without_the_schema_is_refused_and_left_alone(database: Database) -> None:
    with pytest.raises(SchemaMismatch, match=r"(no database|lacks) .*claims migrate"):
        check_schema(database)
    database.peewee.connect(reuse_if_open=True)  # on SQLite an empty file
    with pytest.raises(SchemaMismatch, match=r"lacks 0001_initial.*claims migrate"):
        check_schema(database)

    assert database.peewee.get_tables() == []


def test_a_database_from_the_future_is_refused_and_left_alone(database: Database, settings: Settings) -> None:
    _into_the_future(database)
    before = schema(database)

    for refuse in (
        lambda: migrate(database),
        lambda: check_schema(database),
        lambda: prepare(settings, lambda _: None),
    ):
        with pytest.raises(SchemaMismatch, match=r"newer.*9999_later, unknown here"):
            refuse()

    assert schema(database) == before
    assert applied(database) == [*ALL, "9999_later"]
    assert Store(database).catalogue.is_empty()


def test_no_application_is_made_over_another_schema_and_no_connection_stays_open(
    database: Database, settings: Settings
) -> None:
    database.peewee.connect(reuse_if_open=True)
    for reason in ("lacks", "newer"):
        if reason == "newer":
            _into_the_future(database)
        before = schema(database)
        with pytest.raises(SchemaMismatch, match=reason):
            create_app(settings)
        gc.collect()  # a connection that was left open warns now

        assert schema(database) == before


def _into_the_future(database: Database) -> None:
    migrate(database)
    database.run("INSERT INTO schema_migration (name, applied) VALUES (?, ?)", ("9999_later", "2030-01-01 00:00:00"))


def test_a_database_from_the_future_gets_no_migration_of_ours(database: Database) -> None:
    migrate(database)
    database.run("DELETE FROM schema_migration")
    database.run("INSERT INTO schema_migration (name, applied) VALUES (?, ?)", ("9999_later", "2030-01-01 00:00:00"))
    before = schema(database)

    with pytest.raises(SchemaMismatch, match="9999_later"):
        migrate(database)

    assert schema(database) == before
    assert applied(database) == ["9999_later"]


@pytest.mark.parametrize("lost", [ALL[4:5], ALL[-1:], ALL])
def test_a_lost_record_of_a_migration_is_told_as_that(database: Database, lost: list[str]) -> None:
    migrate(database)
    before = schema(database)
    for name in lost:
        database.run("DELETE FROM schema_migration WHERE name = ?", (name,))

    with pytest.raises(SchemaMismatch):
        migrate(database)
    with pytest.raises(SchemaMismatch, match=f"has lost its record of {', '.join(lost)}, which was applied") as told:
        check_schema(database)
    assert schema(database) == before

    database.run(str(told.value).rpartition(": ")[2])
    check_schema(database)


def test_a_migration_that_fails_leaves_nothing_of_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database)
    for name in ALL:
        (tmp_path / f"{name}.py").write_text((DIRECTORY / f"{name}.py").read_text(encoding="utf-8"))
    (tmp_path / "9998_bad.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE half (id INTEGER)')\n    raise ZeroDivisionError\n"
    )
    monkeypatch.setattr("service.storage.migrations.DIRECTORY", tmp_path)

    with pytest.raises(ZeroDivisionError):
        migrate(database)

    assert "half" not in database.peewee.get_tables()
    assert applied(database) == ALL
    with pytest.raises(SchemaMismatch, match="lacks 9998_bad"):
        check_schema(database)


def test_processes_that_migrate_at_once_do_not_fail(database: Database, settings: Settings) -> None:
    code = (
        "import sys\nfrom claim_verification.cli import main\nfrom service.config import load_settings\n"
        "print('ready', flush=True)\nsys.stdin.readline()\nmain(['migrate'])"
    )
    environment = os.environ | {"DATABASE_URL": settings.database_url}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 2, said
    # One of them may still find the other at the records of the store.
    assert sorted(each.splitlines()[-1] for each in said) == [f"applied: {', '.join(ALL)}", "nothing to apply"]
    check_schema(database)
