"""``claims show``, ``corroboration`` and ``verdict`` on the local store and on a service, and their exit statuses."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from claim_verification import Client
from claim_verification.cli.filters import FILTERS
from claim_verification.models import ListClaimsQuery, ListCorroborationQuery
from service.model.actors import KeyRole
from tests.claim_verification.cli.commands import Run, invoke, printed
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy

CLAIM = "nk-15000-workers-in-russia"


def api(served: Served, path: str) -> Any:
    """Return the answer of the API."""
    return requests.get(served.url + path, timeout=30).json()


# --- JSON is what the API answers --------------------------------------------------------


def test_show_prints_what_the_api_answers(run: Run, served: Served) -> None:
    shown = json.loads(printed(run("show", CLAIM, "--json")))
    assert shown == api(served, f"/v1/claims/{CLAIM}?include=mentions")


@pytest.mark.parametrize("options", [(), ("--as-of", "2025-06-30"), ("--quorum", "3", "--independence", "country")])
def test_the_reasoning_is_what_the_api_answers(run: Run, served: Served, options: tuple[str, ...]) -> None:
    query = "&".join(f"{name[2:].replace('-', '_')}={value}" for name, value in zip(*[iter(options)] * 2, strict=True))
    reasoning = json.loads(printed(run("corroboration", CLAIM, "--json", *options)))
    assert reasoning == api(served, f"/v1/claims/{CLAIM}/corroboration?{query}")


def test_the_reasoning_of_an_earlier_time_is_what_the_api_answers(run: Run, served: Served) -> None:
    at = api(served, "/v1/events/head")["last_at"]
    for known_at in (at, at.replace("Z", "+00:00")):
        reasoning = json.loads(printed(run("corroboration", CLAIM, "--json", "--known-at", known_at)))
        expected = api(served, f"/v1/claims/{CLAIM}/corroboration?known_at={known_at.replace('+', '%2B')}")
        assert reasoning == expected
        assert reasoning["known_at"] == at
    assert f"known at  {at}" in printed(run("corroboration", CLAIM, "--known-at", at))


def test_counts_are_what_the_api_answers(run: Run, served: Served) -> None:
    filters = ("--topic", "sanctions", "--min-origins", "1")
    rows = [json.loads(line) for line in printed(run("corroboration", *filters, "--json")).splitlines()]
    assert len(rows) > 3
    assert rows == api(served, "/v1/corroboration?topic=sanctions&min_origins=1")["data"]

    table = printed(run("corroboration", *filters, "--csv"))
    answer = requests.get(f"{served.url}/v1/corroboration?topic=sanctions&min_origins=1&format=csv", timeout=30)
    assert table.splitlines() == answer.text.splitlines()
    assert [row["id"] for row in csv.DictReader(table.splitlines())] == [row["id"] for row in rows]


@pytest.mark.parametrize("query", [{}, {"sort": "mentions"}, {"status": "possibly_corroborated", "min_origins": "1"}])
def test_what_is_found_is_what_the_api_finds(run: Run, served: Served, query: dict[str, str]) -> None:
    words = 'russia* "north korean"' if "status" not in query else "russia* -troops"
    options = [part for name, value in query.items() for part in (f"--{name.replace('_', '-')}", value)]
    found = printed(run("search", *options, "--limit", "7", "--json", "--", *words.split(" ")))
    answer = requests.get(f"{served.url}/v1/claims", params={"q": words, "limit": "7", **query}, timeout=30).json()
    assert len(answer["data"]) > 2
    assert [json.loads(line) for line in found.splitlines()] == answer["data"]
    table = printed(run("search", *options, "--limit", "7", "--", words)).splitlines()
    assert [line.split()[0] for line in table] == ["CLAIM", *(claim["id"] for claim in answer["data"])]


def test_a_search_goes_on_from_page_to_page(run: Run, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.local.backend.LIMIT_MAX", 7)
    monkeypatch.setattr("claim_verification.base.PAGE", 7)
    lines = printed(run("search", "--limit", "999", "--json", "ru*")).splitlines()
    assert len(lines) > 100
    assert [json.loads(line)["id"] for line in lines] == [
        claim["id"] for claim in reader.list_claims(q="ru*", limit=10)
    ]
    nothing = run("search", "--topic", "war", "zzzz", "yyyy")
    assert printed(nothing) == printed(run("search", "--json", "zzzz")) == ""
    assert nothing.stderr == "no claim contains all of: zzzz yyyy (with --topic war)\n"
    assert run("corroboration", "--status", "refuted", "--topic", "none").stderr == (
        "no claim matches --topic none --status refuted\n"
    )


def test_filters_are_those_of_the_api() -> None:
    more = {"as_of", "details", "limit", "after"}
    assert FILTERS.keys() | more == ListCorroborationQuery.__annotations__.keys()
    assert FILTERS.keys() | {"q", "sort", "limit"} == ListClaimsQuery.__annotations__.keys()


def test_a_verdict_is_handed_in_by_the_holder_of_the_key(run: Run, served: Served, claim: str, tmp_path: Path) -> None:
    body = tmp_path / "verdict.json"
    body.write_text('{"rationale": "Nobody has seen it.", "textual_rating": "Vague"}')
    options = (
        "--rating",
        "not_enough_evidence",
        "--evidence",
        "https://example.org/1",
        "--evidence",
        "document:doc-wsj-report",
        *("--title", "Who saw it?", "--byline", "By Jane", "--author", "person: Jane", "--author", "organization:Desk"),
        *("--reviewed-at", "2024-10-21"),
    )
    made = run(
        "verdict", claim, "--claim-version", "1", *options, "--textual-rating", "Open", "--body", str(body), "--json",
        key=KeyRole.CHECKER,
    )  # fmt: skip
    verdict = json.loads(printed(made))
    assert verdict == api(served, f"/v1/verdicts/{verdict['id']}") | {"reviews": verdict["reviews"]}
    assert (verdict["checker"], verdict["textual_rating"]) == ("An checker", "Open")
    assert verdict["rationale"] == "Nobody has seen it."
    assert (verdict["title"], verdict["author"], verdict["reviewed_at"]) == ("Who saw it?", "By Jane", "2024-10-21")
    authors = [(author["type"], author["name"]) for author in verdict["authors"]]
    assert authors == [("person", "Jane"), ("organization", "Desk")]
    assert [(ground["url"], ground["document"]) for ground in verdict["evidence"]] == [
        ("https://example.org/1", None),
        (None, "doc-wsj-report"),
    ]
    taken_back = ("--retract", "--supersedes", verdict["id"], "--reason", "There is a photograph.")
    said = printed(run("verdict", claim, "--claim-version", "2", *taken_back, key=KeyRole.CHECKER))
    assert re.search(rf"^supersedes +{verdict['id']}$", said, re.M)
    assert api(served, f"/v1/claims/{claim}")["verdicts"]["current"] == []


def test_what_waits_for_the_holder_of_the_key(run: Run, served: Served, claim: str) -> None:
    options = ("--claim-version", "1", "--rating", "supported", "--draft", "--json")
    draft = json.loads(printed(run("verdict", claim, *options, key=KeyRole.CHECKER)))
    work = json.loads(printed(run("me", "--json", key=KeyRole.CHECKER)))
    assert (work["name"], work["role"]) == ("An checker", "checker")
    assert draft["id"] in [own["id"] for own in work["drafts"]]
    shown = printed(run("me", key=KeyRole.CHECKER))
    assert re.search(r"^name +An checker$", shown, re.M)
    assert re.search(rf"^draft +{claim} +{draft['id']}", shown, re.M)
    nobody = run("me")
    assert (nobody.exit_code, nobody.stdout) == (1, "")


def test_no_rating_is_offered_that_is_refused(served: Served, claim: str) -> None:
    offered = re.sub(r"\s", "", invoke("verdict", "--help").stdout)
    said = invoke("verdict", claim, "--claim-version", "1", "--rating", "unmapped", "--url", served.url)
    assert (said.exit_code, "unmapped" in offered) == (2, False)
    assert "|not_enough_evidence|" in offered


def test_what_was_merged_is_told(run: Run, editor: Client, claim: str) -> None:
    editor.merge_claim(claim, CLAIM, "Entered twice.")
    shown = run("show", claim, "--json")
    editor.unmerge_claim(claim, "They are two.")
    assert json.loads(printed(shown))["id"] == CLAIM
    assert shown.stderr == f"{claim} was merged into {CLAIM}\n"


def test_a_claim_is_reasoned_about_as_it_was_before_and_after_it_was_merged(
    run: Run, editor: Client, served: Served, claim: str
) -> None:
    before = api(served, "/v1/events/head")["last_at"]
    editor.merge_claim(claim, CLAIM, "Entered twice.")
    merged = api(served, "/v1/events/head")["last_at"]
    try:
        alone = run("corroboration", claim, "--known-at", before)
    finally:
        editor.unmerge_claim(claim, "They are two.")
    # The text would be that of the other claim.
    assert re.search(rf"^claim +{claim}$", printed(alone), re.M)
    assert "text " not in alone.stdout
    assert json.loads(printed(run("corroboration", claim, "--known-at", merged, "--json")))["claim"] == CLAIM


def test_a_publisher_that_was_merged_has_the_name_of_the_other(run: Run, editor: Client) -> None:
    editor.merge_source("wall-street-journal", "kenya-times", "One owner.")
    try:
        shown = run("corroboration", "nk-personnel-deployed")
    finally:
        editor.unmerge_source("wall-street-journal", "Two owners.")
    assert "Kenya Times" in printed(shown)


# --- how it ends -------------------------------------------------------------------------


def test_an_unknown_id_ends_with_4(run: Run) -> None:
    for arguments in (("show", "none-such"), ("show", "No such/../id"), ("corroboration", "none-such")):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (4, "")
        assert "Error: There is no claim" in result.stderr or "/.." in arguments[1]


def test_a_refusal_ends_with_1_and_says_why(run: Run, claim: str) -> None:
    without_key = run("verdict", claim, "--claim-version", "1", "--rating", "supported")
    assert without_key.exit_code == 1
    assert "key" in without_key.stderr
    too_new = run("verdict", claim, "--claim-version", "7", "--rating", "supported", key=KeyRole.CHECKER)
    assert too_new.exit_code == 1
    assert "claim_version" in too_new.stderr
    no_rating = run("verdict", claim, "--claim-version", "1", key=KeyRole.CHECKER)
    assert no_rating.exit_code == 1
    assert "rating: `rating` is required, such as refuted, unless `retraction` is true." in no_rating.stderr
    odd = run(
        "verdict", claim, "--claim-version", "1", "--rating", "supported", "--evidence", "seen", key=KeyRole.CHECKER
    )
    assert odd.exit_code == 1
    assert "evidence/0/url" in odd.stderr
    for author in ("Jane", "robot:Jane", "person: "):
        nobody = run("verdict", claim, "--claim-version", "1", "--author", author, key=KeyRole.CHECKER)
        assert (nobody.exit_code, nobody.stdout) == (2, "")
        assert "'person:Jane Doe'" in nobody.stderr
    assert all(result.stdout == "" for result in (without_key, too_new, no_rating, odd))


@pytest.mark.parametrize("key", ["cv_wrong", "two words", "geheim\x01"])
def test_a_wrong_key_is_refused_and_not_repeated(served: Served, claim: str, key: str) -> None:
    for where in ({"CLAIMS_URL": served.url}, {"DATABASE_URL": served.database_url}):
        result = invoke(
            "verdict", claim, "--claim-version", "1", "--rating", "supported", CLAIMS_API_KEY=key, **where
        )  # fmt: skip
        assert result.exit_code == 1
        assert key not in result.output


def test_what_cannot_be_reached_ends_with_3(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert invoke("show", CLAIM, DATABASE_URL="postgresql://127.0.0.1:1/none").exit_code == 3
    for deed in ("drop", 503, b"<html>"):
        proxy.plan = [deed] * 9
        result = invoke("show", CLAIM, "--url", proxy.url)
        assert (result.exit_code, result.stdout) == (3, "")
        assert "Error: " in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("show", CLAIM, "--url", "claims.example"),
        ("corroboration", CLAIM, "--csv"),
        ("corroboration", CLAIM, "--topic", "sanctions"),
        ("corroboration", "--quorum", "2"),
        ("corroboration", "--csv", "--json"),
        ("corroboration", "--status", "true"),
        ("corroboration", CLAIM, "--as-of", "yesterday"),
        ("corroboration", CLAIM, "--known-at", "2025-06-30T12:00:00"),
        ("corroboration", "--known-at", "2025-06-30"),
        ("verdict", CLAIM, "--rating", "supported"),
        ("verdict", CLAIM, "--claim-version", "0"),
        ("completion", "tcsh"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("body", ["{", "[]", "[" * 100_000])
def test_a_body_that_is_none_is_refused(served: Served, tmp_path: Path, body: str) -> None:
    file = tmp_path / "body.json"
    file.write_text(body)
    result = invoke("verdict", CLAIM, "--claim-version", "1", "--body", str(file), DATABASE_URL=served.database_url)
    assert result.exit_code == 1
    assert "--body: it is " in result.stderr


def test_the_exit_statuses_are_in_the_help() -> None:
    said = printed(invoke("--help"))
    assert all(re.search(rf"^ +{status}  \w", said, re.M) for status in range(5))


# --- other commands with --json or --url -------------------------------------------------


def test_audit_of_a_service_checks_its_log(served: Served, reader: Client, tmp_path: Path) -> None:
    saved = str(tmp_path / "head.json")
    assert invoke("log", "head", "--save", saved, CLAIMS_URL=served.url).exit_code == 0
    said = printed(invoke("audit", "--url", served.url, "--head", saved))
    assert "unchanged" in said
    assert "events follow one another and have this root" in said
    assert printed(invoke("audit", "--url", served.url, "--json")) == ""
    Path(saved).write_text(json.dumps({**reader.get_head(), "root_hash": "ab" * 32}))
    forked = invoke("audit", "--url", served.url, "--head", saved)
    assert forked.exit_code == 1
    assert "another log" in forked.stderr


def test_operators_get_json_too(served: Served, tmp_path: Path) -> None:
    def json_of(*arguments: str) -> list[Any]:
        said = printed(invoke(*arguments, "--json", DATABASE_URL=served.database_url))
        return [json.loads(line) for line in said.splitlines()]

    [made] = json_of("keys", "create", "--name", "Zoe", "--role", "checker")
    assert made["key"].startswith(f"cv_{made['id']}_")
    [listed] = [key for key in json_of("keys", "list") if key["name"] == "Zoe"]
    assert {**listed, "key": made["key"]} == made
    [ended] = json_of("keys", "revoke", made["id"])
    assert ended["revoked_at"]
    assert json_of("doctor") == json_of("audit") == []
    [copied] = json_of("backup", str(tmp_path / "copy.db"))
    assert copied == {"file": str(tmp_path / "copy.db"), "bytes": (tmp_path / "copy.db").stat().st_size}


def test_counts_of_a_day_and_their_words_are_printed_as_csv(run: Run, reader: Client) -> None:
    asked = ("--topic", "sanctions", "--as-of", "2025-06-15", "--details")
    lines = run("corroboration", *asked, "--csv").output.splitlines()
    assert lines[0].endswith(",refuting_named,text,topics,origin_names,agreement,ratings")
    rows = list(csv.DictReader(lines))
    found = list(reader.list_corroboration(topic="sanctions", as_of="2025-06-15", details=True))
    assert [row["text"] for row in rows] == [row["text"] for row in found]
    assert [row["status"] for row in rows] == [row["status"] for row in found]
    assert list(reader.corroboration_csv(topic="sanctions", as_of="2025-06-15", details=True, limit=7))[1:] == [
        f"{line}\r" for line in lines[1:]
    ]
    printed = run("corroboration", *asked, "--json").output.splitlines()
    assert [json.loads(line) for line in printed] == found


@pytest.mark.parametrize(
    "wrong", [("--details",), ("c", "--details"), ("--known-at", "2025-01-01", "--csv"), ("--policy", "v1-source-2")]
)
def test_options_that_do_not_go_together_are_named(run: Run, wrong: tuple[str, ...]) -> None:
    refused = run("corroboration", *wrong)
    assert refused.exit_code == 2
    assert "--details needs one of them" in refused.output
