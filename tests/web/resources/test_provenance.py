"""The provenance over HTTP: formats, conditional requests, safe pictures, and the facts of the corroboration."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from tests.web.helpers import Json, get, raw_claims

CLAIM = "nk-15000-workers-in-russia"
PATH = f"/v1/claims/{CLAIM}/provenance"
FORMATS = {
    "json": "application/json",
    "svg": "image/svg+xml",
    "mermaid": "text/vnd.mermaid",
    "dot": "text/vnd.graphviz",
    "prov": "application/provenance+json",
}


@pytest.mark.parametrize(("name", "media_type"), FORMATS.items())
def test_a_format_is_chosen_by_accept_or_by_name(seeded: FlaskClient, name: str, media_type: str) -> None:
    by_name = seeded.get(PATH, query_string={"format": name}, headers={"Accept": "text/html"})
    by_accept = seeded.get(PATH, headers={"Accept": media_type})
    assert (by_name.status_code, by_name.mimetype) == (200, media_type)
    assert by_name.data == by_accept.data
    assert "Accept" in by_name.headers["Vary"]
    again = seeded.get(PATH, query_string={"format": name}, headers={"If-None-Match": by_name.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for header in ("ETag", "Cache-Control", "Content-Security-Policy"):
        assert again.headers[header] == by_name.headers[header]
    assert by_name.headers["Access-Control-Allow-Origin"] == "*"


def test_formats_have_tags_of_their_own(seeded: FlaskClient) -> None:
    tags = {seeded.get(PATH, query_string={"format": name}).headers["ETag"] for name in FORMATS}
    assert len(tags) == len(FORMATS)


@pytest.mark.parametrize("path", [f"{PATH}?format=svg", f"/v1/claims/{CLAIM}/badge.svg"])
def test_a_picture_runs_and_loads_nothing(seeded: FlaskClient, path: str) -> None:
    policy = seeded.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "script-src" not in policy


def _facts(corroboration: Json) -> tuple[object, ...]:
    sides = ("supports", "differs", "refutes")
    groups = {f"{side}:{group['id']}" for side in sides for group in corroboration[side]["groups"]}
    merges = [
        (side, merge["rule"], merge["group"], merge["left"], merge["right"], merge["reason"])
        for side in sides
        for merge in corroboration[side]["merges"]
    ]
    same = ("status", "policy", "as_of", "origins", "not_counted")
    return groups, merges, {name: corroboration[name] for name in same}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"as_of": "2025-05-31"},
        {"independence": "country", "quorum": "3"},
        {"documents": "1"},
        {"policy": "v1-organisation-2"},
    ],
    ids=lambda query: "-".join(query) or "plain",
)
def test_it_says_what_the_corroboration_says(seeded: FlaskClient, query: dict[str, str]) -> None:
    for claim in sorted(raw_claims())[::23]:
        told = get(seeded, f"/v1/claims/{claim}/provenance", **query)
        groups, merges, same = _facts(get(seeded, f"/v1/claims/{claim}/corroboration", **query))
        assert {group for node in told["nodes"] for group in node["groups"]} == groups
        names = ("side", "rule", "group", "left", "right", "reason")
        assert [tuple(merge[name] for name in names) for merge in told["merges"]] == merges
        assert {name: told[name] for name in same} == same  # type: ignore[attr-defined]
        ids = {node["id"] for node in told["nodes"]}
        assert all({edge["source"], edge["target"]} <= ids for edge in told["edges"])
        shown = [mention for row in told["rows"] for mention in row["mentions"]]
        assert sorted(shown) == sorted({mention for node in told["nodes"] for mention in node["mentions"]})


def test_the_sentence_is_the_summary(seeded: FlaskClient) -> None:
    told = get(seeded, PATH)
    assert told["sentence"] == get(seeded, f"/v1/claims/{CLAIM}/corroboration")["summary"]
    assert told["known_at"] is None


def test_a_known_at_is_shown(seeded: FlaskClient, seeded_now: str) -> None:
    told = get(seeded, PATH, known_at=seeded_now)
    assert told["known_at"] == seeded_now
    assert {**told, "known_at": None} == get(seeded, PATH)
    picture = seeded.get(PATH, query_string={"format": "svg", "known_at": seeded_now}).text
    assert f"known at {seeded_now}" in picture


@pytest.fixture
def seeded_now(seeded: FlaskClient) -> str:
    """Return the time of the last change of the claim."""
    return str(get(seeded, f"/v1/claims/{CLAIM}")["updated_at"])


def test_a_layout_is_chosen_by_name(seeded: FlaskClient) -> None:
    sizes = {}
    for layout in ("columns", "rows", "auto"):
        answer = seeded.get(PATH, query_string={"format": "svg", "layout": layout})
        sizes[layout] = ET.fromstring(answer.text).attrib["width"]  # noqa: S314 - our own output
    assert sizes == {"columns": "1120", "rows": "340", "auto": "100%"}


@pytest.mark.parametrize("query", [{"format": "png"}, {"layout": "circle"}, {"as_of": "yesterday"}, {"colour": "red"}])
def test_an_unknown_parameter_or_value_is_refused(seeded: FlaskClient, query: dict[str, str]) -> None:
    answer = seeded.get(PATH, query_string=query)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{name}" for name in query]  # type: ignore[index]


@pytest.mark.parametrize("name", ["provenance", "badge.svg"])
def test_a_claim_that_is_not_there(seeded: FlaskClient, name: str) -> None:
    answer = seeded.get(f"/v1/claims/none-such/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_badge_says_the_status(seeded: FlaskClient) -> None:
    answer = seeded.get(f"/v1/claims/{CLAIM}/badge.svg")
    assert answer.mimetype == "image/svg+xml"
    assert ">single origin</text>" in answer.text
    assert ">1 origin</text>" in answer.text
    stricter = seeded.get("/v1/claims/nk-personnel-deployed/badge.svg", query_string={"quorum": "4"})
    assert ">possibly corroborated</text>" in stricter.text


def test_links_in_prov_lead_to_the_service(seeded: FlaskClient) -> None:
    told = seeded.get(PATH, query_string={"format": "prov"}).get_json(force=True)
    assert told["prefix"]["document"] == "http://localhost/v1/documents/"
    document = next(name for name in told["entity"] if name.startswith("document:"))
    assert seeded.get(f"/v1/documents/{document.partition(':')[2]}").status_code == 200
