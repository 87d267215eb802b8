"""Measure the bytes a claim takes, by table and index, on SQLite and on PostgreSQL.

    .venv/bin/python -m benchmarks.sizes [--claims 10000] [--folder data/benchmarks] [--postgres] [--top 25]

The store is the one that ``make bench-store`` builds. With ``--postgres`` it is copied into a temporary server too.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg

from benchmarks.postgres_copy import copy_store
from benchmarks.stores import FOLDER, SIZES, path_of
from tests.servers import fresh_database, own_postgres

Sizes = Mapping[str, tuple[int, int]]
"""Bytes of the rows and of the indexes, by table."""

_SQLITE = """
SELECT COALESCE(m.tbl_name, d.name), m.type = 'index', SUM(d.pgsize)
FROM dbstat d LEFT JOIN sqlite_master m ON m.name = d.name GROUP BY 1, 2
"""
# With what is stored out of line, and the free space and visibility maps.
_POSTGRES = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
# Parts of the text index, which SQLite keeps in tables of its own.
_PARTS = ("search_index_data", "search_index_idx", "search_index_config", "search_index_docsize")


def of_sqlite(path: Path) -> Sizes:
    """Return the sizes in a store."""
    sizes: dict[str, tuple[int, int]] = {}
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as store:
        for table, is_index, size in store.execute(_SQLITE):
            name = "search_index" if table in _PARTS else table
            rows, indexes = sizes.get(name, (0, 0))
            sizes[name] = (rows, indexes + size) if is_index or table in _PARTS else (rows + size, indexes)
    return sizes


def of_postgres(url: str) -> Sizes:
    """Return the sizes in a database."""
    with psycopg.connect(url) as connection:
        return {name: (rows, indexes) for name, rows, indexes in connection.execute(_POSTGRES)}


def counts(path: Path) -> dict[str, int]:
    """Return the numbers of rows that the sizes depend on."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as store:
        tables = ("claims", "mentions", "documents", "sources", "verdicts", "events", "claim_facets")
        return {table: store.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608


def print_sizes(engine: str, sizes: Sizes, claims: int, top: int) -> None:
    """Print a Markdown table of bytes a claim, the largest first."""
    print(f"\n| {engine}, {claims:,} claims | rows | indexes | together |\n|---|---|---|---|")
    ordered = sorted(sizes.items(), key=lambda item: -sum(item[1]))
    for name, (rows, indexes) in ordered[:top]:
        print(f"| `{name}` | {rows / claims:,.0f} | {indexes / claims:,.0f} | {(rows + indexes) / claims:,.0f} |")
    rows, indexes = (sum(size[place] for size in sizes.values()) for place in (0, 1))
    print(f"| all | {rows / claims:,.0f} | {indexes / claims:,.0f} | {(rows + indexes) / claims:,.0f} |", flush=True)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=SIZES[:1])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--postgres", action="store_true", help="copy the store into a temporary PostgreSQL server too")
    parser.add_argument("--top", type=int, default=12, help="the number of tables to print")
    options = parser.parse_args()
    for claims in options.claims:
        path = path_of(claims, options.folder)
        print(f"\n{claims:,} claims: " + ", ".join(f"{rows:,} {table}" for table, rows in counts(path).items()))
        print_sizes("SQLite", of_sqlite(path), claims, options.top)
        if options.postgres:
            with own_postgres() as server, fresh_database(server.url) as url:
                copy_store(path, url)
                print_sizes("PostgreSQL", of_postgres(url), claims, options.top)


if __name__ == "__main__":
    main()
