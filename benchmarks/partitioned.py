"""Try claim-keyed tables in partitions on PostgreSQL: the requests on the same rows, in parts beside in one piece.

    .venv/bin/python -m benchmarks.partitioned [--claims 10000] [--folder data/benchmarks] [--parts 8]

The tests on PostgreSQL run with partitions by ``pytest -p benchmarks.partitioned_tests -m postgres``.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask.testing import FlaskClient

from benchmarks.postgres_copy import copy_store
from benchmarks.stores import FOLDER, SIZES, path_of
from service.api import build_app
from service.model.actors import KeyRole
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.servers import fresh_database, own_postgres
from tests.settings import make_settings

TABLES = ("claim_search", "search_index", "mentions", "claim_facets", "claim_sort_keys", "claim_topics")
"""The largest tables with the key of a claim in each row, a table before those that refer to it."""
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Lost:
    """A constraint that PostgreSQL does not keep over all partitions."""

    table: str
    constraint: str


def partition(connection: psycopg.Connection, parts: int) -> list[Lost]:
    """Put the rows of ``TABLES`` into partitions by a hash of the claim; return the constraints that were lost."""
    lost = []
    for table in TABLES:
        constraints = connection.execute(_CONSTRAINTS, (table,)).fetchall()
        indexes = connection.execute(_INDEXES, (table,)).fetchall()
        triggers = [row[0] for row in connection.execute(_TRIGGERS, (table,)).fetchall()]
        referring = connection.execute(_REFERRING, (table,)).fetchall()
        for other, name, _ in referring:
            connection.execute(f"ALTER TABLE {other} DROP CONSTRAINT {name}")
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
        including = "INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMMENTS"
        connection.execute(f"CREATE TABLE {table} (LIKE {table}_whole {including}) PARTITION BY HASH (claim_id)")
        for part in range(parts):
            connection.execute(
                f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
            )
        connection.execute(f"INSERT INTO {table} SELECT * FROM {table}_whole")  # noqa: S608 - names of our schema
        for column, sequence in connection.execute(_OWNED, (f"{table}_whole",)).fetchall():
            connection.execute(f"ALTER SEQUENCE {sequence} OWNED BY {table}.{column}")
        connection.execute(f"DROP TABLE {table}_whole")
        for name, definition, is_key, columns in constraints:
            if is_key and "claim_id" not in columns:
                lost.append(Lost(table, definition))
                connection.execute(f"CREATE INDEX {name} ON {table} ({', '.join(columns)})")
            else:
                connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for definition, is_unique, columns in indexes:
            if is_unique and "claim_id" not in columns:
                lost.append(Lost(table, definition))
                definition = definition.replace("CREATE UNIQUE INDEX", "CREATE INDEX")
            connection.execute(definition)
        for definition in triggers:
            connection.execute(definition)
        for other, name, definition in referring:
            connection.execute(f"ALTER TABLE {other} ADD CONSTRAINT {name} {definition}")
    return lost


_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid), contype IN ('p', 'u'), ARRAY(
    SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey))
FROM pg_constraint WHERE conrelid = %s::regclass AND conparentid = 0 AND contype IN ('p', 'u', 'c', 'f')
ORDER BY contype = 'f', conname
"""
_INDEXES = """
SELECT pg_get_indexdef(indexrelid), indisunique, ARRAY(
    SELECT attname::text FROM pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey))
FROM pg_index WHERE indrelid = %s::regclass
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""
_TRIGGERS = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
_REFERRING = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE confrelid = %s::regclass AND contype = 'f' AND conrelid <> confrelid AND conparentid = 0
"""
_OWNED = """
SELECT column_name, pg_get_serial_sequence(table_name, column_name) FROM information_schema.columns
WHERE table_name = %s AND pg_get_serial_sequence(table_name, column_name) IS NOT NULL
"""


def _requests(client: FlaskClient, key: str, claims: int) -> dict[str, Callable[[], int]]:
    """Return requests by name; each returns the status of its answer."""
    numbers = itertools.count(1)
    headers = {"Authorization": f"Bearer {key}"}

    def get(path: str) -> Callable[[], int]:
        def send() -> int:
            # Another limit each time: no answer is kept.
            number = next(numbers)
            return client.get(path.format(n=number * 7919 % claims, limit=20 + number % 60)).status_code

        return send

    def verdict() -> int:
        number = next(numbers)
        body = {"claim_version": 1, "rating": "refuted"}
        return client.post(
            f"/v1/claims/claim-{number * 7919 % claims}/verdicts", json=body, headers=headers
        ).status_code

    def mention() -> int:
        number = next(numbers)
        locator = {"start": number % 4900, "end": number % 4900 + 50, "sha256": f"{number:064x}"}
        body = {"document": f"document-{number % 500}", "stance": "supports", "locator": locator}
        return client.post(
            f"/v1/claims/claim-{number * 7919 % claims}/mentions", json=body, headers=headers
        ).status_code

    return {
        "a claim": get("/v1/claims/claim-{n}"),
        "its mentions": get("/v1/claims/claim-{n}/mentions"),
        "a list": get("/v1/claims?limit={limit}"),
        "a list, one topic": get("/v1/claims?limit={limit}&topic=topic-7"),
        "a list, topic and status": get("/v1/claims?limit={limit}&topic=topic-7&status=contested"),
        "a search": get("/v1/claims?limit={limit}&q=w{n}"),
        "a verdict": verdict,
        "a mention": mention,
    }


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the databases that are compared, and the process of the server that answers."""

    requests: dict[str, Callable[[], int]]
    backend: int

    @classmethod
    def of(cls, url: str, claims: int) -> _Side:
        settings = make_settings(url)
        store = Store(Database(settings))
        key = create_key(store, "Bench", KeyRole.EDITOR, None, "bench")[1]
        [[backend]] = store.database.rows("SELECT pg_backend_pid()")
        return cls(_requests(build_app(store, settings).test_client(), key, claims), backend)

    def microseconds(self, line: str) -> float:
        """Return the processor time that a request takes, here and in the server."""
        before = self._spent()
        status = self.requests[line]()
        assert status in (200, 201), (line, status)  # noqa: S101 - ends a wrong measurement
        return self._spent() - before

    def _spent(self) -> float:
        server = int(Path(f"/proc/{self.backend}/schedstat").read_text(encoding="ascii").split()[0])
        return (server + time.process_time_ns()) / 1000


def _measured(one: _Side, other: _Side) -> Iterator[tuple[str, float, float]]:
    """Yield each request with its median microseconds over the two databases, measured in turns."""
    for line in one.requests:
        pairs = [(one.microseconds(line), other.microseconds(line)) for _ in range(_ROUNDS)]
        mine, its = (statistics.median(times) for times in zip(*pairs, strict=True))
        yield line, mine, its


def main() -> None:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=SIZES[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--parts", type=int, default=8)
    options = parser.parse_args()
    with own_postgres() as server, fresh_database(server.url) as whole:
        copy_store(path_of(options.claims, options.folder), whole)
        with fresh_database(server.url, whole.rpartition("/")[2]) as parts:
            with psycopg.connect(parts, autocommit=True) as connection:
                for lost in partition(connection, options.parts):
                    print(f"not kept over all partitions: {lost.table}: {lost.constraint}")
                connection.execute("VACUUM ANALYZE")
            print(f"\n| {options.claims:,} claims | in one piece, µs | {options.parts} partitions, µs | ratio |")
            print("|---|---|---|---|")
            sides = (_Side.of(whole, options.claims), _Side.of(parts, options.claims))
            for line, mine, its in _measured(*sides):
                print(f"| {line} | {mine:,.0f} | {its:,.0f} | {mine / its:.2f} |", flush=True)


if __name__ == "__main__":
    main()
