"""Measure the service beside its references on this machine, in turns; write a table and a plot.

    make bench [ARGS='--claims 1000000']       make bench-quick [ARGS='--only search']

A wrong answer, such as 429 or 500, ends the run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import requests

from benchmarks.compared import Bench, Compared
from benchmarks.lines import LINES, Line, Server, Store
from benchmarks.load import check_wrk
from benchmarks.once import Single, measured_once
from benchmarks.report import markdown
from benchmarks.servers import Running, running_datasette, running_ours, running_reference
from benchmarks.stores import FOLDER, SIZES, build, is_current, open_database, path_of
from service import __version__
from service.model.actors import KeyRole
from service.store import Store as ServiceStore
from service.use_cases.api_keys import create_key

RESULTS = Path("benchmarks/results")
PLOTTER = Path(".venv/bench/bin/python")
_GROWN_AT_MOST = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """The seconds and rounds of each line, and how many reviews are imported."""

    seconds: int
    rounds: int
    reviews: int


QUICK, FULL = Plan(1, 1, 1_000), Plan(1, 3, 20_000)


def run(plan: Plan, claims: int, only: str) -> tuple[list[Compared], list[Single]]:
    """Measure the lines whose names have the words ``only``, on the store of so many claims."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=FOLDER)))
        path = Path(shutil.copy(path_of(claims), folder / "claims.db"))
        keys = {Server.OURS: _key(path)}
        servers = {
            Server.OURS: stack.enter_context(running_ours(path, folder)),
            Server.REFERENCE: stack.enter_context(running_reference(path, folder)),
        }
        datasette = stack.enter_context(running_datasette(path))
        if datasette is not None:
            servers[Server.DATASETTE] = datasette
        stores = dict.fromkeys(servers, _store(claims, servers[Server.OURS]))
        if claims > SIZES[0] and path_of(SIZES[0]).exists():
            small = Path(shutil.copy(path_of(SIZES[0]), folder / "small.db"))
            keys[Server.SMALL] = _key(small)
            servers[Server.SMALL] = stack.enter_context(running_ours(small, folder))
            stores[Server.SMALL] = _store(SIZES[0], servers[Server.SMALL])
        bench = Bench(servers, stores, keys, plan.seconds, plan.rounds)
        compared = []
        for line in _lines(servers, only):
            found = bench.compare(line)
            print(f"{line.name:44} {found.by_rate:8.2f} {found.by_processor:8.2f}  {found.against}", flush=True)
            compared.append(found)
        singles = [] if only else list(measured_once(servers[Server.OURS], keys[Server.OURS], claims, plan.reviews))
        return compared, singles


def _lines(servers: dict[Server, Running], only: str) -> Iterator[Line]:
    """Yield the lines that can be measured; reads first, and those that are to cost the same in a small store twice."""
    chosen = [line for line in LINES if only in line.name and line.server in servers]
    if Server.SMALL in servers:
        grown = [line for line in chosen if line.grows]
        yield from (
            replace(line, server=Server.SMALL, reference=line.ours, goal=1 / _GROWN_AT_MOST, against="")
            for line in grown
        )
    yield from chosen


def _store(claims: int, ours: Running) -> Store:
    def tag_of(path: str) -> str:
        return requests.get(f"{ours.url}{path}", headers={"Accept-Encoding": "identity"}, timeout=30).headers["ETag"]

    def next_of(path: str) -> str | None:
        following: str | None = requests.get(f"{ours.url}{path}", timeout=30).json()["next"]
        return following

    return Store(claims, "claims", tag_of, next_of, itertools.count())


def _key(path: Path) -> str:
    """Create an editor's key in a store, and return its text."""
    database = open_database(path)
    try:
        return create_key(ServiceStore(database), "Bench", KeyRole.EDITOR, None, "bench")[1]
    finally:
        database.close()


def _machine(claims: int) -> str:
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, version {__version__}, {claims:,} claims, {os.cpu_count()} "
        f"cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}. 16 connections of wrk. Ratios: "
        "medians of those of each round, above 1 the service is faster; `✓` if that of processor time reaches the goal."
    )


def save(name: str, claims: int, compared: Sequence[Compared], singles: Sequence[Single]) -> None:
    """Write the table, the numbers and the plot."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    page = markdown(f"Benchmark, {claims:,} claims", _machine(claims), compared, singles)
    (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")
    numbers = RESULTS / f"{name}.json"
    numbers.write_text(json.dumps({"lines": [asdict(line) for line in compared]}, indent=1) + "\n", encoding="utf-8")
    print(f"\n{page}\nwritten to {RESULTS / name}.md")
    if PLOTTER.exists():
        subprocess.run([PLOTTER, "benchmarks/plot.py", numbers, RESULTS / f"{name}.png"], check=True)
    else:
        print("no plot: `make bench` installs matplotlib")


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round of each line")
    parser.add_argument(
        "--claims", type=int, help="the size of the store; by default the largest up to 100,000 there is"
    )
    parser.add_argument("--only", default="", help="only lines with these words in their name")
    options = parser.parse_args()
    check_wrk()
    there = [size for size in SIZES if size <= 100_000 and is_current(path_of(size))]
    claims = options.claims or (SIZES[0] if options.quick else max(there, default=SIZES[0]))
    if not is_current(path_of(claims)):
        print(f"building the store of {claims:,} claims", flush=True)
        build(path_of(claims), claims, os.cpu_count() or 1)
    compared, singles = run(QUICK if options.quick else FULL, claims, options.only)
    if options.only:
        print("nothing written: a part of the lines was measured")
    else:
        save("quick" if options.quick else f"claims-{claims}", claims, compared, singles)


if __name__ == "__main__":
    main()
