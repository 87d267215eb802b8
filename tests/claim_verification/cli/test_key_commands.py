"""``claims keys``: create, list, rotate and revoke keys; the first key of a new service."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claim_verification.cli import main
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import KEY_PATTERN
from tests.claim_verification.cli.commands import ran
from tests.processes import PROJECT, running_service
from tests.settings import make_settings
from tests.world import World, bearer

pytestmark = pytest.mark.one_engine

Command = Callable[..., Result]


@pytest.fixture
def run(world: World, database_url: str) -> Command:
    """Run ``claims`` over the world's database."""

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env={"DATABASE_URL": database_url})

    return command


def _made(result: Result) -> str:
    """Return the key that a command printed, alone on standard output."""
    assert result.exit_code == 0, result.output
    assert KEY_PATTERN.fullmatch(result.stdout.removesuffix("\n"))
    return result.stdout.strip()


def _refused(result: Result, status: int = 1) -> str:
    assert result.exit_code == status, result.output
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)
    return result.stderr


def test_a_key_is_shown_once_alone_on_standard_output(database_url: str, store: Store) -> None:
    """In a process of its own, as when it is piped into a secret store."""
    made = ran("keys", "create", "--name", "Zoe Q.", "--role", "checker", DATABASE_URL=database_url)
    assert made.returncode == 0
    key = made.stdout.removesuffix("\n")
    assert KEY_PATTERN.fullmatch(key)
    public, secret = key.split("_")[1:]
    assert public in made.stderr
    assert "Zoe Q." in made.stderr
    assert secret not in made.stderr

    listed = ran("keys", "list", DATABASE_URL=database_url)
    assert public in listed.stdout
    assert secret not in listed.stdout + listed.stderr


def test_a_made_key_opens_what_its_role_may_do(world: World, run: Command) -> None:
    for role, status in (("checker", 403), ("editor", 422), ("admin", 422)):
        key = _made(run("keys", "create", "--name", f"Mr {role}", "--role", role, "--expires", "90d"))
        assert world.client().post("/v1/claims", json={}, headers=bearer(key)).status_code == status
        assert world.client().get("/v1/queue", headers=bearer(key)).status_code == 200


def test_list_tells_the_state_of_every_key(world: World, run: Command) -> None:
    key = _made(run("keys", "create", "--name", "Zoe", "--role", "editor", "--expires", "2999-12-31"))
    rows = run("keys", "list").stdout.splitlines()
    assert rows[0].split() == ["ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST", "USED", "NAME"]
    assert len(rows) == 1 + len(world.keys) + 1
    last = rows[-1]
    assert re.fullmatch(rf"{key.split('_')[1]}  editor +good +\S+ \S+ +3000-01-01 00:00  - +Zoe", last), last

    world.client().get("/v1/claims", headers=bearer(key))
    used = run("keys", "list").stdout.splitlines()[-1]
    assert used.split()[-2] != "-"
    run("keys", "revoke", key.split("_")[1])
    assert " revoked " in run("keys", "list").stdout.splitlines()[-1]


def test_both_keys_are_good_for_the_grace_time_then_only_the_new_one(world: World, run: Command) -> None:
    old = _made(run("keys", "create", "--name", "Zoe", "--role", "checker"))
    new = _made(run("keys", "rotate", old.split("_")[1], "--grace", "2h"))
    assert old != new
    assert [_status(world, key) for key in (old, new)] == [200, 200]

    # The grace time goes by.
    [key] = [key for key in world.store.api_keys.all() if key.id == old.split("_")[1]]
    assert key.expires_at is not None
    left = (key.expires_at - key.created_at).total_seconds()
    assert 7199 <= left <= 7300
    world.store.database.run("UPDATE api_keys SET expires_us = expires_us - 7300000000 WHERE public_id = ?", (key.id,))
    assert [_status(world, key) for key in (old, new)] == [401, 200]
    # The holder is the same: what one has drafted, the other may publish.
    assert [key.name for key in world.store.api_keys.all()][-2:] == ["Zoe", "Zoe"]


def test_without_grace_the_old_key_ends_at_once(world: World, run: Command) -> None:
    old = _made(run("keys", "create", "--name", "Zoe", "--role", "checker"))
    new = _made(run("keys", "rotate", old.split("_")[1], "--grace", "0h"))
    assert [_status(world, key) for key in (old, new)] == [401, 200]


def test_a_key_is_rotated_once_and_the_next_time_its_successor(world: World, run: Command) -> None:
    """A second key made from the old one would end with it, in the middle of somebody's work."""
    old = _made(run("keys", "create", "--name", "Zoe", "--role", "checker"))
    new = _made(run("keys", "rotate", old.split("_")[1]))
    assert new.split("_")[1] in _refused(run("keys", "rotate", old.split("_")[1]))
    newest = _made(run("keys", "rotate", new.split("_")[1]))
    assert [_status(world, key) for key in (old, new, newest)] == [200, 200, 200]
    assert [key.expires_at is None for key in world.store.api_keys.all()[-3:]] == [False, False, True]
    # The text of the newest was lost: it is revoked, and the one before it can be rotated again.
    run("keys", "revoke", newest.split("_")[1])
    _made(run("keys", "rotate", new.split("_")[1]))


def test_a_rotated_key_ends_when_the_one_before_it_would_have(world: World, run: Command) -> None:
    old = _made(run("keys", "create", "--name", "Zoe", "--role", "checker", "--expires", "30d"))
    run("keys", "rotate", old.split("_")[1], "--grace", "99999d")
    before, after = world.store.api_keys.all()[-2:]
    assert before.expires_at == after.expires_at


def test_a_revoked_key_is_good_for_nothing_any_more(world: World, run: Command) -> None:
    key = _made(run("keys", "create", "--name", "Zoe", "--role", "admin"))
    public = key.split("_")[1]
    assert run("keys", "revoke", public).stdout == f"revoked: {public}, the admin key of Zoe\n"
    assert _status(world, key) == 401
    assert "was revoked" in _refused(run("keys", "revoke", public))
    assert "was revoked" in _refused(run("keys", "rotate", public))


def test_an_unknown_key_is_refused(run: Command) -> None:
    for key_id in ("", "none", "é" * 500, "a" * 10_000, "' OR 1=1 --", "cv_aaaaaaaaaaaa_b"):
        for command in ("rotate", "revoke"):
            _refused(run("keys", command, key_id), status=4)


UNREADABLE = [
    "",
    " ",
    "\t\n",
    "x" * 101,
    "x" * 10_000,
    "Zoe\x00",
    "Zoe\x1b[31m",
    "Zo\u200be",
    "\u202eeoZ",
    "Zo\u00ade",
    "Zoe\udce9",
    "\ue000",
]


def test_a_name_that_nobody_can_read_is_refused(world: World, run: Command) -> None:
    before = world.size()
    for name in UNREADABLE:
        assert "name" in _refused(run("keys", "create", "--name", name, "--role", "admin")), ascii(name)
    assert world.size() == before


def test_nobody_is_called_as_the_service_calls_itself(run: Command) -> None:
    for name in ("seeds", "Seeds", " command  line ", "COMMAND LINE", "Migration", "ｓｅｅｄｓ"):
        assert "is reserved" in _refused(run("keys", "create", "--name", name, "--role", "checker"))


def test_names_are_kept_in_one_form_and_lookalikes_refused(world: World, run: Command) -> None:
    _made(run("keys", "create", "--name", "  Zoë\u00a0 Q. ", "--role", "checker"))
    assert world.store.api_keys.all()[-1].name == "Zoë Q."
    taken = _refused(run("keys", "create", "--name", "Zoe\u0308 Q.", "--role", "checker"))
    assert "rotate or revoke" in taken
    for other in ("zoë q.", "ZOË Q.", "Ｚoë Q."):
        assert "Error" in _refused(run("keys", "create", "--name", other, "--role", "checker")), other


def test_a_name_can_be_given_again_after_its_key_ended_and_is_the_same_checker(world: World, run: Command) -> None:
    first = _made(run("keys", "create", "--name", "Zoe", "--role", "checker"))
    world.keys["Zoe"] = first
    draft = world.verdict(name="Zoe", draft=True)
    _refused(run("keys", "create", "--name", "Zoe", "--role", "editor"))
    run("keys", "revoke", first.split("_")[1])
    world.keys["Zoe"] = _made(run("keys", "create", "--name", "Zoe", "--role", "checker"))
    assert world.get(f"/v1/verdicts/{draft}", "Zoe")["checker"] == "Zoe"
    # And nobody else becomes her by another spelling.
    _refused(run("keys", "create", "--name", "zoe", "--role", "checker"))


def test_a_time_that_is_over_or_none_is_refused(world: World, run: Command) -> None:
    for expires, status in (
        ("2020-01-01", 1),
        ("0d", 1),
        ("0h", 1),
        *((given, 2) for given in ("yesterday", "2027-13-01", "-1d", "1", "9" * 300, "2027-1-1T00", "")),
    ):
        _refused(run("keys", "create", "--name", "Zoe", "--role", "checker", "--expires", expires), status)
    assert len(world.store.api_keys.all()) == len(world.keys)


def test_an_unknown_role_is_refused(run: Command) -> None:
    for role in ("", "root", "checker editor"):
        _refused(run("keys", "create", "--name", "Zoe", "--role", role), status=2)


def test_every_change_of_a_key_is_in_the_log_for_admins_only(world: World, run: Command) -> None:
    before = world.size()
    key = _made(run("keys", "create", "--name", "Zoe", "--role", "checker")).split("_")[1]
    run("keys", "rotate", key)
    run("keys", "revoke", key)
    events = world.get(f"/v1/events?after={before}", "Ada")["data"]
    kinds = ["key.created", "key.changed", "key.created", "key.changed"]
    assert [(event["type"], event["actor"]) for event in events] == [(kind, "command line") for kind in kinds]
    for name in (None, "Edith"):
        assert all(event.get("withheld") for event in world.get(f"/v1/events?after={before}", name)["data"])


def test_a_service_without_keys_says_how_to_make_the_first_one(tmp_path: Path) -> None:
    """The commands in the message work as they are printed."""
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}", "SEED_ON_START": "false"}
    with running_service(tmp_path, environment) as service:
        [line] = [line for line in service.log().splitlines() if "no API keys yet" in line]
    command = line.split(": ", 1)[1]
    assert command.endswith('claims keys create --name "Your name" --role admin')
    said = command.split()[0]
    assert said == "claims" or (PROJECT / said).exists()
    assert ran("keys", "create", "--name", "Your name", "--role", "admin", **environment).returncode == 0
    with running_service(tmp_path, environment) as service:
        assert "API keys" not in service.log()


def test_commands_need_a_store_that_is_there(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}
    result = CliRunner().invoke(main, ["keys", "create", "--name", "Zoe", "--role", "admin"], env=environment)
    assert "claims migrate" in _refused(result)
    assert not (tmp_path / "claims.db").exists()


def _status(world: World, key: str) -> int:
    return world.client().get("/v1/queue", headers=bearer(key)).status_code


def test_a_key_of_another_store_is_not_known(world: World, tmp_path: Path) -> None:
    settings = make_settings(f"sqlite:///{tmp_path / 'other.db'}")
    CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": settings.database_url})
    made = CliRunner().invoke(
        main, ["keys", "create", "--name", "Ana", "--role", "admin"], env={"DATABASE_URL": settings.database_url}
    )
    assert _status(world, made.stdout.strip()) == 401
    database = Database(settings)
    assert [key.name for key in Store(database).api_keys.all()] == ["Ana"]
    database.close()
