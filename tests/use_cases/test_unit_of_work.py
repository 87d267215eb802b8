"""Only the unit of work opens a write."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import service
from service.eventlog.events import EventType
from service.model.entities import Claim
from service.model.timestamps import rfc3339
from service.store import Store
from service.use_cases.event_payloads import record_claim
from service.use_cases.unit_of_work import transaction, unit_of_work
from tests.world import ADA, World

ROOT = Path(service.__file__).parent
# The owner, the store that passes the call on, and the database that has the transactions.
# The last makes indexes of an upgrade, which are no data.
OWNERS = {"use_cases/unit_of_work.py", "store.py", "storage/database.py", "storage/schema/deferred.py"}
OPENERS = {"write", "write_if_free"}
DATABASES = {"store", "_store", "database", "_database"}


def openers(source: str) -> Iterator[int]:
    """Yield the lines that open a write, or pass on the method that does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in OPENERS:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if name in DATABASES or node.attr == "write_if_free":
                yield node.lineno
        elif isinstance(node, ast.Attribute) and node.attr == "atomic":
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        "with store.write(): pass",
        "with self.database.write(), self._lock: pass",
        "run(self._store.write)",
        "with anything.write_if_free() as free: pass",
        "with self.database.peewee.atomic(): pass",
    ],
)
def test_an_opened_write_is_found(source: str) -> None:
    assert list(openers(source)) == [1]


def test_only_the_unit_of_work_opens_a_write() -> None:
    files = {path.relative_to(ROOT).as_posix(): path for path in ROOT.rglob("*.py")}
    assert files.keys() > OWNERS
    found = {f"{name}:{line}" for name, path in files.items() for line in openers(path.read_text())}
    assert {place for place in found if place.partition(":")[0] not in OWNERS} == set()
    assert any(place.startswith("use_cases/unit_of_work.py:") for place in found)


def test_units_of_work_inside_a_transaction_commit_or_fail_with_it(store: Store) -> None:
    claim = Claim("c-one", "Something is so.", "something")

    def enter() -> None:
        with unit_of_work(store, "Ada") as work:
            store.evidence_writes.insert_claims([claim], work.now_us)
            work.touch(found.key for found in store.claims.by_ids([claim.id]))

    def fail() -> None:
        with transaction(store):
            enter()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.claims.get(claim.id) is None
    with transaction(store):
        enter()
    assert store.claims.get(claim.id) is not None


def test_a_change_under_an_earlier_clock_is_found_by_a_client_that_saw_a_later_time(world: World) -> None:
    """The clock was a day fast, and is right again: a mirror that asks for what changed since misses nothing."""
    early, ahead = world.claim(), Claim("c-ahead", "Something is so.", "something")
    fast = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with unit_of_work(world.store, ADA, fast) as work:
        world.store.evidence_writes.insert_claims([ahead], work.now_us)
        record_claim(work, EventType.CLAIM_CREATED, ahead)
        work.touch(found.key for found in world.store.claims.by_ids([ahead.id]))
    seen = world.get(f"/v1/claims/{ahead.id}")["updated_at"]
    assert seen == rfc3339(fast)
    verdict, document = world.verdict(early), world.document()
    assert early in [claim["id"] for claim in world.get(f"/v1/claims?updated_since={seen}")["data"]]
    assert [found["id"] for found in world.get(f"/v1/verdicts?since={seen}")["data"]] == [verdict]
    assert world.get(f"/feeds/claimreview.json?since={seen}")["dataFeedElement"]
    # The day on which the service first had something is that of the clock.
    assert world.get(f"/v1/documents/{document}")["first_seen"] < seen[:10]
