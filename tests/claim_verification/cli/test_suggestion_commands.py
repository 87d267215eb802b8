"""``claims suggestions`` on the local store and on a service."""

from __future__ import annotations

import json
from itertools import count

import pytest

from claim_verification import Client
from claim_verification.models import MentionBody
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, printed

_NUMBERS = count(1)
REASON = ("--reason", "As the register says.")


@pytest.fixture
def names(editor: Client) -> tuple[str, str]:
    """Return the ids of two new sources that look like one."""
    tens, ones = divmod(next(_NUMBERS), 10)
    name = f"Pilots {'BCDFGHJKLM'[tens]}{'NPQRSTVWXZ'[ones]}"  # other consonants than every other one
    first = editor.create_source({"name": f"Harbour {name}", "kind": "ngo"})
    second = editor.create_source({"name": f"Harbour {name.replace(' ', '')}", "kind": "ngo"})
    return first["id"], second["id"]


@pytest.fixture
def suggested(editor: Client, names: tuple[str, str]) -> str:
    """Return the id of the suggestion that they are one."""
    [found] = editor.list_suggestions(record=names[0])
    return found["id"]


def test_a_list_is_what_the_api_answers(run: Run, editor: Client, names: tuple[str, str], suggested: str) -> None:
    [line] = printed(run("suggestions", "--record", names[0], "--json")).splitlines()
    assert json.loads(line) == next(editor.list_suggestions(record=names[0]))
    head, row = printed(run("suggestions", "--record", names[0], "--kind", "source", "--sort", "newest")).splitlines()
    assert head.split() == ["SUGGESTION", "KIND", "SCORE", "ONE", "OTHER", "WHY"]
    assert row.split()[:4] == [suggested, "source", "0.85", "Harbour"]
    assert row.endswith("spacing")
    assert "there are no such suggestions" in run("suggestions", "--record", names[0], "--state", "merged").stderr


def test_one_is_shown_with_what_it_would_change(
    run: Run, editor: Client, names: tuple[str, str], suggested: str
) -> None:
    claim = editor.create_claim({"text": f"Pilots of {suggested} sailed.", "subject": "pilots", "topics": ["harbour"]})
    for source in names:
        document = editor.create_document({"publisher": source})["id"]
        mention: MentionBody = {
            "document": document,
            "stance": "supports",
            "attribution": [source],
            "basis": "explicit",
        }
        editor.add_mention(claim["id"], mention)
    assert json.loads(printed(run("suggestions", suggested, "--json"))) == editor.get_suggestion(suggested)
    lines = printed(run("suggestions", suggested)).splitlines()
    assert lines[0] == f"suggestion  {suggested}"
    assert "Their names differ only in the spaces between words." in lines
    assert f"If followed: 2 named origins become 1 in “{claim['text']}”." in lines
    assert lines[-1].split() == [claim["id"], "2", "1", "corroborated", "single_origin"]


@pytest.mark.parametrize(("decision", "state"), [("merge", "merged"), ("distinct", "declined")])
def test_one_is_decided(run: Run, suggested: str, decision: str, state: str, names: tuple[str, str]) -> None:
    into = ("--into", names[1]) if decision == "merge" else ()
    shown = printed(run("suggestions", suggested, f"--{decision}", *REASON, *into, key=KeyRole.EDITOR)).splitlines()
    assert shown[2] == f"state       {state}"
    assert any(line.startswith("decided ") and line.endswith(": As the register says.") for line in shown)
    again = run("suggestions", suggested, "--merge", *REASON, key=KeyRole.EDITOR)
    assert (again.exit_code, "has decided the suggestion" in again.stderr) == (1, True)


def test_a_checker_does_not_decide(run: Run, suggested: str) -> None:
    refused = run("suggestions", suggested, "--merge", *REASON, key=KeyRole.CHECKER)
    assert refused.exit_code == 1, refused.output


def test_the_local_store_needs_no_key(run: Run, suggested: str, editor: Client, request: pytest.FixtureRequest) -> None:
    done = run("suggestions", suggested, "--distinct", *REASON, "--json")
    if "remote" in request.node.name:
        assert done.exit_code == 1
        return
    assert json.loads(printed(done))["decided"]["by"] == "command line"
    assert editor.get_suggestion(suggested)["state"] == "declined"


@pytest.mark.parametrize(
    "arguments",
    [
        ("sg-1", "--kind", "source"),
        ("--merge", *REASON),
        ("sg-1", "--merge"),
        ("sg-1", *REASON),
        ("sg-1", "--distinct", *REASON, "--into", "x"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("suggestions", *arguments).exit_code == 2


def test_an_unknown_one_is_not_found(run: Run) -> None:
    assert run("suggestions", "sg-nothing").exit_code == 4


def test_a_client_decides(editor: Client, suggested: str) -> None:
    decided = editor.decide_suggestion(suggested, {"decision": "distinct", "reason": "Two."}, idempotency_key=suggested)
    assert decided["state"] == "declined"
