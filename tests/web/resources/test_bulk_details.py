"""Counts in bulk with words beside them, and as of a day, in pages."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from flask.testing import FlaskClient

from service.schemas.count_queries import COUNTS_LIMIT
from service.web.http.streaming import csv_lines
from tests.web.helpers import Json, assert_problem, get, ids, url, walk
from tests.world import EDITH, Request, World

DETAILS = ["text", "topics", "origin_names", "agreement", "ratings"]


def _counts(client: FlaskClient, **parameters: object) -> list[Json]:
    rows: list[Json] = get(client, "/v1/corroboration", **parameters)["data"]
    return rows


def _pages(client: FlaskClient, **parameters: object) -> list[list[Json]]:
    """Return the rows of each page, by following ``next``."""
    pages, following = [], url("/v1/corroboration", **parameters)
    while following:
        response = client.get(following)
        body = response.get_json()
        pages.append(body["data"])
        following = body["next"]
        assert response.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
    return pages


def test_details_are_those_of_the_list_of_claims(seeded: FlaskClient) -> None:
    rows = {row["id"]: row for row in _counts(seeded, details="true")}
    plain = {row["id"]: row for row in _counts(seeded)}
    listed = walk(seeded, "/v1/claims")
    assert len(rows) == len(listed)
    for claim in listed:
        row = rows[claim["id"]]
        assert list(row)[-5:] == DETAILS
        assert {name: row[name] for name in plain[claim["id"]]} == plain[claim["id"]]
        assert (row["text"], row["topics"]) == (claim["text"], claim["topics"])
        assert row["origin_names"] == [source["name"] for source in claim["claimants"]]
        assert row["agreement"] == claim["verdicts"]["agreement"]
        assert row["ratings"] == [verdict["rating"] for verdict in claim["verdicts"]["current"]]
    assert any(row["ratings"] for row in rows.values())


def test_details_come_last_in_csv_and_lists_are_joined(seeded: FlaskClient) -> None:
    text = seeded.get("/v1/corroboration?format=csv&details=true&topic=sanctions").get_data(as_text=True)
    plain = seeded.get("/v1/corroboration?format=csv").get_data(as_text=True)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert reader.fieldnames == [*plain.splitlines()[0].split(","), *DETAILS]
    rows = {row["id"]: row for row in reader}
    for row in _counts(seeded, details="true", topic="sanctions"):
        assert rows[row["id"]]["topics"] == "; ".join(row["topics"])
        assert rows[row["id"]]["text"] == row["text"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-5 is cold.", "'-5 is cold."),
        ("@cmd", "'@cmd"),
        ("\t=1", "'\t=1"),
        (["=1", "b"], "'=1; b"),
        ("a=1", "a=1"),
        (-5, "-5"),
        ([], ""),
    ],
)
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    written = b"".join(csv_lines([{"a": value}], ["a"])).decode()
    [row] = csv.DictReader(io.StringIO(written, newline=""), strict=True)
    assert row["a"] == cell


@pytest.mark.parametrize("day", ["2019-01-01", "2025-05-31", "2025-06-15", "2999-01-01"])
def test_counts_as_of_a_day_are_those_of_each_claim(seeded: FlaskClient, day: str) -> None:
    rows = _counts(seeded, as_of=day, topic="sanctions")
    assert ids(rows) == ids(_counts(seeded, topic="sanctions"))
    for row in rows:
        own = get(seeded, f"/v1/claims/{row['id']}/corroboration", as_of=day)
        assert (row["status"], row["policy"]) == (own["status"], own["policy"]["id"])
        assert {bound: row[f"origins_{bound}"] for bound in ("named", "at_least", "at_most")} == own["origins"]
        assert (row["mentions"], row["documents"]) == (own["mentions"], own["documents"])


def test_of_a_day_to_come_they_are_the_stored_ones(seeded: FlaskClient) -> None:
    for details in ("false", "true"):
        assert _counts(seeded, as_of="2999-01-01", details=details) == _counts(seeded, details=details)


def test_origins_that_are_not_published_yet_are_not_named(world: World) -> None:
    claim, source = world.claim(), world.source()
    body = {"published_earliest": "2024-05-02", "published_latest": "2024-05-02", "title": "Ships"}
    document = world.done(Request("POST", "/v1/documents", body, 201), EDITH)["id"]
    mention = {"document": document, "stance": "supports", "attribution": [source], "basis": "explicit"}
    world.done(Request("POST", f"/v1/claims/{claim}/mentions", mention, 201), EDITH)
    found = []
    for day in ("2024-05-01", "2024-05-02"):
        [row] = world.get(f"/v1/corroboration?details=true&as_of={day}")["data"]
        found.append((row["status"], row["origins_named"], row["origin_names"]))
    assert found == [("unsupported", 0, []), ("single_origin", 1, [f"Harbour Office {source}"])]


def test_ratings_are_those_of_the_day(world: World) -> None:
    claim, today = world.claim(), dt.datetime.now(dt.UTC).date()
    first = world.verdict(claim, rating="refuted", reviewed_at="2024-05-02")
    world.verdict(claim, rating="supported", supersedes=first, reason="The ministry corrected its figure.")
    found = []
    for day in ("2024-05-01", "2024-05-02", (today - dt.timedelta(days=1)).isoformat(), "2999-01-01"):
        [row] = world.get(f"/v1/corroboration?details=true&as_of={day}")["data"]
        found.append((row["agreement"], row["ratings"]))
    assert found == [("none", []), ("single", ["refuted"]), ("single", ["refuted"]), ("single", ["supported"])]


@pytest.mark.parametrize("day", [{}, {"as_of": "2025-06-15"}])
@pytest.mark.parametrize("limit", [1, 7, 100, COUNTS_LIMIT])
def test_pages_have_every_claim_once(seeded: FlaskClient, limit: int, day: dict[str, str]) -> None:
    filters = {"topic": "sanctions"} if limit == 1 else {}
    pages = _pages(seeded, limit=limit, **filters, **day)
    assert ids([row for page in pages for row in page]) == ids(_counts(seeded, **filters))
    assert all(len(page) == limit for page in pages[:-1])
    assert 0 < len(pages[-1]) <= limit


def test_no_claim_has_no_page(seeded: FlaskClient) -> None:
    assert _pages(seeded, as_of="2025-06-15", topic="no-such") == [[]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=1001", "/limit"),
        ("after=no-such", "/after"),
        ("as_of=2025-01-01&limit=0", "/limit"),
        ("as_of=2025-01-01&limit=1001", "/limit"),
        ("as_of=2025-01-01&after=no-such", "/after"),
        ("as_of=2025", "/as_of"),
        ("details=yes", "/details"),
    ],
)
def test_a_page_that_cannot_be_is_refused(seeded: FlaskClient, query: str, field: str) -> None:
    assert_problem(seeded.get(f"/v1/corroboration?{query}"), 422, "invalid_request", field)
