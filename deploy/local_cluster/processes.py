"""Processes that are started for a block and stopped with it, each with a log of its own."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.local_cluster.programs import PATH

DATABASE_USER = "postgres"
_STOP_SECONDS = 15


class StartFailed(Exception):
    """A process did not start; the message has the end of its log."""


class Processes:
    """Started processes, in a folder for their logs. ``stop`` ends all of them, the last one first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], *, as_database: bool = False
    ) -> None:
        """Start a process in a session of its own, with this environment alone.

        With ``as_database`` it runs as the user postgres where this process is root: PostgreSQL refuses to run as root.
        """
        base = {"PATH": PATH, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder)}
        with self.log_of(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [str(part) for part in command],
                cwd=self.folder,
                env=base | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **(database_user() if as_database else {}),
            )

    def log_of(self, name: str) -> Path:
        """Return the file with the output of a process."""
        return self.folder / f"{name}.log"

    def pid(self, name: str) -> int:
        """Return the id of a process, which leads a group of the same number."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """End a process and its group at once, as a power cut does."""
        process = self._running.pop(name, None)
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """Ask each process to end, and kill it if it does not."""
        for name, process in reversed(list(self._running.items())):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            self.kill(name)

    def wait_for(self, name: str, is_ready: Callable[[], bool], seconds: float) -> None:
        """Return when a process is ready. Raises ``StartFailed`` if it ends, or takes longer."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            code = self._running[name].poll()
            if code is not None or time.monotonic() > deadline:
                reason = f"ended with {code}" if code is not None else f"was not ready within {seconds:g} s"
                log = self.log_of(name).read_text(encoding="utf-8", errors="replace")
                raise StartFailed(f"{name} {reason}:\n{log[-3000:]}")
            time.sleep(0.1)


def database_user() -> dict[str, Any]:
    """Return the arguments of ``Popen`` for the user who runs PostgreSQL."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(DATABASE_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give_to_database(path: Path) -> None:
    """Make a folder or file that of the user who runs PostgreSQL."""
    if user := database_user():
        os.chown(path, user["user"], user["group"])


def kill_postgres(data: Path) -> None:
    """Kill the PostgreSQL server over a folder at once, its postmaster and all its processes.

    It has a session of its own and outlives the program that started it.
    """
    processes = postgres_processes(data)
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + _STOP_SECONDS
    while any(map(_is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)


def postgres_processes(data: Path) -> list[int]:
    """Return the ids of the PostgreSQL server over a folder, the postmaster's first; none if it does not run."""
    try:
        postmaster = int((data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        if f"-D\0{data}\0" not in Path(f"/proc/{postmaster}/cmdline").read_text(encoding="utf-8"):
            return []  # a file that was left, and another process with the number
    except (FileNotFoundError, IndexError, ValueError):
        return []
    return [postmaster, *_children(postmaster)]


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(path.parent.name))
    return found


def _is_alive(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[0] != "Z"
    return False


def free_ports(number: int) -> list[int]:
    """Return so many loopback ports that nothing listens on at this moment."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
