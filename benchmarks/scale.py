"""Measure one API node and two, over SQLite and PostgreSQL, without replicas and with one and two, in turns.

    .venv/bin/python -m benchmarks.scale [--claims 10000] [--folder data/benchmarks] [--seconds 2] [--rounds 3]

PostgreSQL is the cluster of ``deploy/`` with three nodes: its commits are on the disk of a second node before they are
acknowledged. All nodes share the cores of this machine, so that more of them add no capacity here: the processor time
of an answer, in the API nodes and in the database, says what they would add on machines of their own.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.lines import LINES, Line, Store
from benchmarks.load import check_wrk, measure
from benchmarks.postgres_copy import copy_store
from benchmarks.servers import Running
from benchmarks.stores import FOLDER, SIZES, path_of
from deploy.local_cluster import DatabaseCluster, Node, running_database
from deploy.local_cluster.processes import postgres_processes
from service.model.actors import KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store as ServiceStore
from service.use_cases.api_keys import create_key
from tests.processes import running_service
from tests.settings import make_settings

CONNECTIONS = 16
# Writes are measured so many times longer: there are fewer of them.
_LONGER = 3
_NAMES = ("one claim", "list of 50, many pages", "search, a middling word", "a mention")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Setup:
    """API nodes over a database, and the PostgreSQL nodes whose processor time counts."""

    name: str
    api: Sequence[Running]
    key: str
    databases: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers a second, and the processor microseconds of an answer in the API nodes and in PostgreSQL."""

    rate: float
    api_us: float
    database_us: float

    @property
    def processor_us(self) -> float:
        """Both together."""
        return self.api_us + self.database_us


def lines() -> list[Line]:
    """Return the lines that are measured."""
    return [next(line for line in LINES if line.name == name) for name in _NAMES]


@contextmanager
def running(path: Path, folder: Path) -> Iterator[list[Setup]]:
    """Run every setup, each over a copy of the store."""
    with ExitStack() as stack:
        own = Path(shutil.copy(path, folder / "claims.db"))
        sqlite = {"DATABASE_URL": f"sqlite:///{own}"}
        keys = [_key(sqlite["DATABASE_URL"], "Bench")]
        cluster = stack.enter_context(running_database(folder, 3))
        copy_store(own, cluster.url)
        keys.append(_key(cluster.url, "Bench of PostgreSQL"))
        setups = [
            Setup(f"SQLite, {_nodes(number)}", _api(stack, folder, sqlite, number), keys[0], ()) for number in (1, 2)
        ]
        for replicas, number in itertools.product((0, 1, 2), (1, 2)):
            settings, databases = _reading(cluster, replicas)
            name = f"PostgreSQL, {replicas} replicas, {_nodes(number)}"
            setups.append(Setup(name, _api(stack, folder, settings, number), keys[1], databases))
        yield setups


def _nodes(number: int) -> str:
    return f"{number} API node{'s' if number > 1 else ''}"


def _reading(cluster: DatabaseCluster, replicas: int) -> tuple[dict[str, str], list[Node]]:
    """Return the settings that read from so many replicas, and the nodes that are in use."""
    primary = cluster.primary()
    urls = dict(zip((node.name for node in cluster.nodes), cluster.node_urls, strict=True))
    read = [node for node in cluster.nodes if node is not primary][:replicas]
    settings = {"DATABASE_URL": cluster.url}
    if read:
        settings["READ_DATABASE_URL"] = " ".join(urls[node.name] for node in read)
    return settings, [primary, *read]


def _api(stack: ExitStack, folder: Path, settings: Mapping[str, str], number: int) -> list[Running]:
    """Start so many API nodes, with two workers in all."""
    environment = {**settings, "WEB_CONCURRENCY": str(2 // number), "SEED_ON_START": "false", "LOG_LEVEL": "WARNING"}
    services = [stack.enter_context(running_service(folder, environment)) for _ in range(number)]
    return [Running(service.url, service.process.pid) for service in services]


def _key(url: str, name: str) -> str:
    """Bring the schema up to date, and create an editor's key."""
    database = Database(make_settings(url))
    try:
        migrate(database)
        return create_key(ServiceStore(database), name, KeyRole.EDITOR, None, "bench")[1]
    finally:
        database.close()


def measure_once(setup: Setup, line: Line, store: Store, seconds: int) -> Answered:
    """Send the requests of a line to all API nodes of a setup, over equal shares of the connections."""
    sent, number = line.ours(store), len(setup.api)
    writes = sent[0].method != "GET"
    # Each node is asked for everything; what is written, is written once.
    shares = [sent[place::number] if writes else sent for place in range(number)]
    seconds *= _LONGER if writes else 1
    connections = CONNECTIONS // number
    before = _postgres_seconds(setup.databases)
    with ThreadPoolExecutor(number) as pool:
        runs = [
            pool.submit(measure, node.url, node.group, share, setup.key, seconds, connections, line.status)
            for node, share in zip(setup.api, shares, strict=True)
        ]
        found = [run.result() for run in runs]
    answers = sum(each.answers for each in found)
    return Answered(
        sum(each.rate for each in found),
        sum(each.processor_us * each.answers for each in found) / answers,
        (_postgres_seconds(setup.databases) - before) / answers * 1e6,
    )


def _postgres_seconds(nodes: Sequence[Node]) -> float:
    """Return the processor time of the processes of PostgreSQL, with those that have ended."""
    ticks = 0
    for node in nodes:
        for place, process in enumerate(postgres_processes(node.data)):
            try:
                stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            # The postmaster's has what its children have spent that are gone.
            ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11 : 15 if place == 0 else 13])
    return ticks / _TICKS


def _store_of(claims: int, url: str) -> Store:
    def next_of(path: str) -> str | None:
        following: str | None = requests.get(f"{url}{path}", timeout=30).json()["next"]
        return following

    return Store(claims, "claims", lambda path: "", next_of, itertools.count())


def print_table(line: Line, found: Mapping[str, Sequence[Answered]]) -> None:
    """Print the medians of a line, with the ratios to the first setup in the same round: above 1 is better."""
    print(f"\n| {line.name} | answers/s | ratio | API µs | PostgreSQL µs | ratio |\n|---|---|---|---|---|---|")
    first = next(iter(found.values()))
    for name, rounds in found.items():
        rate, api, database = (
            statistics.median(getattr(each, what) for each in rounds) for what in ("rate", "api_us", "database_us")
        )
        pairs = list(zip(rounds, first, strict=True))
        by_rate = statistics.median(each.rate / its.rate for each, its in pairs)
        by_processor = statistics.median(its.processor_us / each.processor_us for each, its in pairs)
        print(
            f"| {name} | {rate:,.0f} | {by_rate:.2f} | {api:,.0f} | {database:,.0f} | {by_processor:.2f} |", flush=True
        )


def main() -> None:
    """Measure, and print a table of each line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=SIZES[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    check_wrk()
    with tempfile.TemporaryDirectory(prefix="claims-scale-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the way in for the user who runs PostgreSQL
        with running(path_of(options.claims, options.folder), folder) as setups:
            store = _store_of(options.claims, setups[0].api[0].url)
            for line in lines():
                found: dict[str, list[Answered]] = {setup.name: [] for setup in setups}
                for _ in range(options.rounds):
                    for setup in setups:
                        found[setup.name].append(measure_once(setup, line, store, options.seconds))
                print_table(line, found)


if __name__ == "__main__":
    main()
