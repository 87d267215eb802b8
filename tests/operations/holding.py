"""Locks of the store held by others for as long as a test wants."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from service.store import Store
from tests.processes import PROJECT

SECONDS = 30
_PROGRAM = """
import sys
from service.config import load_settings
from service.storage.database import Database
from service.store import Store

with Store(Database(load_settings())).try_hold(sys.argv[1].replace("|", "\\n")) as free:
    print("held" if free else "taken", flush=True)
    sys.stdin.read()
"""


@contextmanager
def _elsewhere(store: Store, hold: AbstractContextManager[object], *statements: str) -> Iterator[None]:
    """Another thread is within ``hold``, after these statements, for the time of the block."""
    under_way, over = threading.Event(), threading.Event()

    def run() -> None:
        with hold as had:
            assert had is not False
            for statement in statements:
                store.database.run(statement)
            under_way.set()
            over.wait(SECONDS)
        store.database.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert under_way.wait(SECONDS)
        yield
        assert thread.is_alive(), "it did not last as long as the block"
    finally:
        over.set()
        thread.join()


def writing_elsewhere(store: Store, *statements: str) -> AbstractContextManager[None]:
    """Another thread is in the middle of a write, after these statements."""
    return _elsewhere(store, store.write(), *statements)


def held_elsewhere(store: Store, name: str) -> AbstractContextManager[None]:
    """Another thread has this name."""
    return _elsewhere(store, store.try_hold(name))


@contextmanager
def holding_process(url: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that holds the lock ``name`` until it ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, name],
        cwd=PROJECT,
        env={"DATABASE_URL": url, "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()
