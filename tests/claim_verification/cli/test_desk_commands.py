"""The commands of a desk, from a new claim to its published verdict: on the local store, and on a service."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import invoke, printed
from tests.claim_verification.conftest import Served

Desk = Callable[..., Result]
_numbers = count(1)


@pytest.fixture(params=["local", "remote"])
def desk(request: pytest.FixtureRequest, served: Served) -> Desk:
    """Return a function that runs a command with a key, an editor's by default."""
    place = {"DATABASE_URL": served.database_url} if request.param == "local" else {"CLAIMS_URL": served.url}

    def command(*arguments: str, key: KeyRole | None = KeyRole.EDITOR) -> Result:
        return invoke(*arguments, **place, **({"CLAIMS_API_KEY": served.keys[key]} if key else {}))

    return command


def _json(result: Result) -> Any:
    return json.loads(printed(result))


def _claim(desk: Desk) -> str:
    text = f"Ship {next(_numbers)} lay at the desk's own pier."
    found: str = _json(desk("add", "claim", text, "--subject", "ships", "--topic", "harbour", "--json"))["id"]
    return found


def _source(desk: Desk) -> str:
    found: str = _json(desk("add", "source", f"Pier Office {next(_numbers)}", "--kind", "government", "--json"))["id"]
    return found


def _draft(desk: Desk, claim: str) -> str:
    said = ("--rating", "not_enough_evidence", "--rationale", "Nobody knows.", "--evidence", "https://e.example/1")
    draft = _json(desk("verdict", claim, "--claim-version", "1", *said, "--draft", "--json", key=KeyRole.CHECKER))
    assert draft["state"] == "draft"
    found: str = draft["id"]
    return found


def test_a_claim_gets_what_it_rests_on(desk: Desk) -> None:
    claim, source = _claim(desk), _source(desk)
    address = f"https://pier.example/{next(_numbers)}"
    about = ("--publisher", source, "--published", "2024-05-01", "--title", "Ships")
    document = _json(desk("add", "document", address, *about, "--json"))
    assert document["url"] == address
    assert [document[f"published_{bound}"] for bound in ("earliest", "latest")] == ["2024-05-01", "2024-05-01"]
    options = ("--document", document["id"], "--stance", "supports", "--attribution", source, "--basis", "explicit")
    told = printed(desk("add", "mention", claim, *options))
    assert f"attribution  {source}" in told
    assert f"document     {document['id']}" in told
    assert "single_origin" in printed(desk("show", claim))
    other = _json(desk("add", "document", "--title", "Log", "--json"))["id"]
    again = _json(desk("add", "mention", claim, "--document", other, "--stance", "refutes", "--json"))
    assert (again["document"]["id"], again["attribution"]) == (other, [])


def test_facts_are_printed_for_people(desk: Desk) -> None:
    number = next(_numbers)
    told = printed(desk("add", "claim", f"Boat {number} sank.", "--subject", "boats", "--topic", "a", "--topic", "b"))
    assert f"text     Boat {number} sank." in told
    assert "topics   a, b" in told
    name = f"Quay Society of Harbour {number}"
    assert f"{name}\n" in printed(desk("add", "source", name, "--kind", "ngo"))
    near = printed(desk("add", "source", f"{name} East", "--kind", "ngo"))
    assert "similar  " in near
    assert f": {name}\n" in near
    assert "identifies nobody" in printed(desk("add", "source", f"site{number}.example", "--kind", "person"))
    assert "title  Log" in printed(desk("add", "document", "--title", "Log"))


def test_a_file_gives_the_members_without_an_option(desk: Desk, tmp_path: Any) -> None:
    body = tmp_path / "claim.json"
    quantity = {"low": 12, "high": 12, "unit": "ships"}
    body.write_text(json.dumps({"text": "By the file.", "quantity": quantity, "topics": ["harbour"]}), encoding="utf-8")
    text = f"Twelve ships came on day {next(_numbers)}."
    made = _json(desk("add", "claim", text, "--subject", "ships", "--body", str(body), "--json"))
    assert (made["text"], made["quantity"]["low"]) == (text, 12)


def test_a_claim_is_taken_judged_reviewed_and_published(desk: Desk) -> None:
    claim = _claim(desk)
    taken = printed(desk("take", claim, "--hours", "2", "--note", "Today", key=KeyRole.CHECKER))
    assert f"claim    {claim}" in taken
    assert "note     Today" in taken
    waiting = printed(desk("queue", "--everything", "--limit", "1000", key=KeyRole.CHECKER))
    assert claim in waiting
    as_json = printed(
        desk("queue", "--everything", "--need", "unjudged", "--limit", "1", "--json", key=KeyRole.CHECKER)
    )
    assert json.loads(as_json)["need"] == "unjudged"
    draft = _draft(desk, claim)
    refused = desk("review", draft, key=KeyRole.ADMIN)
    assert refused.exit_code == 2
    assert "give --approve, or --request-changes with --note" in refused.stderr
    asked = printed(desk("review", draft, "--request-changes", "--note", "Why?", key=KeyRole.ADMIN))
    assert "decision  request_changes" in asked
    approved = _json(desk("review", draft, "--approve", "--json", key=KeyRole.ADMIN))
    assert approved["decision"] == "approve"
    published = printed(desk("publish", draft, key=KeyRole.CHECKER))
    assert _json(desk("publish", _draft(desk, _claim(desk)), "--json", key=KeyRole.CHECKER))["state"] == "published"
    assert "state         published" in published
    assert "checkers' agreement is now single" in printed(desk("history", claim)).lower()
    changes = [json.loads(line)["type"] for line in printed(desk("history", claim, "--json")).splitlines()]
    assert changes[0] == "claim.created"
    assert "verdict.published" in changes


def test_a_taken_claim_is_released(desk: Desk) -> None:
    claim = _claim(desk)
    assert _json(desk("take", claim, "--json", key=KeyRole.CHECKER))["claim"] == claim
    assert "outcome" in printed(desk("release", claim, key=KeyRole.CHECKER))
    again = desk("release", claim, key=KeyRole.CHECKER)
    assert again.exit_code != 0


@pytest.mark.parametrize("kind", ["claim", "source", "document"])
def test_two_that_are_one_are_merged_and_parted_again(desk: Desk, kind: str) -> None:
    gone, stands = (
        _claim(desk)
        if kind == "claim"
        else _source(desk)
        if kind == "source"
        else _json(desk("add", "document", "--title", f"Log {next(_numbers)}", "--json"))["id"]
        for _ in range(2)
    )
    assert stands in printed(desk("merge", kind, gone, stands, "--reason", "Entered twice."))
    assert _json(desk("unmerge", kind, gone, "--reason", "No, two.", "--json"))["id"] == gone


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("add", "claim"), 2, "missing: TEXT, --subject, --topic"),
        (("add", "source", "Quay"), 2, "missing: --kind"),
        (("add", "mention", "c-1"), 2, "missing: --document, --stance"),
        (("add", "clam"), 2, "Did you mean 'claim'?"),
        (("add", "source", "Quay", "--kind", "goverment"), 2, "Did you mean 'government'?"),
        (("merge", "clam", "a", "b", "--reason", "x"), 2, "Did you mean 'claim'?"),
        (("merge", "claim", "a", "b"), 2, "--reason"),
        (("merge", "claim", "no-such", "none-such", "--reason", "x"), 4, "no claim 'no-such'"),
        (("take", "no-such"), 4, "no claim 'no-such'"),
        (("history", "no-such"), 4, "no claim 'no-such'"),
        (("add", "claim", "A b.", "--subject", "x", "--topic", "Not A Topic"), 1, "must be lower-case letters"),
    ],
)
def test_an_error_says_what_would_be_right(desk: Desk, arguments: tuple[str, ...], status: int, message: str) -> None:
    result = desk(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr


@pytest.mark.parametrize("arguments", [("queue",), ("take", "no-such"), ("add", "document", "--title", "x")])
def test_without_a_key_the_variable_is_named(desk: Desk, arguments: tuple[str, ...]) -> None:
    result = desk(*arguments, key=None)
    assert result.exit_code == 1
    assert "Set the environment variable CLAIMS_API_KEY to your API key." in result.stderr


def test_reading_takes_no_key(desk: Desk) -> None:
    assert printed(desk("history", "nk-15000-workers-in-russia", key=None))


def test_many_are_added_from_a_file(desk: Desk, tmp_path: Path) -> None:
    number = next(_numbers)
    bodies = [
        {"id": f"barge-{number}-{each}", "text": f"Barge {number}, {each} sank.", "subject": "barges", "topics": ["a"]}
        for each in range(3)
    ]
    lines = tmp_path / "claims.ndjson"
    lines.write_text("\ufeff" + "\n".join(map(json.dumps, [bodies[0], {"text": "No subject."}, *bodies[1:]])))
    for _ in range(2):
        answer = desk("add", "claims", str(lines))
        assert answer.exit_code == 1
        assert answer.stdout == "3 created\n"
        assert answer.stderr.splitlines()[0].startswith("item 2: `subject` is required.")
        assert answer.stderr.splitlines()[-1] == "Error: 1 refused"
    document = _json(desk("add", "document", "--title", "Log", "--json"))["id"]
    several = tmp_path / "mentions.json"
    several.write_text(json.dumps([{"claim": b["id"], "document": document, "stance": "supports"} for b in bodies]))
    results = [json.loads(line) for line in printed(desk("add", "mentions", str(several), "--json")).splitlines()]
    assert [result["status"] for result in results] == [201] * 3
    printed(desk("add", "mentions", str(several)))
    assert "mentions  1, documents: 1\n" in printed(desk("show", bodies[0]["id"]))
    for text in ("", "[", "text", "[]"):
        lines.write_text(text)
        refused = desk("add", "claims", str(lines))
        assert (refused.exit_code, refused.stderr.count(str(lines))) == (1, 1), refused.stderr
