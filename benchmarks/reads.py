"""Compare reads with the simplest way to implement each, side by side in one run.

    .venv/bin/python -m benchmarks.reads [--claims 20000] [--database-url URL]

Prints ratios: times differ between machines, their ratios much less. Bounded: a fixed number of rounds of each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import peewee as pw
from flask import Flask

from benchmarks.synthetic import fill
from service.api import build_app
from service.config import Settings
from service.corroboration.results import Interval
from service.model.entities import Qualifier, Quantity, Status, TimeFrame
from service.model.filters import ClaimFilters, Sort
from service.model.timestamps import from_us
from service.model.verdicts import Agreement, Rating
from service.schemas.claims import ClaimSchema
from service.schemas.counts import CountsSchema, counts_row
from service.storage.database import Database
from service.storage.migrations import migrate
from service.storage.queries.claim_rows import STAMP, Stamp
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimTopic
from service.store import Store
from service.use_cases.bulk_counts import stored_counts
from service.use_cases.claims import list_claims
from tests.settings import make_settings

ROUNDS = 60
RUNS = 200


def best(action: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the lower quartile of ``rounds`` times, in seconds: the machine's noise only ever adds."""
    times = []
    for _ in range(rounds):
        began = clock()
        action()
        times.append(clock() - began)
    return statistics.quantiles(times, n=4)[0]


def report(name: str, ours: float, reference: float, against: str) -> None:
    """Print one line: how many times as long the reference takes."""
    print(f"{name:<46} {ours * 1000:9.3f} ms   {reference / ours:7.1f} x   {against} ({reference * 1000:.3f} ms)")


def serialised(store: Store, keys: list[int]) -> bytes:
    """Return a page made in the reference way: Peewee models with their topics, through marshmallow."""
    rows = ClaimTable.select().where(ClaimTable.id << keys).execute(store.database.peewee)
    topics: dict[int, list[str]] = {}
    for topic in ClaimTopic.select().where(ClaimTopic.claim << keys).execute(store.database.peewee):
        topics.setdefault(topic.claim_id, []).append(topic.topic)
    return orjson.dumps(ClaimSchema(many=True).dump([_as_object(row, topics.get(row.id, [])) for row in rows]))


def _as_object(row: ClaimTable, topics: list[str]) -> dict[str, object]:
    quantity, frame = orjson.loads(row.quantity or ""), orjson.loads(row.time_frame or "")
    own = {name: getattr(row, name) for name in ("text", "subject", "place", "note")}
    return {
        "claim": own
        | {
            "id": row.public_id,
            "topics": topics,
            "quantity": Quantity(**quantity | {"qualifier": Qualifier(quantity["qualifier"])}),
            "time_frame": TimeFrame(frame["label"], dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        },
        "corroboration": {
            "status": Status(row.status),
            "policy": {"id": row.policy},
            "supports": {"origins": Interval(row.origins_at_least, row.origins_at_most)},
            "differs": {"origins": Interval(row.differing_at_least, row.differing_at_most)},
            "refutes": {"origins": Interval(row.refuting_at_least, row.refuting_at_most)},
            "mentions": row.mentions,
            "documents": row.documents,
        },
        "verdicts": {"agreement": Agreement.NONE, "checkers": 0, "tally": dict.fromkeys(Rating, 0), "current": []},
        "links": [],
        "merged_from": [],
        "version": row.version,
        "created_at": from_us(row.created_us),
        "updated_at": from_us(row.updated_us),
    }


def measure_prepared(database: Database) -> None:
    """Compare a prepared query with its SQL as a string and with compiling it on every run, by processor time."""
    sql = STAMP.compiled(database.peewee).sql
    query = pw.ModelSelect(ClaimTable, (ClaimTable.version, ClaimTable.updated_us))
    query = query.where((ClaimTable.public_id == "claim-1") & ClaimTable.root.is_null()).tuples()

    def many(action: Callable[[], object]) -> float:
        return best(lambda: [action() for _ in range(RUNS)], clock=time.process_time)

    prepared = many(lambda: database.one(STAMP, public_id="claim-1"))
    string = many(lambda: Stamp._make(database.row(sql, ("claim-1",)) or ()))
    each_time = many(lambda: list(query.clone().execute(database.peewee)))
    report(f"{RUNS} prepared queries, processor time", prepared, string, "the SQL string, row named")
    report(f"{RUNS} prepared queries, processor time", prepared, each_time, "compiled on every run")


def measure(store: Store, app: Flask, claims: int) -> None:
    """Make all comparisons over a store of ``claims`` claims."""
    measure_prepared(store.database)
    every = ClaimFilters()
    page = list_claims(store, every, Sort.RECENCY, None, 50)[:50]
    keys = [claim.key for claim in page]
    stored = best(lambda: b",".join(c.json.encode() for c in list_claims(store, every, Sort.RECENCY, None, 50)))
    report("page of 50, stored JSON", stored, best(lambda: serialised(store, keys)), "Peewee models, marshmallow")

    last = list_claims(store, every, Sort.RECENCY, None, 50)[-1]
    position = (last.position, last.key)
    for _ in range(min(100, claims // 60)):
        position = (lambda c: (c.position, c.key))(list_claims(store, every, Sort.RECENCY, position, 50)[-1])
    deep = best(lambda: list_claims(store, every, Sort.RECENCY, position, 50))
    offset = "SELECT json FROM claims ORDER BY updated_us DESC, id DESC LIMIT 50 OFFSET ?"
    report(
        "page of 50, deep in the list", deep, best(lambda: store.database.rows(offset, (claims - 100,)), 10), "OFFSET"
    )

    topic = ClaimFilters(topic="topic-7", status=None)
    joined = (
        "SELECT c.json FROM claims c JOIN claim_topics t ON t.claim_id = c.id WHERE t.topic = ? "
        "ORDER BY c.origins_at_least DESC, c.id DESC LIMIT 50"
    )
    facet = best(lambda: list_claims(store, topic, Sort.ORIGINS, None, 50))
    report(
        "page of 50, one topic by origins",
        facet,
        best(lambda: store.database.rows(joined, ("topic-7",)), 10),
        "join and sort",
    )

    rows = [counts for _, counts in store.claims.counts_page(ClaimFilters(topic="topic-7"), 0, claims)]
    schema = CountsSchema(many=True)
    values = list(stored_counts(store, ClaimFilters(topic="topic-7")))
    ours, reference = best(lambda: [counts_row(row) for row in values], 10), best(lambda: schema.dump(rows), 10)
    report(f"{len(rows)} rows of counts", ours, reference, "marshmallow")

    client = app.test_client()
    whole = best(lambda: client.get("/v1/claims?limit=50").data)
    etag = client.get(f"/v1/claims/{store.claims.by_ids(['claim-1'])[0].id}").headers["ETag"]
    unchanged = best(lambda: client.get("/v1/claims/claim-1", headers={"If-None-Match": etag}).status_code)
    report("304 for one claim, through Flask", unchanged, whole, "page of 50, through Flask")


def main() -> None:
    """Fill a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--database-url", help="an empty database; a temporary SQLite file by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings: Settings = make_settings(options.database_url or f"sqlite:///{Path(folder) / 'claims.db'}")
        database = Database(settings)
        migrate(database)
        store = Store(database)
        began = time.perf_counter()
        fill(store, options.claims)
        print(f"{options.claims} claims stored in {time.perf_counter() - began:.1f} s\n")
        measure(store, build_app(store, settings), options.claims)
        database.close()


if __name__ == "__main__":
    main()
