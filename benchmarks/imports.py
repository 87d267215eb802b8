"""Measure the cost of importing reviews, compared with bare rows in transactions of the same size, and its memory.

    .venv/bin/python -m benchmarks.imports [--items 5000] [--database-url URL]

Prints ratios, which differ less between machines than times. Processor time is that of this process: with SQLite that
is all of it. Bounded: the items are imported twice.
"""

from __future__ import annotations

import argparse
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
    wall, processor = time.perf_counter(), time.process_time()
    with feed.open("rb") as stream:
        for batch in import_stream(importer, stream, table=load_table(), name=feed.name):
            tally.add(batch)
    return tally, time.perf_counter() - wall, time.process_time() - processor


def bare(store: Store, items: int) -> float:
    """Return the seconds of processor time for bare sources, documents and facets, in batches of the same size."""
    processor = time.process_time()
    for start in range(0, items, BATCH):
        some = range(start, min(start + BATCH, items))
        with store.write():
            store.database.run_many(
                "INSERT INTO sources (public_id, name, kind, version, created_us, updated_us) "
                "VALUES (?, 'x', 'x', 1, 0, 0)",
                [(f"s-bare-{number}",) for number in some],
            )
            store.database.run_many(
                "INSERT INTO documents (public_id, url, version, created_us, updated_us) VALUES (?, ?, 1, 0, 0)",
                [(f"d-bare-{number}", f"https://bare.example/{number}") for number in some],
            )
            store.database.run_many(
                "INSERT INTO facets (kind, value, claims) VALUES ('bare', ?, 0)", [(str(number),) for number in some]
            )
    return time.process_time() - processor


def own_memory() -> str:
    """Return the anonymous memory of this process, without pages of the database file; only on Linux."""
    try:
        status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    except OSError:
        return "unknown"
    return f"{int(status['RssAnon'].split()[0]) / 1024:.0f} MiB of its own"


def report(what: str, tally: Tally, wall: float, processor: float) -> float:
    """Print two lines. Return the seconds of processor time an item."""
    done = tally.accepted + tally.refused
    print(f"{what}: {done / wall:.0f} a second, {done / processor:.0f} a second of processor; {own_memory()}")
    print(f"  {', '.join(f'{number} {outcome}' for outcome, number in tally.outcomes.items())}")
    return processor / done


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
        costs = [report(what, *measure(store, feed)) for what in ("into an empty store", "the same again")]
        row = bare(store, options.items) / options.items
        print(f"a review costs {costs[0] / row:.0f} x the processor time of three bare rows ({row * 1e6:.0f} us)")
        database.close()


if __name__ == "__main__":
    main()
