"""A cluster whose primary is killed again and again under writers: nothing acknowledged is lost, and writes come back.

``make test-cluster`` kills it 20 times and prints what happened, ``.ci/run`` twice. Each second kill takes PostgreSQL
alone, the others the whole node.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests

from deploy.local_cluster import DatabaseCluster, Node, Site, running_database, running_site
from service.config import NAMES
from tests.cluster import NO_CLUSTER, need_cluster, need_time
from tests.survival.client import Client
from tests.survival.conftest import WRITERS, Place, make_place
from tests.survival.load import Load, assert_kept, assert_sound, opened
from tests.survival.writers import SHARED, furnish

pytestmark = pytest.mark.postgres

KILLS = int(os.environ.get("CLUSTER_KILLS", "2"))
# Of acknowledged writes between a node that is back and the next kill.
WRITES = 20
# Seconds until a write is acknowledged again. The lease of a node that is gone lasts 20.
WHOLE_NODE, POSTGRES_ALONE = 25, 10
READ_SECONDS = 5
# The short form runs beside other tests, which take their share of the machine.
PATIENCE = 2 if KILLS <= 2 else 1
LAG_SECONDS = 5
READS_FROM_REPLICAS = pytest.mark.skipif(
    "READ_DATABASE_URL" not in NAMES,
    reason=f"{NO_CLUSTER}without READ_DATABASE_URL reads need the primary",
)


@dataclass(frozen=True)
class Kill:
    """One kill, and the seconds until a write that began after it was acknowledged."""

    node: str
    whole: bool
    seconds: float

    def __str__(self) -> str:
        what = "whole node" if self.whole else "PostgreSQL alone"
        return f"{self.node}, {what}: writes are back after {self.seconds:.1f} s"


@dataclass
class Reads:
    """The reads of a thread that goes on reading through all kills."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """The kills, the writers with what they were told, and the reads meanwhile."""

    kills: Sequence[Kill]
    load: Load
    reads: Reads


@pytest.fixture(scope="module", autouse=True)
def trusted(site: Site) -> Iterator[None]:
    """Let the clients accept the certificate of the site."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(site.certificate))
        yield


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseCluster]:
    """Yield a running cluster."""
    need_time()
    need_cluster()
    with _on_disk() as folder, running_database(folder) as running:
        yield running


@contextmanager
def _on_disk() -> Iterator[Path]:
    """Yield a folder on a disk, which other users may enter: what is measured is a durable commit."""
    with tempfile.TemporaryDirectory(prefix="claims-cluster-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def place(cluster: DatabaseCluster) -> Place:
    """Return the keys of writers, and the settings of the API nodes."""
    settings = {name: value for name, value in cluster.settings.items() if name in NAMES}
    unlimited = {"RATE_LIMIT_READS": "", "RATE_LIMIT_WRITES": ""}
    return make_place(cluster.url, WRITERS, **(settings | unlimited | {"DATABASE_TIMEOUT": "5", "THREADS": "8"}))


@pytest.fixture(scope="module")
def site(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield two API nodes over the cluster, behind nginx."""
    with running_site(tmp_path_factory.mktemp("site"), place.environment | {"WEB_CONCURRENCY": "1"}) as running:
        yield running


@pytest.fixture(scope="module")
def outcome(cluster: DatabaseCluster, site: Site, place: Place, trusted: None) -> Outcome:
    """Kill the primary again and again, while 16 write and one reads."""
    with Client(site.url, place.keys[0], patient=True) as client:
        furnish(client, len(place.keys))
        with Load(site.url, place.keys, patient=True) as load, _reading(site.url) as reads:
            kills = []
            for number in range(KILLS):
                load.wait_for(WRITES)
                kills.append(_kill(cluster, client, whole=number % 2 == 0))
                print(f"{number + 1:>2}. {kills[-1]}", flush=True)
                cluster.wait_until_whole()
            load.wait_for(WRITES)
    _print(kills, load, reads)
    return Outcome(kills, load, reads)


def _kill(cluster: DatabaseCluster, client: Client, *, whole: bool) -> Kill:
    """Kill the primary; start it again when a write has been acknowledged without it."""
    node: Node = cluster.primary()
    (node.kill if whole else node.kill_postgres)()
    began = time.monotonic()
    body = {
        "claim_version": 1,
        "rating": "refuted",
        "rationale": f"At {began}.",
        "draft": True,
        "despite_assignment": True,
    }
    written = client.post(f"/v1/claims/{SHARED[0]}/verdicts", body)
    seconds = time.monotonic() - began
    assert written.status_code == 201, written.text
    if whole:
        node.start()
    return Kill(node.name, whole, seconds)


@contextmanager
def _reading(url: str) -> Iterator[Reads]:
    """Read a claim and a list again and again, each once, until the block ends."""
    reads, stop = Reads(), threading.Event()

    def read() -> None:
        with requests.Session() as session:
            while not stop.wait(0.1):
                for path in (f"/v1/claims/{SHARED[0]}", "/v1/claims?limit=50"):
                    began = time.monotonic()
                    try:
                        answer = session.get(url + path, timeout=30)
                        problem = "" if answer.status_code == 200 else f"{answer.status_code} {answer.text[:200]}"
                    except requests.RequestException as error:
                        problem = str(error)
                    reads.seconds.append(time.monotonic() - began)
                    if problem:
                        reads.failures.append(f"{path}: {problem}")

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield reads
    finally:
        stop.set()
        thread.join()


def _print(kills: Sequence[Kill], load: Load, reads: Reads) -> None:
    for whole, name in ((True, "whole node"), (False, "PostgreSQL alone")):
        seconds = [kill.seconds for kill in kills if kill.whole == whole]
        print(f"{name}, {len(seconds)} kills: median {statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s")
    slowest = max(reads.seconds)
    print(f"{load.acknowledged} writes acknowledged to {len(load.writers)} writers")
    print(f"{len(reads.seconds)} reads, {len(reads.failures)} failed, the slowest took {slowest:.1f} s", flush=True)


def test_no_acknowledged_write_is_lost(cluster: DatabaseCluster, outcome: Outcome) -> None:
    with opened(cluster.url) as store:
        assert_kept(store, outcome.load)
        assert_sound(store)


def test_writes_are_back_in_time(outcome: Outcome) -> None:
    limits = {True: WHOLE_NODE * PATIENCE, False: POSTGRES_ALONE * PATIENCE}
    assert [str(kill) for kill in outcome.kills if kill.seconds > limits[kill.whole]] == []


@READS_FROM_REPLICAS
def test_reads_keep_answering(outcome: Outcome) -> None:
    assert outcome.reads.failures == []
    assert max(outcome.reads.seconds) < READ_SECONDS * PATIENCE


@READS_FROM_REPLICAS
def test_own_writes_are_read_while_the_replica_lags(cluster: DatabaseCluster, site: Site, place: Place) -> None:
    """The replica falls 5 seconds behind: whoever writes meanwhile reads it at once, at either API node."""
    cluster.wait_until_whole()
    with _lag(cluster) as replica, Client(site.url, place.keys[0], patient=True) as client:
        end = time.monotonic() + LAG_SECONDS
        while time.monotonic() < end:
            text = f"{time.monotonic()} was stated while the replica lagged."
            made = client.post("/v1/claims", {"text": text, "subject": "a subject", "topics": ["lag"]}).json()
            known = replica.execute("SELECT 1 FROM claims WHERE public_id = %s", (made["id"],)).fetchone()
            assert known is None, "the replica does not lag"
            for _ in site.api:
                assert client.read(f"/v1/claims/{made['id']}")["text"] == text
                newest = client.read("/v1/claims?topic=lag&limit=1")["data"]
                assert [claim["id"] for claim in newest] == [made["id"]]
            time.sleep(0.2)


@contextmanager
def _lag(cluster: DatabaseCluster) -> Iterator[psycopg.Connection]:
    """Let the replica receive the log without replaying it, during the block; yield a connection to it.

    Patroni would let it go on at once.
    """
    replica = cluster.replica()
    url = cluster.administrator_url_of(replica)
    with replica.without_patroni(), psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        try:
            while connection.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() != ("paused",):
                time.sleep(0.05)
            yield connection
        finally:
            connection.execute("SELECT pg_wal_replay_resume()")


def test_an_api_node_that_is_killed_is_left_out(site: Site, outcome: Outcome) -> None:
    """The last test: the node stays away."""
    site.kill("api1")
    for _ in range(20):
        assert requests.get(f"{site.url}/v1/claims/{SHARED[0]}", timeout=10).status_code == 200
