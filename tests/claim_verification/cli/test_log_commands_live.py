"""``claims log`` against the real service: proofs from outside, and detected lies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.store import Store
from tests.claim_verification.cli.commands import ran
from tests.claim_verification.cli.test_cli import refused
from tests.operations.everything import fill
from tests.operations.tampering import delete_last, rewrite
from tests.processes import Service
from tests.reused_service import ReusedService, reused_service
from tests.survival.load import opened
from tests.world import ADA, World

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReusedService]:
    """Run the service over a store with everything in it."""
    folder = tmp_path_factory.mktemp("log")
    url = f"sqlite:///{folder / 'claims.db'}"
    fill(url)
    with reused_service(folder, url, WEB_CONCURRENCY="2") as service:
        yield service


@pytest.fixture
def serving(reused: ReusedService) -> ReusedService:
    """Return that service, whose store has everything in it again."""
    reused.reset()
    return reused


@pytest.fixture
def full(serving: ReusedService) -> Iterator[Store]:
    """Yield its store, which the server reads and the test changes."""
    with opened(serving.database_url) as store:
        yield store


def _verify(service: Service | ReusedService, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return ran("log", "verify", "--url", service.url, *arguments, **environment)


def _proven(result: subprocess.CompletedProcess[str]) -> list[str]:
    assert result.returncode == 0, result.stderr
    return [line for line in result.stdout.splitlines() if line.startswith(("proven: ", "not proven: "))]


def test_an_honest_log_is_proven_as_it_grows(served_world: Service, world: World, tmp_path: Path) -> None:
    head = str(tmp_path / "head.json")
    saved = ran("log", "head", "--url", served_world.url, "--save", head)
    assert saved.returncode == 0
    assert json.loads(saved.stdout) == json.loads(Path(head).read_text()) == world.get("/v1/events/head")
    size = world.size()

    for _ in range(3):
        world.verdict(world.claim())
        lines = _proven(_verify(served_world, "--all", "--since", head, "--event", "5", "--save", head))
        assert lines[0] == f"proven: it begins with the {size} events of the saved head, unchanged"
        assert lines[1].startswith("proven: event 5 is in it, with the hash ")
        size = world.size()
        assert f"proven: all {size} events follow one another and have this root" in lines
        assert any("not proven: the content of " in line for line in lines)

    # With the key of an admin there is nothing that is withheld.
    whole = _proven(_verify(served_world, "--all", "--event", "1", CLAIMS_API_KEY=world.keys[ADA]))
    assert not [line for line in whole if line.startswith("not proven")]
    bad = _verify(served_world, "--all", CLAIMS_API_KEY=world.keys[ADA][:-1] + "-")
    assert "401" in refused(bad)
    assert world.keys[ADA][:-1] not in bad.stderr + bad.stdout


def test_every_event_is_proven_from_outside(serving: ReusedService, full: Store) -> None:
    size = full.events.log_end()[0]
    for seq in (1, size // 2, size):
        assert _proven(_verify(serving, "--event", str(seq)))[0].startswith(f"proven: event {seq} is in it")
    assert "no event" in refused(_verify(serving, "--event", str(size + 1)))
    refused(_verify(serving), status=2)


def test_a_log_that_was_changed_is_caught(serving: ReusedService, full: Store) -> None:
    full.database.run("UPDATE events SET actor = 'Spy' WHERE seq = 7")
    assert "event 7 " in refused(_verify(serving, "--all"))
    assert "event 7 " in refused(_verify(serving, "--event", "7"))


def test_a_log_that_was_made_anew_is_caught_by_who_noted_a_head(
    serving: ReusedService, full: Store, tmp_path: Path
) -> None:
    head = str(tmp_path / "head.json")
    assert ran("log", "head", "--url", serving.url, "--save", head).returncode == 0
    noted = Path(head).read_text()
    with full.write():
        rewrite(full, 7, lambda event: replace(event, actor="Spy"))
    assert _proven(_verify(serving, "--all"))
    assert "forked" in refused(_verify(serving, "--since", head, "--save", head))
    assert Path(head).read_text() == noted


def test_a_log_that_was_cut_short_is_caught_by_who_noted_a_head(
    serving: ReusedService, full: Store, tmp_path: Path
) -> None:
    head = str(tmp_path / "head.json")
    assert ran("log", "head", "--url", serving.url, "--save", head).returncode == 0
    with full.write():
        delete_last(full)
    assert _proven(_verify(serving, "--all"))
    assert "rolled back" in refused(_verify(serving, "--since", head))


def test_a_tree_that_was_changed_is_caught(serving: ReusedService, full: Store) -> None:
    full.database.run("UPDATE event_nodes SET hash = ? WHERE level = 2 AND position = 0", ("0" * 64,))
    assert _proven(_verify(serving, "--event", "1"))
    assert "does not lead from its hash to the root" in refused(_verify(serving, "--event", "5"))
    full.database.run("UPDATE event_nodes SET hash = ? WHERE level >= 5", ("0" * 64,))
    assert "the head says" in refused(_verify(serving, "--all"))


def test_where_nobody_serves_it_is_said(tmp_path: Path) -> None:
    said = refused(ran("log", "head", "--url", "http://127.0.0.1:1", "--save", str(tmp_path / "h")), status=3)
    assert "127.0.0.1:1" in said
    assert not (tmp_path / "h").exists()
