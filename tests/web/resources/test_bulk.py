"""Counts in bulk: the same rows in three formats, chosen by the client, streamed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import orjson
import pytest
import requests
from flask.testing import FlaskClient
from urllib3 import HTTPResponse
from werkzeug.test import TestResponse

from service.store import Store
from tests.processes import running_service
from tests.web.helpers import (
    Json,
    a_claim,
    assert_problem,
    ids,
    load,
    raw_claims,
    raw_documents,
    raw_sources,
    seeds_of,
    url,
    walk,
)

pytestmark = pytest.mark.one_engine

COLUMNS = [
    "id",
    "status",
    "policy",
    "origins_at_least",
    "origins_at_most",
    "differing_at_least",
    "differing_at_most",
    "refuting_at_least",
    "refuting_at_most",
    "mentions",
    "documents",
    "version",
    "updated_at",
    "origins_named",
    "differing_named",
    "refuting_named",
]
NUMBERS = {*COLUMNS[3:12], *COLUMNS[13:]}
TYPES = {"json": "application/json", "csv": "text/csv", "ndjson": "application/x-ndjson"}


def _rows(response: TestResponse) -> list[Json]:
    """Return the rows of an answer in any of the three formats."""
    assert response.status_code == 200, response.get_data(as_text=True)
    text = response.get_data(as_text=True)
    if response.mimetype == TYPES["json"]:
        body = orjson.loads(text)
        assert list(body) == ["data"]
        rows: list[Json] = body["data"]
        return rows
    if response.mimetype == TYPES["ndjson"]:
        assert not text or text.endswith("\n")
        return [orjson.loads(line) for line in text.splitlines()]
    assert response.mimetype == TYPES["csv"]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert reader.fieldnames == COLUMNS
    return [{k: int(v) if k in NUMBERS else v for k, v in row.items()} for row in reader]


def _row_of(claim: Json) -> Json:
    """Return the row that ``claim`` must have."""
    summary = claim["corroboration"]
    bounds = {
        f"{name}_{bound}": summary[name][bound]
        for name in ("origins", "differing", "refuting")
        for bound in ("at_least", "at_most", "named")
    }
    same = {"id": claim["id"], "version": claim["version"], "updated_at": claim["updated_at"]}
    own = {name: summary[name] for name in ("status", "policy", "mentions", "documents")}
    return same | own | bounds


@pytest.mark.parametrize("form", TYPES)
def test_the_rows_say_what_the_list_of_claims_says(seeded: FlaskClient, form: str) -> None:
    rows = _rows(seeded.get(f"/v1/corroboration?format={form}"))
    assert all(list(row) == COLUMNS for row in rows)
    expected = {claim["id"]: _row_of(claim) for claim in walk(seeded, "/v1/claims")}
    assert len(rows) == len(expected)
    assert {row["id"]: row for row in rows} == expected


def test_the_three_forms_have_the_same_rows_in_the_same_order(seeded: FlaskClient) -> None:
    by_json, by_csv, by_ndjson = (_rows(seeded.get(f"/v1/corroboration?format={form}")) for form in TYPES)
    assert by_json == by_csv == by_ndjson


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("topic", ["sanctions", "no-such"]),
        ("source", list(raw_sources())[:9]),
        ("origin", list(raw_sources())[:9]),
        ("document", list(raw_documents())),
        ("status", ["single_origin", "contested", "refuted"]),
        ("min_origins", ["0", "1", "2", "3"]),
        ("stance", ["supports", "differs", "refutes"]),
        ("updated_since", ["2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"]),
    ],
)
def test_a_filter_keeps_the_claims_that_the_list_of_claims_keeps(
    seeded: FlaskClient, name: str, values: list[str]
) -> None:
    sizes = set()
    for value in values:
        for more in ({}, {"stance": "supports"} if name != "stance" else {"min_origins": "2"}):
            filters = {name: value, **more}
            rows = _rows(seeded.get(url("/v1/corroboration", **filters)))
            assert sorted(ids(rows)) == sorted(ids(walk(seeded, "/v1/claims", **filters)))
            sizes.add(len(rows))
    assert len(sizes) > 1


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/*", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("application/x-ndjson", "ndjson"),
        ("text/csv, application/json", "json"),
        ("text/csv, application/json;q=0.9", "csv"),
        ("application/json;q=0.1, application/x-ndjson;q=0.2, text/csv;q=0.15", "ndjson"),
        ("text/html, text/csv;q=0.3, */*;q=0.1", "csv"),
        ("application/json;q=0, */*;q=0.5", "csv"),
        ("text/csv;q=0, */*", "json"),
        ("TEXT/CSV", "csv"),
    ],
)
def test_accept_chooses_the_form(seeded: FlaskClient, accept: str | None, form: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = seeded.get("/v1/corroboration", headers=headers)
    assert response.mimetype == TYPES[form]
    assert "Accept" in response.headers["Vary"]
    assert len(_rows(response)) == len(raw_claims())


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/x-ndjson", "*/*", "text/html"])
def test_format_beats_accept(seeded: FlaskClient, form: str, accept: str) -> None:
    response = seeded.get(f"/v1/corroboration?format={form}", headers={"Accept": accept})
    assert response.mimetype == TYPES[form]
    assert len(_rows(response)) == len(raw_claims())


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0", "nonsense"])
def test_a_form_that_is_not_on_offer_is_refused(seeded: FlaskClient, accept: str) -> None:
    response = seeded.get("/v1/corroboration", headers={"Accept": accept})
    problem = assert_problem(response, 406, "not_acceptable", "/Accept")
    for media_type in TYPES.values():
        assert media_type in problem["detail"]


@pytest.mark.parametrize("form", ["xml", "CSV", "", "json,csv"])
def test_a_format_that_does_not_exist_is_refused(seeded: FlaskClient, form: str) -> None:
    assert_problem(seeded.get(url("/v1/corroboration", format=form)), 422, "invalid_request", "/format")


@pytest.mark.parametrize("parameter", ["cursor", "sort"])
def test_it_is_one_answer_and_knows_no_pages(seeded: FlaskClient, parameter: str) -> None:
    response = seeded.get(f"/v1/corroboration?{parameter}=1")
    assert_problem(response, 422, "invalid_request", f"/{parameter}")


def test_an_empty_store_gives_no_rows_in_each_form(client: FlaskClient) -> None:
    assert client.get("/v1/corroboration?format=json").data == b'{"data":[]}'
    assert client.get("/v1/corroboration?format=ndjson").data == b""
    assert client.get("/v1/corroboration?format=csv").data == ",".join(COLUMNS).encode() + b"\r\n"


def test_more_claims_than_any_batch_are_all_there_in_order_of_creation(client: FlaskClient, store: Store) -> None:
    names = [f"c{number:04}" for number in range(1003)]
    load(store, seeds_of([a_claim(name) for name in names]))
    for form in TYPES:
        assert ids(_rows(client.get(f"/v1/corroboration?format={form}"))) == names


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
@pytest.mark.parametrize("form", TYPES)
def test_the_compressed_rows_are_the_same(seeded: FlaskClient, form: str, coding: str) -> None:
    path = f"/v1/corroboration?format={form}"
    packed = seeded.get(path, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert HTTPResponse(io.BytesIO(packed.data), headers={"Content-Encoding": coding}).data == seeded.get(path).data


def test_the_server_streams_the_rows_in_chunks(tmp_path: Path) -> None:
    with running_service(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}) as service:
        for form, media_type in TYPES.items():
            with requests.get(
                f"{service.url}/v1/corroboration",
                params={"format": form},
                headers={"Accept-Encoding": "identity"},
                stream=True,
                timeout=20,
            ) as response:
                assert response.status_code == 200
                assert response.headers["Transfer-Encoding"] == "chunked"
                assert "Content-Length" not in response.headers
                assert response.headers["Content-Type"].split(";")[0] == media_type
                chunks = list(response.raw.read_chunked())
            assert len(chunks) > 1
            found = b"".join(chunks).decode()
            assert all(claim in found for claim in raw_claims())
