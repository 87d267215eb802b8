"""etcd, PostgreSQL nodes under Patroni, and HAProxy with a port for the primary and one for replicas, on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from deploy.local_cluster.processes import Processes, free_ports, give_to_database, kill_postgres
from deploy.local_cluster.programs import check_programs, postgres_binaries, program

FILES = Path(__file__).resolve().parent.parent
USER = DATABASE = "claims"
# As many as haproxy.cfg may have.
NODES = (2, 3)
_ETCD_SECONDS = 20
_HEALTH_SECONDS = 90
_REQUEST_SECONDS = 3


@dataclass
class Node:
    """One PostgreSQL node under Patroni, which can be killed and started again."""

    name: str
    postgres: int
    """The port of PostgreSQL."""
    patroni: int
    """The port of Patroni's REST API."""
    data: Path
    _processes: Processes
    _environment: dict[str, str] = field(repr=False)

    def start(self) -> None:
        """Start Patroni, which starts PostgreSQL. Does not wait for it."""
        command = [program("patroni"), str(self._processes.folder / "patroni.yml")]
        self._processes.start(self.name, command, self._environment, as_database=True)

    def kill(self) -> None:
        """Kill the node as a power cut does: Patroni and every process of PostgreSQL."""
        self._processes.kill(self.name)
        self.kill_postgres()

    def kill_postgres(self) -> None:
        """Kill PostgreSQL alone. Patroni finds out."""
        kill_postgres(self.data)

    @contextmanager
    def without_patroni(self) -> Iterator[None]:
        """Suspend Patroni during the block, shorter than its lease, so that it leaves PostgreSQL as it is."""
        patroni = self._processes.pid(self.name)
        os.kill(patroni, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(patroni, signal.SIGCONT)

    def log(self) -> str:
        """Return what Patroni and PostgreSQL have written so far."""
        return self._processes.log_of(self.name).read_text(encoding="utf-8", errors="replace")

    def members(self) -> list[dict[str, Any]]:
        """Return Patroni's members of the cluster, as this node knows them; none if it does not answer."""
        with suppress(requests.RequestException, ValueError):
            answer = requests.get(f"http://127.0.0.1:{self.patroni}/cluster", timeout=_REQUEST_SECONDS)
            members: list[dict[str, Any]] = answer.json()["members"]
            return members
        return []


@dataclass
class DatabaseCluster:
    """The running nodes.

    ``url`` and ``replica_url`` are the service's database on whichever node is the primary, or a replica, through
    HAProxy.
    """

    url: str
    replica_url: str
    nodes: Sequence[Node]
    _password: str = field(repr=False)
    _administrator: str = field(repr=False)
    """The password of PostgreSQL's superuser."""

    @property
    def node_urls(self) -> list[str]:
        """The service's database on each node."""
        return [_url(USER, self._password, node.postgres) for node in self.nodes]

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a service that writes to the primary, and reads from every node."""
        return {"DATABASE_URL": self.url, "READ_DATABASE_URL": " ".join(self.node_urls)}

    def administrator_url_of(self, node: Node) -> str:
        """Return the URL of the service's database on one node, as PostgreSQL's superuser."""
        return _url("postgres", self._administrator, node.postgres)

    def primary(self) -> Node:
        """Return the node that is the primary. Raises ``LookupError`` while there is none."""
        for member in self._members():
            if member["role"] == "leader" and member["state"] == "running":
                return next(node for node in self.nodes if node.name == member["name"])
        raise LookupError("no node is the primary")

    def replica(self) -> Node:
        """Return a node that is not the primary."""
        primary = self.primary()
        return next(node for node in self.nodes if node is not primary)

    def is_whole(self) -> bool:
        """Return whether there is a primary, and every other node follows it, one of them synchronously."""
        roles = [member["role"] for member in self._members() if member["state"] in ("running", "streaming")]
        return len(roles) == len(self.nodes) and "leader" in roles and "sync_standby" in roles

    def wait_until_whole(self) -> None:
        """Return when the primary has its synchronous standby, and HAProxy leads to both."""
        deadline = time.monotonic() + _HEALTH_SECONDS
        while not (self.is_whole() and all(map(_accepts, (self.url, self.replica_url)))):
            if time.monotonic() > deadline:
                logs = "\n".join(f"{node.name}:\n{node.log()[-2000:]}" for node in self.nodes)
                raise TimeoutError(f"the nodes are not whole after {_HEALTH_SECONDS} s: {self._members()}\n{logs}")
            time.sleep(0.2)

    def _members(self) -> list[dict[str, Any]]:
        return next(filter(None, (node.members() for node in self.nodes)), [])


@contextmanager
def running_database(folder: Path, number: int = NODES[0]) -> Iterator[DatabaseCluster]:
    """Run two or three nodes in a folder for the time of the block. Raises ``Missing`` without their programs."""
    check_programs()
    folder = folder / "database"
    folder.mkdir()
    give_to_database(folder)
    for name in ("patroni.yml", "create_database.sql", "haproxy.cfg"):
        shutil.copy(FILES / name, folder)
        (folder / name).chmod(0o644)
    processes = Processes(folder)
    etcd, peers, primary, replicas, *ports = free_ports(4 + 2 * number)
    passwords = {
        "PATRONI_SUPERUSER_PASSWORD": secrets.token_hex(16),
        "PATRONI_REPLICATION_PASSWORD": secrets.token_hex(16),
        "PATRONI_REWIND_PASSWORD": secrets.token_hex(16),
        "CLAIMS_DATABASE_PASSWORD": secrets.token_hex(16),
    }
    nodes = [
        _node(f"node{place}", processes, postgres, patroni, etcd, passwords)
        for place, (postgres, patroni) in enumerate(zip(ports[::2], ports[1::2], strict=True), 1)
    ]
    password = passwords["CLAIMS_DATABASE_PASSWORD"]
    cluster = DatabaseCluster(
        _url(USER, password, primary),
        _url(USER, password, replicas),
        nodes,
        password,
        passwords["PATRONI_SUPERUSER_PASSWORD"],
    )
    try:
        _start_etcd(processes, etcd, peers)
        for node in nodes:
            node.start()
        _start_haproxy(processes, primary, replicas, nodes)
        cluster.wait_until_whole()
        yield cluster
    finally:
        for node in nodes:
            node.kill()
        processes.stop()


def _node(name: str, processes: Processes, postgres: int, patroni: int, etcd: int, passwords: dict[str, str]) -> Node:
    data = processes.folder / name
    environment = passwords | {
        "PATRONI_NAME": name,
        "PATRONI_RESTAPI_LISTEN": f"127.0.0.1:{patroni}",
        "PATRONI_RESTAPI_CONNECT_ADDRESS": f"127.0.0.1:{patroni}",
        "PATRONI_POSTGRESQL_LISTEN": f"127.0.0.1:{postgres}",
        "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"127.0.0.1:{postgres}",
        "PATRONI_POSTGRESQL_DATA_DIR": str(data),
        "PATRONI_POSTGRESQL_BIN_DIR": str(postgres_binaries()),
        "PATRONI_POSTGRESQL_PGPASS": str(processes.folder / f"{name}.pgpass"),
        "PATRONI_ETCD3_HOSTS": f"127.0.0.1:{etcd}",
    }
    return Node(name, postgres, patroni, data, processes, environment)


def _start_etcd(processes: Processes, clients: int, peers: int) -> None:
    here = f"http://127.0.0.1:{peers}"
    environment = {
        "ETCD_NAME": "etcd",
        "ETCD_DATA_DIR": str(processes.folder / "etcd"),
        "ETCD_LISTEN_CLIENT_URLS": f"http://127.0.0.1:{clients}",
        "ETCD_ADVERTISE_CLIENT_URLS": f"http://127.0.0.1:{clients}",
        "ETCD_LISTEN_PEER_URLS": here,
        "ETCD_INITIAL_ADVERTISE_PEER_URLS": here,
        "ETCD_INITIAL_CLUSTER": f"etcd={here}",
    }
    processes.start("etcd", [program("etcd")], environment, as_database=True)

    def is_ready() -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{clients}/health", timeout=_REQUEST_SECONDS).ok
        return False

    processes.wait_for("etcd", is_ready, _ETCD_SECONDS)


def _start_haproxy(processes: Processes, primary: int, replicas: int, nodes: Sequence[Node]) -> None:
    environment = {"PRIMARY_BIND": f"127.0.0.1:{primary}", "REPLICAS_BIND": f"127.0.0.1:{replicas}"}
    for number, node in enumerate(nodes, 1):
        environment |= {f"NODE{number}": f"127.0.0.1:{node.postgres}", f"NODE{number}_CHECK": str(node.patroni)}
    command = [program("haproxy"), "-db", "-f", str(processes.folder / "haproxy.cfg")]
    processes.start("haproxy", command, environment, as_database=True)


def _accepts(url: str) -> bool:
    """Return whether a connection to PostgreSQL can be opened. HAProxy closes it at once where it leads nowhere."""
    import psycopg  # of the extra `postgres`

    try:
        psycopg.connect(url, connect_timeout=_REQUEST_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True


def _url(user: str, password: str, port: int) -> str:
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{DATABASE}"
