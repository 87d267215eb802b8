"""Processes killed in the middle of writes: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from tests.long_forms import by_form
from tests.processes import Service, running_service
from tests.servers import free_port
from tests.survival.client import Client
from tests.survival.commands import done
from tests.survival.conftest import Place
from tests.survival.load import WAIT_SECONDS, Load, assert_kept, assert_sound, opened
from tests.survival.writers import furnish

ROUNDS = int(os.environ.get("SURVIVAL_ROUNDS", by_form("1", "10")))
# Writes between one kill and the next.
WRITES = by_form(10, 15)


def test_killed_processes_lose_nothing_that_was_acknowledged(place: Place, tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as running:
        service = running.enter_context(running_service(tmp_path, place.environment, port=port))
        with Client(service.url, place.keys[0]) as client:
            furnish(client, len(place.keys))
        with Load(service.url, place.keys, readers=2, patient=True) as load:
            for _ in range(ROUNDS):
                load.wait_for(WRITES)
                [victim, _] = workers_of(service)
                os.kill(victim, signal.SIGKILL)
                _wait_for_workers(service, without=victim)

                load.wait_for(WRITES)
                workers = workers_of(service)
                service.process.kill()
                service.process.wait()
                # Its workers may still be at work when the next master wants their port.
                service = running.enter_context(running_service(tmp_path, place.environment, port=port))
                _wait_until_gone(workers)
                _wait_for_workers(service)
            load.wait_for(WRITES)
        assert service.stop() == 0
    with opened(place.url) as store:
        assert_kept(store, load)
        assert_sound(store)
    assert done("audit", environment=place.environment).startswith("the log is complete")
    assert done("doctor", environment=place.environment) == "all stored counts are true\n"


def workers_of(service: Service) -> list[int]:
    """Return the processes that the master has started, by their ids."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text(encoding="ascii")
    return [int(child) for child in children.split()]


def _wait_for_workers(service: Service, without: int | None = None) -> None:
    """Wait until the master has both workers."""
    deadline = time.monotonic() + WAIT_SECONDS
    while len(found := workers_of(service)) < 2 or without in found:
        assert service.process.poll() is None, service.log()
        assert time.monotonic() < deadline, "there are not two workers"
        time.sleep(0.05)


def _wait_until_gone(processes: list[int]) -> None:
    """Workers whose master was killed end by themselves."""
    deadline = time.monotonic() + WAIT_SECONDS
    while any(_alive(process) for process in processes):
        assert time.monotonic() < deadline, "workers without a master go on"
        time.sleep(0.05)


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
