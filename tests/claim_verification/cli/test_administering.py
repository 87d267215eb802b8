"""``claims keys``, ``backup`` and ``doctor`` with --url, and their exit statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from claim_verification import Client
from service.model.actors import COMMAND_LINE, KeyRole
from service.operations.log_audit import audit
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import KEY_PATTERN, create_key
from tests.claim_verification.cli.commands import invoke, printed
from tests.claim_verification.proxy import Proxy, proxying
from tests.processes import running_service
from tests.reused import ReusedDatabase
from tests.reused_service import ReusedService, reused_service
from tests.settings import make_settings
from tests.web.helpers import a_claim, a_mention, a_source, load, seeds_of

CLAIMS = 12


@dataclass
class Elsewhere:
    """A service over a small store, an admin's key to it, and the store, which only the test can reach."""

    url: str
    key: str
    store: Store
    database_url: str

    def run(self, *arguments: str, **environment: str | None) -> Result:
        """Run a command on that service, without a local store."""
        return invoke(*arguments, **{"CLAIMS_URL": self.url, "CLAIMS_API_KEY": self.key, **environment})

    def here(self, *arguments: str) -> Result:
        """Run a command on the store itself."""
        return invoke(*arguments, DATABASE_URL=self.database_url)

    def lines(self, *arguments: str) -> list[Any]:
        """Return the lines of JSON that a command on that service prints."""
        return [json.loads(line) for line in printed(self.run(*arguments, "--json")).splitlines()]


def _fill(store: Store) -> str:
    """Fill a store, and return an admin's key to it. The claims from number 4 on have a mention."""
    names = [f"claim-{number:02}" for number in range(CLAIMS)]
    mentions = [a_mention(name, "doc", "ministry", start=20 * n) for n, name in enumerate(names) if n >= 4]
    load(store, seeds_of([a_claim(name) for name in names], mentions, [a_source("ministry")]))
    return create_key(store, "Ada", KeyRole.ADMIN, None, COMMAND_LINE)[1]


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ReusedService, str]]:
    """Run the service, and return it with the key."""
    folder = tmp_path_factory.mktemp("administering")
    url = f"sqlite:///{folder / 'claims.db'}"
    with closing(Database(make_settings(url))) as database:
        migrate(database)
        key = _fill(Store(database))
    with reused_service(folder, url) as service:
        yield service, key


@pytest.fixture
def elsewhere(reused: tuple[ReusedService, str]) -> Iterator[Elsewhere]:
    """Yield the service with its content."""
    service, key = reused
    service.reset()
    with closing(Database(make_settings(service.database_url))) as database:
        yield Elsewhere(service.url, key, Store(database), service.database_url)


@pytest.fixture
def proxy(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Run a proxy in front of it, for clients that retry at once."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with proxying(elsewhere.url) as running:
        yield running


def refused(result: Result, status: int = 1) -> str:
    """Return the standard error of a command that must have been refused."""
    assert (result.exit_code, result.stdout) == (status, "")
    assert "Error: " in result.stderr
    return result.stderr


# --- keys --------------------------------------------------------------------------------


def test_keys_elsewhere_are_made_shown_rotated_and_revoked_as_here(elsewhere: Elsewhere) -> None:
    made = elsewhere.run("keys", "create", "--name", "Zoe Q.", "--role", "checker", "--expires", "2999-12-31")
    key = printed(made).removesuffix("\n")
    assert KEY_PATTERN.fullmatch(key)
    public = key.split("_")[1]
    assert f"{public}: a key for Zoe Q., checker, good until 3000-01-01 00:00 UTC" in made.stderr
    assert key.rsplit("_", 1)[1] not in made.stderr
    with Client(elsewhere.url, key) as client:
        assert next(client.list_queue())["need"]

    assert elsewhere.lines("keys", "list") == [
        json.loads(line) for line in printed(elsewhere.here("keys", "list", "--json")).splitlines()
    ]
    table = printed(elsewhere.run("keys", "list"))
    assert table == printed(elsewhere.here("keys", "list"))
    assert [line.split()[:3] for line in table.splitlines()[1:]][-1] == [public, "checker", "good"]

    [rotated] = elsewhere.lines("keys", "rotate", public, "--grace", "2d")
    assert rotated["key"].startswith(f"cv_{rotated['id']}_")
    old, new = elsewhere.store.api_keys.all()[-2:]
    assert (new.id, new.rotated_from) == (rotated["id"], old.id)
    assert old.expires_at is not None
    assert abs((old.expires_at - new.created_at).total_seconds() - 2 * 86400) < 1
    assert printed(elsewhere.run("keys", "revoke", public)) == f"revoked: {public}, the checker key of Zoe Q.\n"
    assert [line.split()[2] for line in printed(elsewhere.run("keys", "list")).splitlines()[-2:]] == ["revoked", "good"]


def test_what_is_refused_here_is_refused_elsewhere(elsewhere: Elsewhere) -> None:
    for arguments, status in (
        (("keys", "create", "--name", "Ada", "--role", "admin"), 1),
        (("keys", "create", "--name", "ada", "--role", "admin"), 1),
        (("keys", "create", "--name", " ", "--role", "admin"), 1),
        (("keys", "create", "--name", "Zoe", "--role", "checker", "--expires", "2020-01-01"), 1),
        (("keys", "create", "--name", "Zoe", "--role", "root"), 2),
        (("keys", "rotate", "none"), 4),
        (("keys", "revoke", "none"), 4),
        (("keys", "rotate", "none", "--grace", "soon"), 2),
    ):
        for command in (elsewhere.run, elsewhere.here):
            refused(command(*arguments), status)
    assert len(elsewhere.store.api_keys.all()) == 1


def test_only_an_admin_may(elsewhere: Elsewhere, tmp_path: Path) -> None:
    _, editor = create_key(elsewhere.store, "Edith", KeyRole.EDITOR, None, COMMAND_LINE)
    copy = tmp_path / "copy.db"
    for arguments in (("keys", "list"), ("keys", "revoke", "none"), ("backup", str(copy))):
        for key, code in ((None, "401 unauthorized"), (editor, "403 forbidden"), ("cv_wrong", "401 key_refused")):
            assert code in refused(elsewhere.run(*arguments, CLAIMS_API_KEY=key))
    assert not copy.exists()


def test_a_key_whose_text_was_lost_on_the_way_is_told_and_rotated(elsewhere: Elsewhere, proxy: Proxy) -> None:
    """It is created once, and the answer stored for retries does not have it."""
    proxy.plan = ["lose"]
    lost = elsewhere.run("keys", "create", "--name", "Zoe", "--role", "checker", "--json", CLAIMS_URL=proxy.url)
    [made] = [key for key in elsewhere.store.api_keys.all() if key.name == "Zoe"]
    command = f"claims keys rotate {made.id} --grace 0h"
    assert f"`{command}`" in refused(lost)
    key = printed(elsewhere.run(*command.split()[1:])).strip()
    with Client(elsewhere.url, key) as client:
        assert client.get_readiness()["status"] == "ok"
        assert next(client.list_queue())["need"]


# --- backup ------------------------------------------------------------------------------


def test_a_copy_is_fetched_whole_and_can_be_put_back(elsewhere: Elsewhere, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    copy, again = folder / "copy.db", folder / "again.db"
    assert printed(elsewhere.run("backup", str(copy))) == f"{copy}: {copy.stat().st_size} bytes\n"
    assert elsewhere.lines("backup", str(again)) == [{"file": str(again), "bytes": again.stat().st_size}]
    database = Database(make_settings(f"sqlite:///{copy}"))
    copied = Store(database)
    assert list(audit(copied)) == []
    assert copied.events.log_end() == elsewhere.store.events.log_end()
    database.close()
    assert {file.name for file in folder.iterdir()} <= {"copy.db", "again.db", "copy.db-wal", "copy.db-shm"}

    own = f"sqlite:///{tmp_path / 'own' / 'claims.db'}"
    (tmp_path / "own").mkdir()
    printed(invoke("restore", str(again), DATABASE_URL=own))
    printed(invoke("doctor", DATABASE_URL=own))
    counts = [printed(invoke("corroboration", "--json", DATABASE_URL=url)) for url in (own, elsewhere.database_url)]
    assert counts[0] == counts[1] != ""


def test_a_file_that_is_there_stays_as_it_is(elsewhere: Elsewhere, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    for command in (elsewhere.run, elsewhere.here):
        said = refused(command("backup", str(copy)))
        assert str(copy) in said
        assert "already" in said
    assert "cannot be written" in refused(elsewhere.run("backup", str(tmp_path / "nowhere" / "copy.db")))
    assert copy.read_text() == "mine"


def test_a_copy_that_does_not_come_whole_is_none(elsewhere: Elsewhere, proxy: Proxy, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    plans: list[list[Any]] = [["half"], ["drop"] * 9, [503] * 9, [b"<html>"], [b""]]
    for plan in plans:
        proxy.plan = [*plan]
        refused(elsewhere.run("backup", str(folder / "copy.db"), CLAIMS_URL=proxy.url), 3)
        assert list(folder.iterdir()) == []


def test_a_copy_that_comes_damaged_is_none(
    elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    with Client(elsewhere.url, elsewhere.key) as client:
        content = b"".join(client.get_backup())
    for place in (0, 3 * 4096):
        damaged = content[:place] + b"\xff" * 8192 + content[place + 8192 :]
        for came in (damaged, content[: len(content) // 2]):
            monkeypatch.setattr(Client, "get_backup", lambda client, came=came: iter([came]))
            assert "damaged" in refused(elsewhere.run("backup", str(folder / "copy.db")), 3)
            assert list(folder.iterdir()) == []


@pytest.mark.postgres
def test_of_postgresql_there_is_none(reused_postgres: ReusedDatabase, tmp_path: Path) -> None:
    url, copy = reused_postgres.url(), tmp_path / "copy.db"
    with (
        closing(Database(make_settings(url))) as database,
        running_service(tmp_path, {"DATABASE_URL": url, "SEED_ON_START": "false"}) as service,
    ):
        elsewhere = Elsewhere(service.url, _fill(Store(database)), Store(database), url)
        assert "pg_dump" in refused(elsewhere.run("backup", str(copy)))
    assert not copy.exists()


# --- doctor ------------------------------------------------------------------------------


def spoil(elsewhere: Elsewhere, names: str, what: str = "origins_at_most = origins_at_most + 2") -> None:
    """Change the stored counts of these claims (LIKE) directly in the store."""
    elsewhere.store.database.run(f"UPDATE claims SET {what} WHERE public_id LIKE ?", (names,))  # noqa: S608


def test_counts_that_are_true_are_found_so_however_few_may_be_asked_at_once(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    limited = {"DATABASE_URL": elsewhere.database_url, "SEED_ON_START": "false", "RATE_LIMIT_READS": "20/second"}
    with running_service(tmp_path, limited) as service:
        said = elsewhere.run("doctor", CLAIMS_API_KEY=None, CLAIMS_URL=service.url)
        assert f"checked: the counts of {CLAIMS} of {CLAIMS} claims at {service.url}\n" in printed(said)
        assert "their counts are true" in said.stdout
        told = elsewhere.run("doctor", "--json", CLAIMS_URL=service.url)
    assert printed(told) == ""
    assert f"{CLAIMS} of {CLAIMS} claims" in told.stderr


def test_every_count_that_differs_is_named(elsewhere: Elsewhere) -> None:
    spoil(elsewhere, "claim-02")
    spoil(elsewhere, "claim-05", "status = 'corroborated', mentions = 7, documents = 3, refuting_at_least = 1")
    told = elsewhere.run("doctor", "--json")
    assert told.exit_code == 1
    assert [json.loads(line) for line in told.stdout.splitlines()] == [
        "claim claim-02: origins_at_most 2 stored, 0 counted",
        "claim claim-05: status corroborated stored, single_origin counted; mentions 7 stored, 1 counted; "
        "documents 3 stored, 1 counted; refuting_at_least 1 stored, 0 counted",
    ]
    assert "2 differences" in told.stderr
    assert elsewhere.run("doctor").exit_code == elsewhere.here("doctor").exit_code == 1
    printed(elsewhere.here("rebuild"))
    printed(elsewhere.run("doctor"))


def test_what_was_written_meanwhile_is_looked_at_again(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(elsewhere, "claim-0%")
    ask, asked = Client.get_corroboration, []

    def answer(client: Client, claim_id: str, **query: Any) -> Any:
        asked.append(claim_id)
        reasoning = ask(client, claim_id, **query)
        if len(asked) == CLAIMS:
            printed(elsewhere.here("rebuild"))
            spoil(elsewhere, "claim-07")
        return reasoning

    monkeypatch.setattr(Client, "get_corroboration", answer)
    told = elsewhere.run("doctor", "--json")
    assert (told.exit_code, told.stdout.count("\n")) == (1, 1)
    assert "claim claim-07: " in told.stdout
    assert len(asked) == CLAIMS + 10


def test_where_too_many_differ_it_says_that_not_all_were_looked_at(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claim_verification.cli.remote_count_check._MAX_SUSPECTS", 2)
    spoil(elsewhere, "claim-%")
    told = elsewhere.run("doctor")
    assert told.exit_code == 1
    assert f"checked: the counts of 3 of {CLAIMS} claims" in told.stdout
    assert "3 differences" in told.stderr
    ask = Client.get_corroboration

    def answer(client: Client, claim_id: str, **query: Any) -> Any:
        printed(elsewhere.here("rebuild"))
        return ask(client, claim_id, **query)

    monkeypatch.setattr("claim_verification.cli.remote_count_check._MAX_SUSPECTS", 0)
    monkeypatch.setattr(Client, "get_corroboration", answer)
    assert "stopped early" in elsewhere.run("doctor").stderr


def test_a_service_that_is_none_or_not_ready_cannot_be_checked(elsewhere: Elsewhere, proxy: Proxy) -> None:
    for plan in (["drop"] * 9, [503] * 9, [b"<html>"], [b"{}", b"[]\n"], [b"{}", b'{"id":7}\n'], [b"{}", b"{}\n"]):
        proxy.plan = [*plan]
        refused(elsewhere.run("doctor", CLAIMS_URL=proxy.url), 3)
    proxy.plan = [b"{}", b'{"id":"claim-07"}\n']
    assert "not the counts of a claim" in refused(elsewhere.run("doctor", CLAIMS_URL=proxy.url), 3)


def test_a_claim_that_is_not_there_any_more_or_was_merged_is_a_difference(elsewhere: Elsewhere, proxy: Proxy) -> None:
    lines = b'{"id":"claim-99"}\n'
    proxy.plan = [b"{}", lines, "pass", lines, "pass"]
    told = elsewhere.run("doctor", "--json", CLAIMS_URL=proxy.url)
    assert told.stdout == '"claim claim-99: has stored counts, but does not exist"\n'
    with Client(elsewhere.url, elsewhere.key) as client:
        client.merge_claim("claim-01", "claim-07", "Entered twice.")
    lines = b'{"id":"claim-01"}\n'
    proxy.plan = [b"{}", lines, "pass", "pass", lines, "pass", "pass"]
    told = elsewhere.run("doctor", "--json", CLAIMS_URL=proxy.url)
    assert told.stdout == '"claim claim-01: has stored counts, but was merged into claim-07"\n'
    printed(elsewhere.run("doctor"))
