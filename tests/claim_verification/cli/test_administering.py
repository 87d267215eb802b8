"""``claims keys``, ``backup`` and ``doctor`` with --url, on both engines, and their exit statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from claim_verification import Client
from service.model.actors import COMMAND_LINE, KeyRole
from service.operations.log_audit import audit
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import KEY_PATTERN, create_key
from tests.claim_verification.cli.commands import invoke, printed
from tests.claim_verification.proxy import Proxy, proxying
from tests.processes import running_service
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


@pytest.fixture
def elsewhere(store: Store, database_url: str, tmp_path: Path) -> Iterator[Elsewhere]:
    """Run the service. The claims from number 4 on have a mention."""
    names = [f"claim-{number:02}" for number in range(CLAIMS)]
    mentions = [a_mention(name, "doc", "ministry", start=20 * n) for n, name in enumerate(names) if n >= 4]
    load(store, seeds_of([a_claim(name) for name in names], mentions, [a_source("ministry")]))
    _, key = create_key(store, "Ada", KeyRole.ADMIN, None, COMMAND_LINE)
    environment = {"DATABASE_URL": database_url, "SEED_ON_START": "false", "RATE_LIMIT_READS": "20/second"}
    folder = tmp_path / "service"
    folder.mkdir()
    with running_service(folder, environment) as service:
        yield Elsewhere(service.url, key, store, database_url)


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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_only_an_admin_may(elsewhere: Elsewhere, tmp_path: Path) -> None:
    _, editor = create_key(elsewhere.store, "Edith", KeyRole.EDITOR, None, COMMAND_LINE)
    copy = tmp_path / "copy.db"
    for arguments in (("keys", "list"), ("keys", "revoke", "none"), ("backup", str(copy))):
        for key, code in ((None, "401 unauthorized"), (editor, "403 forbidden"), ("cv_wrong", "401 key_refused")):
            assert code in refused(elsewhere.run(*arguments, CLAIMS_API_KEY=key))
    assert not copy.exists()


@pytest.mark.one_engine
def test_a_key_whose_text_was_lost_on_the_way_is_told_and_rotated(elsewhere: Elsewhere, proxy: Proxy) -> None:
    """It is created once, and the answer stored for retries does not have it."""
    proxy.plan = ["lose"]
    lost = elsewhere.run("keys", "create", "--name", "Zoe", "--role", "checker", "--json", CLAIMS_URL=proxy.url)
    [made] = [key for key in elsewhere.store.api_keys.all() if key.name == "Zoe"]
    command = f"claims keys rotate {made.id} --grace 0h"
    assert f"`{command}`" in refused(lost)
    key = printed(elsewhere.run(*command.split()[1:])).strip()
    with Client(elsewhere.url, key) as client:
        assert client.get_readiness() == {"status": "ok"}
        assert next(client.list_queue())["need"]


# --- backup ------------------------------------------------------------------------------


@pytest.fixture
def in_a_file(elsewhere: Elsewhere, engine: str) -> Elsewhere:
    """Return the service with a store in a file."""
    if engine != "sqlite":
        pytest.skip("PostgreSQL has tools of its own")
    return elsewhere


@pytest.mark.one_engine
def test_a_copy_is_fetched_whole_and_can_be_put_back(in_a_file: Elsewhere, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    copy, again = folder / "copy.db", folder / "again.db"
    assert printed(in_a_file.run("backup", str(copy))) == f"{copy}: {copy.stat().st_size} bytes\n"
    assert in_a_file.lines("backup", str(again)) == [{"file": str(again), "bytes": again.stat().st_size}]
    database = Database(make_settings(f"sqlite:///{copy}"))
    copied = Store(database)
    assert list(audit(copied)) == []
    assert copied.events.log_end() == in_a_file.store.events.log_end()
    database.close()
    assert {file.name for file in folder.iterdir()} <= {"copy.db", "again.db", "copy.db-wal", "copy.db-shm"}

    own = f"sqlite:///{tmp_path / 'own' / 'claims.db'}"
    (tmp_path / "own").mkdir()
    printed(invoke("restore", str(again), DATABASE_URL=own))
    printed(invoke("doctor", DATABASE_URL=own))
    counts = [printed(invoke("corroboration", "--json", DATABASE_URL=url)) for url in (own, in_a_file.database_url)]
    assert counts[0] == counts[1] != ""


@pytest.mark.one_engine
def test_a_file_that_is_there_stays_as_it_is(in_a_file: Elsewhere, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    for command in (in_a_file.run, in_a_file.here):
        said = refused(command("backup", str(copy)))
        assert str(copy) in said
        assert "already" in said
    assert "cannot be written" in refused(in_a_file.run("backup", str(tmp_path / "nowhere" / "copy.db")))
    assert copy.read_text() == "mine"


@pytest.mark.one_engine
def test_a_copy_that_does_not_come_whole_is_none(in_a_file: Elsewhere, proxy: Proxy, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    plans: list[list[Any]] = [["half"], ["drop"] * 9, [503] * 9, [b"<html>"], [b""]]
    for plan in plans:
        proxy.plan = [*plan]
        refused(in_a_file.run("backup", str(folder / "copy.db"), CLAIMS_URL=proxy.url), 3)
        assert list(folder.iterdir()) == []


@pytest.mark.one_engine
def test_a_copy_that_comes_damaged_is_none(
    in_a_file: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    with Client(in_a_file.url, in_a_file.key) as client:
        content = b"".join(client.get_backup())
    for place in (0, 3 * 4096):
        damaged = content[:place] + b"\xff" * 8192 + content[place + 8192 :]
        for came in (damaged, content[: len(content) // 2]):
            monkeypatch.setattr(Client, "get_backup", lambda client, came=came: iter([came]))
            assert "damaged" in refused(in_a_file.run("backup", str(folder / "copy.db")), 3)
            assert list(folder.iterdir()) == []


def test_of_postgresql_there_is_none(elsewhere: Elsewhere, engine: str, tmp_path: Path) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite is a file")
    assert "pg_dump" in refused(elsewhere.run("backup", str(tmp_path / "copy.db")))
    assert not (tmp_path / "copy.db").exists()


# --- doctor ------------------------------------------------------------------------------


def spoil(elsewhere: Elsewhere, names: str, what: str = "origins_at_most = origins_at_most + 2") -> None:
    """Change the stored counts of these claims (LIKE) directly in the store."""
    elsewhere.store.database.run(f"UPDATE claims SET {what} WHERE public_id LIKE ?", (names,))  # noqa: S608


@pytest.mark.one_engine
def test_counts_that_are_true_are_found_so_however_few_may_be_asked_at_once(elsewhere: Elsewhere) -> None:
    said = elsewhere.run("doctor", CLAIMS_API_KEY=None)
    assert f"checked: the counts of {CLAIMS} of {CLAIMS} claims at {elsewhere.url}\n" in printed(said)
    assert "their counts are true" in said.stdout
    told = elsewhere.run("doctor", "--json")
    assert printed(told) == ""
    assert f"{CLAIMS} of {CLAIMS} claims" in told.stderr


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_service_that_is_none_or_not_ready_cannot_be_checked(elsewhere: Elsewhere, proxy: Proxy) -> None:
    for plan in (["drop"] * 9, [503] * 9, [b"<html>"], [b"{}", b"[]\n"], [b"{}", b'{"id":7}\n'], [b"{}", b"{}\n"]):
        proxy.plan = [*plan]
        refused(elsewhere.run("doctor", CLAIMS_URL=proxy.url), 3)
    proxy.plan = [b"{}", b'{"id":"claim-07"}\n']
    assert "not the counts of a claim" in refused(elsewhere.run("doctor", CLAIMS_URL=proxy.url), 3)


@pytest.mark.one_engine
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
