"""Details that client libraries hide: encodings, indentation, keys in URLs, and one shape for whatever goes wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import peewee
import pytest
import requests
from flask.testing import FlaskClient
from googleapiclient.errors import HttpError
from werkzeug.test import TestResponse

from service.api import build_app
from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import create_key, revoke_key
from tests.settings import make_settings
from tests.web.google.conftest import Newsroom
from tests.web.google.newsroom import HEADLINE, Json, library, serving

pytestmark = pytest.mark.one_engine

TYPES = "type.googleapis.com/google.rpc."


def assert_google_error(response: requests.Response | TestResponse, code: int, status: str) -> Json:
    """Return the one shape that every error has."""
    assert response.status_code == code, response.text
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert response.headers["Cache-Control"] == "no-store"
    body: Json = json.loads(response.text)
    assert set(body) == {"error"}
    error: Json = body["error"]
    assert set(error) == {"code", "message", "status", "details"}
    assert (error["code"], error["status"]) == (code, status)
    assert error["message"]
    assert error["details"][0]["@type"] == f"{TYPES}ErrorInfo"
    request_id = {"@type": f"{TYPES}RequestInfo", "requestId": response.headers["X-Request-ID"]}
    assert error["details"][-1] == request_id
    return error


def get(newsroom: Newsroom, query: str, **headers: str) -> requests.Response:
    return requests.get(f"{newsroom.url}/claims:search?{query}", headers=headers, timeout=30)


@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_a_space_is_a_plus_or_a_percent_20(newsroom: Newsroom, encode: Any) -> None:
    found = get(newsroom, f"query={encode('so many gulls')}").json()
    assert [claim["text"] for claim in found["claims"]] == ["Nobody has ever seen so many gulls."]


def test_an_answer_is_indented_unless_that_is_not_wanted(newsroom: Newsroom) -> None:
    pretty = get(newsroom, "query=gulls")
    plain = get(newsroom, "query=gulls&prettyPrint=false")
    assert pretty.text.startswith('{\n  "claims": [\n')
    assert "\n" not in plain.text
    assert pretty.json() == plain.json()
    assert pretty.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_it_is_kept_compressed_and_read_from_anywhere_as_every_other_answer(newsroom: Newsroom) -> None:
    here = {"Origin": "https://reader.example", "Accept-Encoding": "gzip"}
    whole = get(newsroom, "reviewPublisherSiteFilter=facts.example", **here)
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    assert whole.headers["Content-Encoding"] == "gzip"
    again = get(newsroom, "reviewPublisherSiteFilter=facts.example", **here, **{"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        *("key=AIzaSomeKey", "key=", "quotaUser=me", "alt=json", "alt=", "%24.xgafv=1", "$.xgafv=2", "callback="),
        *("uploadType=media", "upload_protocol=raw", "prettyPrint=true", "pageToken=", "pageSize=0", "fields=*"),
    ],
)
def test_what_every_method_of_google_takes_is_taken(newsroom: Newsroom, query: str) -> None:
    assert get(newsroom, f"query=gulls&{query}").json() == get(newsroom, "query=gulls").json()


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("alt=media", "alt", "Invalid value at 'alt'"),
        ("alt=proto", "alt", "Invalid value at 'alt'"),
        ("%24.xgafv=3", "$.xgafv", "Invalid value at '$.xgafv'"),
        ("callback=run", "callback", "JSONP is not supported: leave `callback` out and send CORS requests."),
        ("prettyPrint=1", "prettyPrint", "Invalid value at 'prettyPrint'"),
        ("pageSize=ten", "pageSize", "Invalid value at 'pageSize'"),
        ("query=x", "query", "Given more than once."),
        ("access_token=ya29.x", "access_token", "Unknown name"),
        (
            "lang=en",
            "lang",
            'Invalid JSON payload received. Unknown name "lang": Cannot bind query parameter. '
            "Field 'lang' could not be found in request message.",
        ),
        (
            "langageCode=en",
            "langageCode",
            "Field 'langageCode' could not be found in request message. Did you mean 'languageCode'?",
        ),
        ("pageSize=ten", "pageSize", "Invalid value at 'pageSize': Not a valid integer, for example 10. Got 'ten'."),
        ("fields=claims(txt)", "fields", "Cannot find matching fields for path 'txt'. Did you mean 'text'?"),
    ],
)
def test_a_wrong_parameter_is_named(newsroom: Newsroom, query: str, field: str, message: str) -> None:
    error = assert_google_error(get(newsroom, f"query=gulls&{query}"), 400, "INVALID_ARGUMENT")
    [violation] = error["details"][1]["fieldViolations"]
    assert error["details"][1]["@type"] == f"{TYPES}BadRequest"
    assert violation["field"] == field
    assert message in violation["description"]
    assert error["message"] == violation["description"]


def test_a_path_or_method_that_is_not_there_names_the_one_that_is(newsroom: Newsroom) -> None:
    for path, meant in (
        ("/claims:serch", "/claims:search"),
        ("/claims:search/", "/claims:search"),
        ("/page", "/pages"),
    ):
        error = assert_google_error(requests.get(newsroom.url + path, timeout=30), 404, "NOT_FOUND")
        assert error["message"] == f"There is nothing at '/v1alpha1{path}'. Did you mean '/v1alpha1{meant}'?"
    refused = requests.put(f"{newsroom.url}/claims:search", json={}, timeout=30)
    error = assert_google_error(refused, 405, "UNIMPLEMENTED")
    assert error["message"] == "'/v1alpha1/claims:search' does not support PUT. Allowed methods: GET, HEAD, OPTIONS."


def test_whatever_goes_wrong_has_googles_shape(newsroom: Newsroom) -> None:
    for path in ("", "/", "/claims", "/claims:search/", "/claims:nothing", "/no/such", "/%00", "/%2e%2e"):
        assert_google_error(requests.get(newsroom.url + path, timeout=30), 404, "NOT_FOUND")
    refused = requests.post(f"{newsroom.url}/claims:search", json={}, timeout=30)
    assert_google_error(refused, 405, "UNIMPLEMENTED")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert_google_error(get(newsroom, "query=x", Accept="image/png"), 406, "INVALID_ARGUMENT")
    assert_google_error(get(newsroom, "query=x", **{"If-Match": '"other"'}), 412, "FAILED_PRECONDITION")
    assert_google_error(get(newsroom, "query=x", Authorization="Bearer cv_no"), 401, "UNAUTHENTICATED")
    image = requests.get(f"{newsroom.url}/claims:imageSearch?imageUri=https://example.org/1.png", timeout=30)
    assert_google_error(image, 501, "UNIMPLEMENTED")
    elsewhere = requests.get(f"{newsroom.service.url}/v1alpha1x", timeout=30)
    assert elsewhere.headers["Content-Type"] == "application/problem+json"


@pytest.fixture
def client(newsroom: Newsroom) -> Iterator[FlaskClient]:
    """Yield a client of an application over the same store, whose inside a test may break."""
    database = Database(make_settings(newsroom.database_url))
    yield build_app(Store(database), make_settings(newsroom.database_url)).test_client()
    database.close()


def test_a_fault_of_ours_has_googles_shape(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("s3cret")

    monkeypatch.setattr(Database, "all", fail)
    response = client.get("/v1alpha1/claims:search?query=gulls")
    assert_google_error(response, 500, "INTERNAL")
    assert "s3cret" not in response.text


def test_a_lost_database_has_googles_shape(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Store = client.application.extensions["store"]

    def lost(*_: object, **__: object) -> None:
        raise peewee.OperationalError("s3cret")

    monkeypatch.setattr(store.database.peewee, "execute_sql", lost)
    response = client.get("/v1alpha1/claims:search?query=gulls")
    assert_google_error(response, 503, "UNAVAILABLE")
    assert response.headers["Retry-After"] == "1"


def test_too_many_requests_have_googles_shape(newsroom: Newsroom, tmp_path: Path) -> None:
    with serving(newsroom.database_url, tmp_path, RATE_LIMIT_READS="2/hour") as service:
        google = library(service.url)
        for _ in range(2):
            google.claims().search(query="gulls").execute()
        with pytest.raises(HttpError) as refused:
            google.claims().search(query="gulls").execute()
        google.close()
        assert refused.value.status_code == 429
        again = requests.get(f"{service.url}/v1alpha1/claims:search?query=gulls", timeout=30)
        assert_google_error(again, 429, "RESOURCE_EXHAUSTED")
        assert int(again.headers["Retry-After"]) > 0


# Keys.


def test_a_post_that_means_a_get_is_one_only_where_google_sends_it(newsroom: Newsroom) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    meant = {"X-HTTP-Method-Override": "GET"}
    search = f"{newsroom.url}/claims:search"
    found = requests.post(search, "query=gulls", headers=form | meant, timeout=30)
    assert found.json() == get(newsroom, "query=gulls").json()
    for url, headers in (
        (search, form),
        (search, meant | {"Content-Type": "text/plain"}),
        (search, form | {"X-HTTP-Method-Override": "DELETE"}),
        (f"{search}?query=gulls", form | meant),
        (f"{newsroom.service.url}/v1/topics", form | meant),
    ):
        assert requests.post(url, "query=gulls", headers=headers, timeout=30).status_code == 405, (url, headers)
    too_long = requests.post(search, headers=form | meant, data="query=" + "a" * 70_000, timeout=30)
    assert_google_error(too_long, 405, "UNIMPLEMENTED")


def test_where_reading_is_open_the_parameter_key_may_be_anything(newsroom: Newsroom) -> None:
    store = Store(Database(make_settings(newsroom.database_url)))
    key, revoked = create_key(store, "Gone, by its name", KeyRole.CHECKER, None, COMMAND_LINE)
    revoke_key(store, key.id, COMMAND_LINE)
    store.database.close()
    for text in ("x", newsroom.keys[KeyRole.CHECKER], revoked):
        found = get(newsroom, f"query=gulls&key={text}")
        assert found.status_code == 200
        assert found.headers["Cache-Control"].startswith("public")
    for text in ("AIzaSomeKey", revoked, ""):
        found = get(newsroom, "query=gulls", **{"X-Goog-Api-Key": text})
        assert (found.status_code, found.headers["Cache-Control"].split(",")[0]) == (200, "public")
    known = get(newsroom, "query=gulls", **{"X-Goog-Api-Key": newsroom.keys[KeyRole.CHECKER]})
    assert (known.status_code, known.headers["Cache-Control"].split(",")[0]) == (200, "private")


def test_where_reading_is_closed_the_library_shows_its_key_as_it_always_does(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    key = newsroom.keys[KeyRole.CHECKER]
    with serving(newsroom.database_url, tmp_path, READING_IS_OPEN="false") as service:
        for google in (library(service.url, key), library(service.url, bearer=key)):
            assert google.claims().search(query="gulls").execute()["claims"]
            google.close()
        stranger = library(service.url, "AIzaSomeKey")
        with pytest.raises(HttpError) as refused:
            stranger.claims().search(query="gulls").execute()
        stranger.close()
        assert refused.value.status_code == 401
        search = f"{service.url}/v1alpha1/claims:search?query=gulls"
        assert_google_error(requests.get(search, timeout=30), 401, "UNAUTHENTICATED")
        in_header = requests.get(search, headers={"X-Goog-Api-Key": key}, timeout=30)
        assert in_header.json()["claims"]
        refused_key = requests.get(search, headers={"X-Goog-Api-Key": "AIzaSomeKey"}, timeout=30)
        error = assert_google_error(refused_key, 401, "UNAUTHENTICATED")
        assert error["message"].startswith("Malformed API key")
        known = requests.get(f"{search}&key={key}", timeout=30)
        assert known.headers["Cache-Control"].startswith("private")
        writer = {"key": newsroom.keys[KeyRole.EDITOR]}
        written = requests.post(f"{service.url}/v1alpha1/pages", json={}, params=writer, timeout=30)
        assert_google_error(written, 401, "UNAUTHENTICATED")
        for elsewhere in (f"{service.url}/v1/claims?key={key}", f"{search}&quotaUser={key}", f"{search}&key=a&x={key}"):
            assert requests.get(elsewhere, timeout=30).status_code == 400
        log = service.log()
    assert '"path":"/v1alpha1/claims:search"' in log
    assert key not in log
    assert "AIzaSomeKey" not in log
    assert HEADLINE not in log
