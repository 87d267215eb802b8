"""Writers and readers at work in threads, and what must be true of the store for what they were told."""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.storage.database import Database
from service.store import Store
from tests.settings import make_settings
from tests.survival.client import Client
from tests.survival.writers import COUNTED, SHARED, Account, Writer, counts

WAIT_SECONDS = 60
LISTS = ("/v1/claims", "/v1/verdicts", "/v1/corroboration", "/v1/queue", "/v1/conflicts", f"/v1/claims/{SHARED[0]}")


class Load:
    """Writers and readers that go on until the block ends. What any of them complains of fails the test at its end."""

    def __init__(self, url: str, keys: Sequence[str], *, readers: int = 0, patient: bool = False) -> None:
        self._clients = [Client(url, key, patient=patient) for key in keys]
        self.writers = [Writer(number, client) for number, client in enumerate(self._clients)]
        self.since = 0
        self._stop = threading.Event()
        self._complaints: list[str] = []
        work: list[Callable[[], None]] = [writer.step for writer in self.writers]
        for number in range(readers):
            client = Client(url, keys[0], patient=patient)
            self._clients.append(client)
            work.append(EventReader(client).step if number % 2 == 0 else ListReader(client).step)
        self._threads = [threading.Thread(target=self._repeat, args=(step,)) for step in work]

    @property
    def accounts(self) -> list[Account]:
        """The answers to each writer."""
        return [writer.account for writer in self.writers]

    @property
    def acknowledged(self) -> int:
        """The number of writes acknowledged so far."""
        return sum(len(account.events) for account in self.accounts)

    def so_far(self) -> Counter[tuple[str, str]]:
        """Return the events that must be in the log by now."""
        # A copy of a list that only grows is whole.
        return Counter(event for account in self.accounts for event in list(account.events))

    def wait_for(self, more: int) -> None:
        """Wait until that many more writes are acknowledged."""
        wanted, deadline = self.acknowledged + more, time.monotonic() + WAIT_SECONDS
        while self.acknowledged < wanted:
            self.raise_complaints()
            assert time.monotonic() < deadline, "the writers got stuck"
            time.sleep(0.01)

    def raise_complaints(self) -> None:
        """Fail with what the writers and readers saw."""
        assert not self._complaints, "\n".join(self._complaints[:3])

    def __enter__(self) -> Load:
        self.since = int(self._clients[0].read("/v1/events/head")["size"])
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(2 * WAIT_SECONDS)
        for client in self._clients:
            client.close()
        if kind is None:
            assert not any(thread.is_alive() for thread in self._threads)
            self.raise_complaints()

    def _repeat(self, step: Callable[[], None]) -> None:
        try:
            while not self._stop.is_set():
                step()
        except Exception:
            self._complaints.append(traceback.format_exc())


class EventReader:
    """Follows the log: what it has read has no gap, and nothing comes in later before what it has seen."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._last = 0
        self._hash: str | None = None

    def step(self) -> None:
        """Read what is new."""
        for event in self._client.read(f"/v1/events?after={self._last}&limit=200")["data"]:
            assert (event["seq"], event["previous"]) == (self._last + 1, self._hash)
            self._last, self._hash = event["seq"], event["hash"]


class ListReader:
    """Reads one list after the other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._turn = 0

    def step(self) -> None:
        """Read the next list."""
        self._turn += 1
        self._client.read(LISTS[self._turn % len(LISTS)])


@contextmanager
def opened(database_url: str, **settings: Any) -> Iterator[Store]:
    """Yield the store behind a database, past the service."""
    database = Database(make_settings(database_url, **settings))
    try:
        yield Store(database)
    finally:
        database.close()


def logged(store: Store, since: int = 0) -> Counter[tuple[str, str]]:
    """Count each event (type and subject) in the log after ``since``."""
    return Counter((event.type, event.subject) for event in store.events.all_events() if event.seq > since)


def assert_sound(store: Store) -> None:
    """Assert that the log is whole, that the tables agree with it, and that every stored count is true."""
    assert list(audit(store)) == []
    assert list(examine(store)) == []


def assert_kept(store: Store, load: Load) -> None:
    """All that was acknowledged is there, once, and nothing that nobody wrote."""
    log, told = logged(store, load.since), load.so_far()
    uncertain = Counter(("claim.changed", f"claim:{claim}") for a in load.accounts for claim in a.uncertain.elements())
    kinds = {kind for kind, _ in told}
    written = Counter({event: times for event, times in log.items() if event[0] in kinds})
    assert told - written == Counter(), "acknowledged, and not in the log"
    assert written - told - uncertain == Counter(), "in the log more often than was written"

    for claim in COUNTED:
        [state] = store.claims.claim_states([record.key for record in store.claims.by_ids([claim])])
        counters = counts(state.claim.note)
        for writer in load.writers:
            sure = writer.account.counted[claim]
            assert sure <= counters[writer.name] <= sure + writer.account.uncertain[claim], (claim, writer.name)

    marks = Counter(row[0] for row in store.database.rows("SELECT rationale FROM verdicts"))
    assert [mark for mark, times in marks.items() if times > 1] == []
    assert {mark for account in load.accounts for mark in account.marks} <= marks.keys()
