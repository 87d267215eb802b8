"""The schema that the migrations make, and its comparison with that of a database.

``sqlite.json`` and ``postgresql.json`` have each table, index, trigger and function by name, with its definition, and
the names of the migrations that make them.
``tools/schema_snapshot.py`` writes them after a change of the migrations; a test fails while they differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson

from service.storage.database import Database

DIRECTORY = Path(__file__).resolve().parent

# The tables behind the virtual table ``search_index`` are SQLite's own.
_SQLITE = """
SELECT type || ' ' || name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name NOT LIKE 'search@_index@_%' ESCAPE '@'
"""
_POSTGRESQL = {
    "column": """
SELECT 'column ' || table_name || '.' || column_name,
    data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || coalesce(' COLLATE ' || collation_name, '')
FROM information_schema.columns WHERE table_schema = current_schema()
""",
    "index": """
SELECT 'index ' || indexname, replace(indexdef, ' ' || schemaname || '.', ' ')
FROM pg_indexes WHERE schemaname = current_schema()
""",
    "constraint": """
SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0 AND contype IN ('c', 'f', 'p', 'u')
""",
    "trigger": """
SELECT 'trigger ' || tgrelid::regclass || '.' || tgname,
    replace(pg_get_triggerdef(pg_trigger.oid), ' ' || current_schema() || '.', ' ')
        || CASE tgenabled WHEN 'D' THEN ' (disabled)' ELSE '' END
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
""",
    "function": """
SELECT 'function ' || proname, prosrc FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
""",
}


def stored_schema(database: Database, kinds: Collection[str] = tuple(_POSTGRESQL)) -> dict[str, str]:
    """Return the definitions in the database by kind and name, such as ``index source_public_id``.

    PostgreSQL is asked for those of some ``kinds`` only; SQLite has them all in one table.
    """
    parts = [part for kind, part in _POSTGRESQL.items() if kind in kinds]
    rows = database.rows(_SQLITE if database.engine == "sqlite" else "UNION ALL".join(parts))
    return {name: " ".join(definition.split()) for name, definition in rows}


EARLIER: Mapping[str, str] = {
    "table claim_facets": (
        "CREATE TABLE claim_facets ( facet_id BIGINT NOT NULL REFERENCES facets ON DELETE RESTRICT, "
        "claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE, updated_us BIGINT NOT NULL DEFAULT 0, "
        "origins INTEGER NOT NULL DEFAULT 0, mentions INTEGER NOT NULL DEFAULT 0, named INTEGER NOT NULL DEFAULT 0, "
        "PRIMARY KEY (facet_id, claim_id) ) WITHOUT ROWID"
    ),
}
"""Definitions of SQLite in a store that was upgraded: its columns that nothing uses stay."""


class Expected(NamedTuple):
    """The result of the migrations: definitions by kind and name."""

    migrations: list[str]
    definitions: dict[str, str]


@cache
def expected_schema(engine: str) -> Expected:
    """Return what the migrations make on an engine."""
    return Expected(**orjson.loads((DIRECTORY / f"{engine}.json").read_bytes()))


def schema_faults(database: Database, left: Collection[str] = ()) -> Iterator[str]:
    """Yield one line for each definition that is missing, changed, or a trigger of somebody else's.

    Other tables, columns and indexes may be there: they change nothing of what the service does. An upgrade has the
    definitions ``left`` still to make.
    """
    stored, expected = stored_schema(database), expected_schema(database.engine).definitions
    for name, definition in expected.items():
        if name in left:
            continue
        if name not in stored:
            yield f"{name} is missing. Its definition: {definition}"
        elif stored[name] not in (definition, EARLIER.get(name)):
            yield f"{name} was changed to: {stored[name]}. Its definition: {definition}"
    for name in sorted(stored.keys() - expected.keys()):
        if name.startswith("trigger "):
            yield f"{name} is not one of this version of the service: {stored[name]}"
