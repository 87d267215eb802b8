"""Measure the cost of importing reviews, compared with the same rows stored bare, and its memory.

    .venv/bin/python -m benchmarks.imports [--items 5000] [--database-url URL]

Prints ratios, which differ less between machines than times. Processor time is that of this process: with SQLite that
is all of it. Bounded: the items are imported twice.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import Tally
from service.interchange.importing.reviews import BATCH, Importer
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.settings import make_settings


def lines(items: int, seed: int = 1) -> Iterator[str]:
    """Yield made-up ClaimReviews of 80 publishers, with a third as many claimants as items, one document each."""
    rng = random.Random(seed)  # noqa: S311 - made-up data
    for number in range(items):
        publisher = rng.randrange(80)
        name = rng.choice(["Facebook posts", f"Person {rng.randrange(items // 3 + 1)}"])
        yield json.dumps(
            {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "url": f"https://checker{publisher}.example/{number}",
                "headline": f"No, number {number} did not",
                "claimReviewed": f"Minister {number} said that taxes will rise by {number % 97} per cent.",
                "datePublished": "2020-01-02",
                "inLanguage": "en",
                "author": {
                    "@type": "Organization",
                    "name": f"Checker {publisher}",
                    "url": f"https://checker{publisher}.example/",
                },
                "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingExplanation": "It is not so."},
                "itemReviewed": {
                    "@type": "Claim",
                    "author": {"@type": "Person", "name": name},
                    "datePublished": "2020-01-01",
                    "firstAppearance": {"@type": "CreativeWork", "url": f"https://site{number % 500}.example/{number}"},
                },
            }
        )


def measure(store: Store, feed: Path) -> tuple[Tally, float, float]:
    """Import a feed. Return the tally, the elapsed seconds and the seconds of processor time."""
    tally = Tally()
    importer = Importer(store, "Bench", load_collectives())
    gc.set_threshold(10_000, 10, 10)  # as in a worker of the service
    wall, processor = time.perf_counter(), time.process_time()
    with feed.open("rb") as stream:
        for batch in import_stream(importer, stream, table=load_table(), name=feed.name):
            tally.add(batch)
    return tally, time.perf_counter() - wall, time.process_time() - processor


def same_rows(source: Database, target: Database) -> float:
    """Return the seconds of processor time for storing all rows of one database in another, bare, table by table.

    Transactions have as many rows of a table as a batch of an import has reviews. Triggers keep the search index.
    """
    tables = source.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
        "AND name NOT LIKE 'search_index%' AND name NOT LIKE 'sqlite%' AND name <> 'schema_migration'"
    )
    for statement in ("PRAGMA foreign_keys = OFF", *(f'DELETE FROM "{name}"' for [name] in tables)):  # noqa: S608
        target.run(statement)
    spent = 0.0
    for [name] in tables:
        rows = source.rows(f'SELECT * FROM "{name}"')  # noqa: S608 - names of tables
        began = time.process_time()
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            with target.write():
                target.run_many(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(some[0]))})', some)  # noqa: S608
        spent += time.process_time() - began
    return spent


def compare(items: int) -> float:
    """Return how many times the processor time of an import of so many reviews its rows alone take."""
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.ndjson"
        with feed.open("w", encoding="utf-8") as output:
            output.writelines(f"{line}\n" for line in lines(items))
        databases = [Database(make_settings(f"sqlite:///{Path(folder) / name}")) for name in ("imported.db", "bare.db")]
        for database in databases:
            migrate(database)
        _, _, spent = measure(Store(databases[0]), feed)
        bare = same_rows(*databases)
        for database in databases:
            database.close()
        return bare / spent


def own_memory() -> str:
    """Return the anonymous memory of this process, without pages of the database file; only on Linux."""
    try:
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    except OSError:
        return "unknown"
    return f"{int(status['RssAnon'].split()[0]) / 1024:.0f} MiB of its own"


def report(what: str, tally: Tally, wall: float, processor: float) -> None:
    """Print two lines."""
    done = tally.accepted + tally.refused
    print(f"{what}: {done / wall:.0f} a second, {done / processor:.0f} a second of processor; {own_memory()}")
    print(f"  {', '.join(f'{number} {outcome}' for outcome, number in tally.outcomes.items())}")


def main() -> None:
    """Generate a feed and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--database-url", help="an empty database; a temporary SQLite file by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.ndjson"
        with feed.open("w", encoding="utf-8") as output:
            output.writelines(f"{line}\n" for line in lines(options.items))
        database = Database(make_settings(options.database_url or f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        print(f"{options.items} reviews, {feed.stat().st_size / 2**20:.1f} MiB; before: {own_memory()}")
        for what in ("into an empty store", "the same again"):
            report(what, *measure(store, feed))
        database.close()
    if options.database_url is None:
        print(f"its rows alone take {compare(options.items):.2f} of the processor time of an import")


if __name__ == "__main__":
    main()
