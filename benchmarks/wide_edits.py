"""Measure an edit that many claims rest on: its own time, the time that others wait, and the claims recounted a second.

    .venv/bin/python -m benchmarks.wide_edits [--claims 20000] [--database-url URL]

All claims rest on one source, whose name is changed. A second process recounts, as a server's does, while this one
repeatedly asks for its turn to write and reads a claim. Claims a second are by the processor time of that process;
waiting is in elapsed time, which is longer on a busy machine.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.synthetic import NOW, WIDE, World, write_batch, write_catalogue
from service.model.actors import SEEDS, Caller, KeyRole
from service.operations.recounting import do_recounts
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.editing import change_source
from service.use_cases.unit_of_work import unit_of_work
from tests.settings import make_settings

_PAUSE = 0.02
_EDITOR = Caller("Bench", KeyRole.EDITOR, "")


def fill(store: Store, world: World) -> None:
    """Store a world in which all sources are part of one."""
    world.sources[1:] = [replace(each, part_of=each.part_of or WIDE) for each in world.sources[1:]]
    with unit_of_work(store, SEEDS, NOW) as work:
        write_catalogue(work, world)
    for batch in world.batches():
        with unit_of_work(store, SEEDS, NOW) as work:
            work.touch(write_batch(work, batch))


def recount(url: str, begin: Any, results: Any) -> None:
    """Do the recounts in the queue once ``begin`` is set; put the elapsed and the processor seconds into a queue."""
    database = Database(make_settings(url))
    store = Store(database)
    store.recounts.claims_left()
    results.put(None)
    begin.wait()
    began, processor = time.perf_counter(), time.process_time()
    do_recounts(store)
    results.put((time.perf_counter() - began, time.process_time() - processor))
    database.close()


def measure(url: str, claims: int) -> None:
    """Fill a store, change the source, and print what was measured."""
    # Longer than the default, since the waits are what is measured.
    database = Database(make_settings(url, database_timeout_seconds=300))
    migrate(database)
    store = Store(database)
    fill(store, World.of(claims))
    spawn = multiprocessing.get_context("spawn")
    begin, results = spawn.Event(), spawn.Queue()
    child = spawn.Process(target=recount, args=(url, begin, results))
    child.start()
    results.get(timeout=60)
    began, processor = time.perf_counter(), time.process_time()
    change_source(store, _EDITOR, WIDE, lambda source: replace(source, name="Another Name"), lambda tag: None)
    taken, used = time.perf_counter() - began, time.process_time() - processor
    left = store.recounts.claims_left()
    print(f"the edit: {taken * 1000:.0f} ms ({used * 1000:.0f} of processor); {left} claims are left")
    begin.set()
    waits: list[float] = []
    reads: list[float] = []
    while results.empty():
        time.sleep(_PAUSE)
        began = time.perf_counter()
        with store.write():
            waits.append(time.perf_counter() - began)
        began = time.perf_counter()
        get_claim(store, f"claim-{claims - 1}")
        reads.append(time.perf_counter() - began)
    wall, processor = results.get(timeout=60)
    child.join(timeout=60)
    print(f"recounted in {wall:.1f} s ({processor:.1f} of processor): {claims / processor:.0f} claims a second of it")
    for name, times in (("turns of other writers", waits), ("reads of a claim that waits", reads)):
        times.sort()
        middle, nearly = times[len(times) // 2], times[len(times) * 99 // 100]
        print(f"{len(times)} {name}: p50 {middle * 1000:.1f}, p99 {nearly * 1000:.0f}, most {times[-1] * 1000:.0f} ms")
    database.close()


def main() -> None:
    """Measure in an empty store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--database-url", help="an empty database; a temporary SQLite file by default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.database_url or f"sqlite:///{Path(folder) / 'claims.db'}", options.claims)


if __name__ == "__main__":
    main()
