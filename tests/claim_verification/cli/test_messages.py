"""Errors of ``claims`` that say what to do: nearest names, missing keys, reasons of refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claim_verification.cli.suggestions import did_you_mean
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, invoke
from tests.claim_verification.conftest import Served
from tests.interchange.claimreview.samples import review


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("serch", "a"), "No such command 'serch'. Did you mean 'search'?"),
        (("keys", "revok"), "No such command 'revok'. Did you mean 'revoke'?"),
        (("log", "verfy"), "Did you mean 'verify'?"),
        (("search", "a", "--status", "corobrated"), "Did you mean 'corroborated'?"),
        (("search", "a", "--stauts", "contested"), "--status"),
        (("corroboration", "a", "--as-of", "yesterday"), "'yesterday' is not a date such as 2025-06-30"),
        (("corroboration", "a", "--known-at", "noon"), "'noon' is neither a date such as 2025-06-30 nor a time"),
        (("export", "--after", "clam:x"), "'clam' is not a kind of record. Did you mean 'claim'?"),
        (("verdict", "a", "--claim-version", "1", "--evidence", "mentoin:m-1"), "Did you mean 'mention'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistyped_name_gets_the_nearest_one(served: Served, arguments: tuple[str, ...], advice: str) -> None:
    result = invoke(*arguments, DATABASE_URL=served.database_url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert advice in result.stderr


def test_a_name_like_no_other_gets_none() -> None:
    assert did_you_mean("xyzzy", ["search", "show"]) == ""
    assert "Did you mean" not in invoke("xyzzy").stderr
    assert did_you_mean("SEARCH", ["search"]) == " Did you mean 'search'?"


@pytest.mark.parametrize("where", ["local", "remote"])
def test_a_mistyped_key_gets_the_nearest_one_or_that_of_its_holder(served: Served, where: str) -> None:
    place = {"DATABASE_URL": served.database_url}
    if where == "remote":
        place = {"CLAIMS_URL": served.url, "CLAIMS_API_KEY": served.keys[KeyRole.ADMIN]}
    name = f"Nell {where}"
    made = json.loads(invoke("keys", "create", "--name", name, "--role", "checker", "--json", **place).stdout)
    near = invoke("keys", "revoke", made["id"] + "x", **place)
    assert (near.exit_code, near.stdout) == (4, "")
    assert f"Did you mean {made['id']!r}?" in near.stderr
    named = invoke("keys", "revoke", name.lower(), **place)
    assert named.exit_code == 4
    assert f"Did you mean {made['id']!r}, a key of this holder?" in named.stderr


def test_a_missing_key_and_a_wrong_one_name_the_variable(served: Served) -> None:
    for key, advice in ((None, "Set the environment variable CLAIMS_API_KEY"), ("cv_x", "Check the environment")):
        result = invoke("keys", "list", "--url", served.url, CLAIMS_API_KEY=key)
        assert result.exit_code == 1
        assert advice in result.stderr
    local = invoke("verdict", "a", "--claim-version", "1", "--rating", "refuted", DATABASE_URL=served.database_url)
    assert (local.exit_code, "CLAIMS_API_KEY" in local.stderr) == (1, True)


def test_refusals_print_their_reasons(run: Run, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    site = f"reasons-{request.node.callspec.params['run']}"
    file = tmp_path / "feed.ndjson"
    good = review(url=f"https://{site}.example.org/1", claimReviewed=f"{site} one.")
    bad = [review(url=f"https://{site}.example.org/{n}", claimReviewed=None) for n in range(13)]
    file.write_text("".join(json.dumps(one) + "\n" for one in [good, *bad]))
    done = run("import", str(file), key=KeyRole.EDITOR)
    assert (done.exit_code, done.stdout.splitlines()[:2]) == (1, ["1 created", "13 refused"])
    lines = done.stderr.splitlines()
    assert [line.partition(": claim")[0] for line in lines[:10]] == [
        f"refused: {file}, item {number}" for number in range(2, 12)
    ]
    assert lines[10:] == ["and 3 more; --report FILE writes all of them", "Error: 13 refused"]
    counts = run("import", str(file), "--json", key=KeyRole.EDITOR)
    assert (json.loads(counts.stdout)["refused"], f"{file}, item 2: " in counts.stderr) == (13, True)
    report = tmp_path / "report.ndjson"
    done = run("import", str(file), "--report", str(report), key=KeyRole.EDITOR)
    assert done.stderr == f"Error: 13 refused: see {report}\n"
    assert len(report.read_text().splitlines()) == 13


def test_nothing_found_says_so(served: Served, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    assert invoke("migrate", DATABASE_URL=empty).exit_code == 0
    for arguments, message in (
        (("keys", "list"), "there are no keys yet: `claims keys create` creates one\n"),
        (("corroboration",), "there are no claims yet\n"),
        (("search", "ships"), "no claim contains all of: ships\n"),
        (("match", "ships"), "no claim matches the text\n"),
        (("match", "ships", "boats"), "no claim matches text 1\nno claim matches text 2\n"),
    ):
        result = invoke(*arguments, DATABASE_URL=empty)
        assert (result.exit_code, result.stderr) == (0, message)
