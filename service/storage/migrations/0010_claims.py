"""The words of claims as an indexed key, and mentions that refute only a part of their claim."""

from __future__ import annotations

from typing import Any

import peewee

from service.identity.statements import statement_key

STANCES = "('supports', 'partly_supports', 'differs', 'refutes')"
MORE_STANCES = "('supports', 'partly_supports', 'differs', 'refutes', 'partly_refutes')"

STANCE_CHECK = "SELECT conname FROM pg_constraint WHERE conrelid = 'mentions'::regclass AND contype = 'c' "
STANCE_CHECK += "AND pg_get_constraintdef(oid) LIKE '%%partly_supports%%'"


def up(migrator: Any, db: peewee.Database) -> None:
    """Change the tables, and fill in the key of each claim."""
    _add_keys(db)
    if isinstance(db, peewee.SqliteDatabase):
        _allow_stance_sqlite(db)
        return
    [(name,)] = db.execute_sql(STANCE_CHECK).fetchall()
    db.execute_sql(f"ALTER TABLE mentions DROP CONSTRAINT {name}")
    db.execute_sql(f"ALTER TABLE mentions ADD CONSTRAINT mentions_stance_check CHECK (stance IN {MORE_STANCES})")


def _add_keys(db: peewee.Database) -> None:
    db.execute_sql("ALTER TABLE claims ADD COLUMN statement_key TEXT NOT NULL DEFAULT ''")
    db.execute_sql("CREATE INDEX claim_statement_key ON claims (statement_key)")
    mark = "?" if isinstance(db, peewee.SqliteDatabase) else "%s"
    update = f"UPDATE claims SET statement_key = {mark} WHERE id = {mark}"  # noqa: S608
    for key, text in db.execute_sql("SELECT id, text FROM claims").fetchall():
        db.execute_sql(update, (statement_key(text), key))


def _allow_stance_sqlite(db: peewee.Database) -> None:
    """Recreate the table with another constraint, which SQLite cannot change, and the table that refers to it."""
    tables = ("mentions", "attributions")
    schema = {table: _statements(db, table) for table in tables}
    for table in tables:
        db.execute_sql(f"ALTER TABLE {table} RENAME TO old_{table}")
        for index in schema[table]["index"]:
            db.execute_sql(f"DROP INDEX {index}")
    for table in tables:
        [create] = schema[table]["table"].values()
        db.execute_sql(create.replace(STANCES, MORE_STANCES))
        db.execute_sql(f"INSERT INTO {table} SELECT * FROM old_{table} ORDER BY rowid")  # noqa: S608
    for table in reversed(tables):
        db.execute_sql(f"DROP TABLE old_{table}")
        for create in schema[table]["index"].values():
            db.execute_sql(create)


def _statements(db: peewee.Database, table: str) -> dict[str, dict[str, str]]:
    """Return the statements that created a table and its indexes, by kind and name."""
    found: dict[str, dict[str, str]] = {"table": {}, "index": {}}
    query = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY name"
    for kind, name, sql in db.execute_sql(query, (table,)).fetchall():
        found[kind][name] = sql
    return found
