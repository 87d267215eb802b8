"""Build the stores that the benchmarks measure, and keep them.

    .venv/bin/python -m benchmarks.stores [--claims 10000 100000 1000000] [--folder data/benchmarks]

A store is made by the code that real data takes: evidence, log, projections, search documents. Two things differ from
an import. Projections are computed by other processes, from what is committed, while the next claims are written. The
indexes of the sort keys, which lists alone use, are made at the end, sorted, rather than row by row.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.synthetic import BATCH, NOW, World, write_batch, write_catalogue
from service.eventlog.events import PendingEvent
from service.interchange.claimreview.collective_names import load_collectives
from service.model.actors import SEEDS
from service.model.errors import SchemaMismatch
from service.model.records import Projection
from service.operations.reprojection import CLAIMS_VERSION, is_due
from service.operations.upgrade import upgrade_records
from service.search.search_document import SearchDocument
from service.storage.database import Database
from service.storage.migrations import check_schema, migrate
from service.storage.queries.projections import Listing
from service.store import Store
from service.use_cases.events import append
from service.use_cases.projections import changes, recompute
from service.use_cases.unit_of_work import transaction, unit_of_work
from tests.settings import make_settings

FOLDER = Path("data/benchmarks")
SIZES = (10_000, 100_000, 1_000_000)
ROUND = 10
"""The number of batches of claims that are written in one transaction."""
_INTERVAL = dt.timedelta(seconds=5)
_PART = BATCH // 4


@dataclass(frozen=True, slots=True)
class Computed:
    """Projections and search documents of some claims, with the events of the changes."""

    listings: dict[int, Listing]
    projections: list[Projection]
    indexed: dict[int, SearchDocument]
    documents: Mapping[int, SearchDocument | None]
    events: list[PendingEvent]


def path_of(claims: int, folder: Path = FOLDER) -> Path:
    """Return the file of the store of so many claims."""
    return folder / f"claims-{claims}.db"


def is_current(path: Path) -> bool:
    """Return whether a store was built by this version of the code."""
    if not path.exists():
        return False
    database = open_database(path)
    try:
        check_schema(database)
        return not is_due(Store(database))
    except SchemaMismatch:
        return False
    finally:
        database.close()


def open_database(path: Path) -> Database:
    """Return the database in a file."""
    return Database(make_settings(f"sqlite:///{path}"))


def build(
    path: Path,
    claims: int,
    workers: int,
    executor: type[ProcessPoolExecutor | ThreadPoolExecutor] = ProcessPoolExecutor,
) -> None:
    """Build a store of ``claims`` claims, whose projections ``workers`` other processes compute."""
    gc.set_threshold(10_000, 10, 10)  # as in a worker of the service; processes that are forked have it too
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    database = open_database(unfinished)
    migrate(database)
    store = Store(database)
    # Of an empty store all are done at once: nothing is left to be upgraded while it is measured.
    upgrade_records(store, load_collectives(), lambda step: None)
    world = World.of(claims)
    with unit_of_work(store, SEEDS, NOW) as work:
        write_catalogue(work, world)
    indexes = _drop_list_indexes(database)
    with executor(workers, initializer=_open, initargs=(unfinished,)) as pool:
        _write(store, world, pool)
    for statement in indexes:
        database.run(statement)
    with transaction(store):
        store.projections.set_derived_version("claims", CLAIMS_VERSION)
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    unfinished.rename(path)


def _write(store: Store, world: World, pool: Executor) -> None:
    """Write the claims of a world by rounds, each in one transaction with the projections of the round before it."""
    batches = world.batches()
    computing: list[Future[Computed]] = []
    at = NOW
    while batch := list(islice(batches, ROUND)):
        at += _INTERVAL
        with transaction(store):
            with unit_of_work(store, SEEDS, at) as work:
                keys = [key for some in batch for key in write_batch(work, some)]
            _store(store, computing, at)
        parts = [keys[start : start + _PART] for start in range(0, len(keys), _PART)]
        computing = [pool.submit(_compute, part, at + _INTERVAL) for part in parts]
    with transaction(store):
        _store(store, computing, at + _INTERVAL)


def _store(store: Store, futures: Sequence[Future[Computed]], at: dt.datetime) -> None:
    """Store what was computed, all of a kind at once: a page of an index is then written once for many claims."""
    computed = [future.result() for future in futures]
    projections = [projection for each in computed for projection in each.projections]
    store.projections.save_projections(projections, {k: v for each in computed for k, v in each.listings.items()})
    documents = {k: v for each in computed for k, v in each.documents.items()}
    store.search_index.save_search_documents(documents, {})  # none is stored yet
    append(store.events, [event for each in computed for event in each.events], at)


def _open(path: Path) -> None:
    """Open the store in a new process."""
    global _store_here
    _store_here = Store(open_database(path))


_store_here: Store


def _compute(keys: Sequence[int], at: dt.datetime) -> Computed:
    """Compute the projections of committed claims, to be stored at a time."""
    listings: dict[int, Listing] = {}
    projections: list[Projection] = []
    indexed: dict[int, SearchDocument] = {}
    documents: dict[int, SearchDocument | None] = {}
    events: list[PendingEvent] = []
    for batch in recompute(_store_here, keys, at):
        before = {state.key: state for state in batch.states}
        listings |= batch.listings
        projections += batch.projections
        indexed |= batch.indexed
        documents |= batch.documents
        events += [event for each in batch.projections for event in changes(before[each.key], each, SEEDS)]
    return Computed(listings, projections, indexed, documents, events)


def _drop_list_indexes(database: Database) -> list[str]:
    """Drop the indexes of the sort keys; return the statements that make them."""
    found = database.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'claim_sort_keys' AND sql IS NOT NULL"
    )
    for name, _ in found:
        database.run(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def main() -> None:
    """Build the stores that are missing or out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    for claims in options.claims:
        path = path_of(claims, options.folder)
        if is_current(path):
            print(f"{path}: there")
            continue
        began = time.perf_counter()
        build(path, claims, options.processes)
        taken = time.perf_counter() - began
        size = path.stat().st_size / 2**20
        print(f"{path}: {size:.0f} MiB in {taken:.0f} s, {claims / taken:.0f} claims a second", flush=True)


if __name__ == "__main__":
    main()
