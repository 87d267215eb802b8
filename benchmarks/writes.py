"""Measure writes with their projections and events, and proofs of the log, beside references in one run.

    .venv/bin/python -m benchmarks.writes [--claims 20000] [--database-url URL]

Prints ratios: times differ between machines, their ratios much less. Bounded: a fixed number of rounds of each.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.reads import best
from benchmarks.synthetic import fill
from claim_verification.proofs import merkle
from service.model.actors import Caller, KeyRole
from service.model.entities import Mention, Stance
from service.model.verdicts import Rating, VerdictSubmission
from service.operations.log_audit import audit
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases import events as log
from service.use_cases.mentions_and_links import add_mention
from service.use_cases.verdicts import submit_verdict
from tests.settings import make_settings

CALLER = Caller("Bench", KeyRole.EDITOR, "bench")
ROUNDS = 60


def report(name: str, ours: float, reference: float, against: str) -> None:
    """Print one line: our time in milliseconds, as a multiple or a fraction of the reference's."""
    ratio = f"{ours / reference:7.1f} x the time" if ours > reference else f"{reference / ours:7.1f} x as fast"
    print(f"{name:<44} {ours * 1000:9.3f} ms   {ratio} of {against} ({reference * 1000:.3f} ms)")


def measure_writes(store: Store, claims: int) -> None:
    """Measure a write with its projection and events, beside a bare row in an equally durable transaction."""
    numbers = itertools.count()

    def bare() -> None:
        number = next(numbers)
        with store.write():
            store.database.run(
                "INSERT INTO verdicts (public_id, claim_id, claim_version, checker, retraction, rating, evidence, "
                "reviewers, created_us, state, state_us) VALUES (?, 1, 1, 'bare', ?, 'refuted', '[]', '[]', ?, "
                "'withdrawn', ?)",
                (f"v-bare-{number}", False, number, number),
            )

    def judged() -> None:
        number = next(numbers) * 7 % claims
        submit_verdict(
            store,
            CALLER,
            f"claim-{number}",
            VerdictSubmission(claim_version=1, rating=Rating.REFUTED),
            review_required=False,
        )

    def mentioned() -> None:
        number = next(numbers) * 7 % claims
        document = f"document-{number % max(20, claims // 10)}"
        add_mention(store, CALLER, f"claim-{number}", Mention("", "", document, Stance.SUPPORTS))

    reference = best(bare, ROUNDS)
    report("a verdict, with projection and events", best(judged, ROUNDS), reference, "a bare row")
    report("a mention, with projection and events", best(mentioned, ROUNDS), reference, "a bare row")


def measure_log(store: Store) -> None:
    """Measure heads and proofs from stored nodes, beside the same from all leaves."""
    size = store.events.log_end()[0]

    def all_leaves() -> merkle.Frontier:
        tree = merkle.Frontier()
        for event in store.events.all_events():
            tree.append(bytes.fromhex(event.hash))
        return tree

    reference = best(lambda: all_leaves().root(), 3)
    report(f"the head of {size} events", best(partial(log.head, store), ROUNDS), reference, "hashing all leaves")
    proof = best(lambda: log.prove_inclusion(store, size // 3, size), ROUNDS)
    report("a proof of inclusion", proof, reference, "hashing all leaves")
    began = time.perf_counter()
    findings = list(audit(store))
    taken = time.perf_counter() - began
    print(f"audit of the whole log and all tables: {taken:.1f} s, {size / taken:.0f} events a second, {findings}")


def main() -> None:
    """Fill a store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--database-url", help="an empty database; a temporary SQLite file by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(make_settings(options.database_url or f"sqlite:///{Path(folder) / 'claims.db'}"))
        migrate(database)
        store = Store(database)
        began = dt.datetime.now(dt.UTC)
        fill(store, options.claims)
        taken = (dt.datetime.now(dt.UTC) - began).total_seconds()
        events = store.events.log_end()[0]
        print(f"{options.claims} claims stored in {taken:.1f} s, with {events} events\n")
        measure_log(store)
        measure_writes(store, options.claims)
        database.close()


if __name__ == "__main__":
    main()
