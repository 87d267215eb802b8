"""The references that the service is measured against: the least that Flask and SQLite can do for the same answer.

``create_app`` runs under the gunicorn of the service with its settings. ``REFERENCE_STORE`` names the file that is
read; writes go to a file of their own beside the service's.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
from flask import Flask, Response, stream_with_context

from service.config import load_settings
from service.storage.database import Database
from service.store import Store

CONSTANT = orjson.dumps({"id": "claim-1", "text": "x" * 900})
LIST = (
    "SELECT c.json FROM claim_sort_keys s JOIN claims c ON c.id = s.claim_id "
    "ORDER BY s.updated_us DESC, s.claim_id DESC LIMIT 50"
)
BULK = (
    "SELECT public_id AS id, status, policy, origins_at_least, origins_at_most, differing_at_least, differing_at_most, "
    "refuting_at_least, refuting_at_most, mentions, documents, version, updated_us FROM claims"
)
_BULK_ROWS = 500


def create_app() -> Flask:
    """Return an application with a route for each reference."""
    app = Flask("references")
    # For the thread of the service's gunicorn that recounts claims: an empty store, with nothing to do.
    app.extensions["store"] = Store(Database(load_settings()))
    store = Path(os.environ["REFERENCE_STORE"])
    written = store.with_name(f"{store.name}.reference")
    connections = threading.local()
    numbers = itertools.count()

    def reading() -> sqlite3.Connection:
        if not hasattr(connections, "reading"):
            connections.reading = sqlite3.connect(store)
        return connections.reading  # type: ignore[no-any-return]

    def writing() -> sqlite3.Connection:
        if not hasattr(connections, "writing"):
            connections.writing = sqlite3.connect(written, isolation_level=None)
            connections.writing.execute("PRAGMA journal_mode = WAL")
            connections.writing.execute("PRAGMA synchronous = FULL")
            connections.writing.execute("CREATE TABLE IF NOT EXISTS verdicts (id TEXT PRIMARY KEY, body TEXT)")
            connections.writing.execute("CREATE TABLE IF NOT EXISTS claims (id INTEGER PRIMARY KEY, version INTEGER)")
            connections.writing.execute("INSERT OR IGNORE INTO claims VALUES (1, 0)")
        return connections.writing  # type: ignore[no-any-return]

    @app.get("/readyz")
    @app.get("/constant")
    def constant() -> Response:
        return Response(CONSTANT, mimetype="application/json")

    @app.post("/nothing")
    def nothing() -> Response:
        return Response(b"{}", 201, mimetype="application/json")

    @app.post("/write")
    def write() -> Response:
        with Path(f"{store}.reference.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection = writing()
            connection.execute("BEGIN IMMEDIATE")
            name = f"{os.getpid()}-{next(numbers)}"
            connection.execute("INSERT INTO verdicts VALUES (?, ?)", (name, CONSTANT.decode()))
            connection.execute("UPDATE claims SET version = version + 1 WHERE id = 1")
            connection.execute("COMMIT")
        return Response(CONSTANT, 201, mimetype="application/json")

    @app.get("/claims/<claim_id>")
    def claim(claim_id: str) -> Response:
        [json] = reading().execute("SELECT json FROM claims WHERE public_id = ?", (claim_id,)).fetchone()
        return Response(json, mimetype="application/json")

    @app.get("/claims")
    def claims() -> Response:
        return Response(_joined(row[0] for row in reading().execute(LIST)), mimetype="application/json")

    @app.get("/bulk")
    def bulk() -> Response:
        def lines() -> Iterator[bytes]:
            # A worker may ask for each piece of a stream in another thread.
            cursor = sqlite3.connect(store, check_same_thread=False).execute(BULK)
            names = [column[0] for column in cursor.description]
            while rows := cursor.fetchmany(_BULK_ROWS):
                yield b"".join(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n" for row in rows)

        return Response(stream_with_context(lines()), mimetype="application/x-ndjson")

    return app


def _joined(items: Iterator[str]) -> str:
    return f'{{"data":[{",".join(items)}]}}'
