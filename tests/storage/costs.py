"""The statements and the pages of the write-ahead log that ten requests cost, on SQLite.

python -m tests.storage.costs       writes costs.json anew, after a change that is meant to change them
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

from flask.testing import FlaskClient

from benchmarks.synthetic import WIDE, fill
from service.model.actors import KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.application import application
from tests.settings import make_settings

KEPT = Path(__file__).with_name("costs.json")
CLAIMS = 200
_HEADER, _FRAME = 32, 24 + 4096
_PASSAGE = {"start": 900, "end": 950, "sha256": "1" * 64}
_MENTION = {"document": "document-3", "stance": "supports", "locator": _PASSAGE}
_CLAIM = {"text": "A ship left port in May 2025.", "subject": "a ship", "topics": ["shipping"]}

Call = Callable[[FlaskClient, dict[str, str]], Any]
REQUESTS: dict[str, Call] = {
    "claim": lambda client, key: client.get("/v1/claims/claim-7"),
    "list": lambda client, key: client.get("/v1/claims?limit=50"),
    "filtered list": lambda client, key: client.get("/v1/claims?limit=50&topic=topic-7&status=contested"),
    "search": lambda client, key: client.get("/v1/claims?q=workers+region"),
    "match": lambda client, key: client.post("/v1/match", json={"texts": ["About 7 workers were sent to region 7."]}),
    "corroboration": lambda client, key: client.get("/v1/claims/claim-7/corroboration"),
    "verdict": lambda client, key: client.post(
        "/v1/claims/claim-8/verdicts", json={"claim_version": 1, "rating": "refuted"}, headers=key
    ),
    "mention": lambda client, key: client.post("/v1/claims/claim-9/mentions", json=_MENTION, headers=key),
    "new claim": lambda client, key: client.post("/v1/claims", json=_CLAIM, headers=key),
    "source, patched": lambda client, key: client.patch(f"/v1/sources/{WIDE}", json={"kind": "company"}, headers=key),
}
"""The requests, in the order in which they are made. A twentieth of the claims rest on the source."""


class Cost(TypedDict):
    """Statements that the database runs, those of triggers left out, and pages that the write-ahead log gets."""

    statements: int
    pages: int


def measured(folder: Path) -> dict[str, Cost]:
    """Return the costs of each request, on a new store in a folder."""
    path = folder / "claims.db"
    settings = make_settings(f"sqlite:///{path}")
    database = Database(settings)
    migrate(database)
    store = Store(database)
    fill(store, CLAIMS)
    client = application(store, settings).test_client()
    key = {"Authorization": f"Bearer {create_key(store, 'Ed', KeyRole.EDITOR, None, 'tests')[1]}"}
    key["If-Match"] = client.get(f"/v1/sources/{WIDE}").headers["ETag"]
    costs: dict[str, Cost] = {}
    for name, call in REQUESTS.items():
        database.row("PRAGMA wal_checkpoint(TRUNCATE)")
        with _statements(database) as statements:
            answer = call(client, key)
        assert answer.status_code in (200, 201), answer.text
        size = path.with_name(f"{path.name}-wal").stat().st_size
        costs[name] = {"statements": len(statements), "pages": max(size - _HEADER, 0) // _FRAME}
    database.close()
    return costs


@contextmanager
def _statements(database: Database) -> Iterator[list[str]]:
    """Yield a list that gets the statements of the block. SQLite shows those of triggers as comments."""
    seen: list[str] = []
    connection = database.peewee.connection()
    connection.set_trace_callback(lambda sql: None if sql.startswith("--") else seen.append(sql))
    try:
        yield seen
    finally:
        connection.set_trace_callback(None)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        KEPT.write_text(json.dumps(measured(Path(temporary)), indent=2) + "\n", encoding="utf-8")
