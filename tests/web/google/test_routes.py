"""The routes of Google's API: what Google's own description of it has, and what the OpenAPI document says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.web.google.conftest import Newsroom
from tests.web.google.newsroom import HEADLINE, Json
from tests.web.helpers import openapi_document

DOCUMENTS = files("googleapiclient.discovery_cache.documents")
DISCOVERY: Json = json.loads((DOCUMENTS / "factchecktools.v1alpha1.json").read_text(encoding="utf-8"))
OPERATIONS: dict[str, Json] = {
    f"{method.upper()} {path}": operation | {"parameters": operation["parameters"] + item.get("parameters", [])}
    for path, item in openapi_document()["paths"].items()
    if path.startswith("/v1alpha1/")
    for method, operation in item.items()
    if method != "parameters"
}
# Secrets in an address are refused like any other name that is not known.
NOT_HERE = {"access_token", "oauth_token"}


def methods() -> Iterator[tuple[str, Json]]:
    """Return the methods that Google describes, in this project's notation."""
    for resource in DISCOVERY["resources"].values():
        for method in resource["methods"].values():
            path = method["flatPath"].replace("{pagesId}", "{page_id}")
            yield f"{method['httpMethod']} /{path}", method


def names(operation: Json) -> set[str]:
    return {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}


def test_what_google_describes_is_here_with_all_its_parameters() -> None:
    described = dict(methods())
    assert set(OPERATIONS) == set(described)
    for name, method in described.items():
        own = {p for p, about in method["parameters"].items() if about["location"] == "query"}
        assert names(OPERATIONS[name]) == own | set(DISCOVERY["parameters"]) - NOT_HERE, name


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_method_is_described_with_its_errors_in_googles_shape(operation: Json) -> None:
    assert operation["summary"]
    assert operation["description"]
    responses = openapi_document()["components"]["responses"]
    for status, answer in operation["responses"].items():
        described = responses[answer["$ref"].rsplit("/", 1)[-1]] if "$ref" in answer else answer
        if status.isdigit() and int(status) >= 400:
            [content] = described["content"].values()
            assert content["schema"] == {"$ref": "#/components/schemas/GoogleError"}
            _check(content["example"], content["schema"])
            assert content["example"]["error"]["code"] == int(status)
    # The ranges have the other errors.
    for status in ("4XX", "5XX"):
        content = openapi_document()["components"]["responses"][f"google-{status}"]["content"]
        assert operation["responses"][status]["content"] == content
        assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/GoogleError"}


def test_an_answer_has_the_members_that_google_gives_it() -> None:
    """And no other: a client that knows them all knows ours."""
    for name, method in methods():
        if not name.endswith("imageSearch"):
            schema = OPERATIONS[name]["responses"]["200"]["content"]["application/json"]["schema"]
            assert _members(schema, openapi_document()) == _members({"$ref": method["response"]["$ref"]}, DISCOVERY)


def _members(schema: Json, document: Json) -> Any:
    """Return the names in a shape, with those in each."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        found = document.get("schemas") or document["components"]["schemas"]
        schema = found[name]
    if "items" in schema:
        return [_members(schema["items"], document)]
    if "properties" in schema:
        return {name: _members(inner, document) for name, inner in schema["properties"].items()}
    return {} if schema.get("type") == "object" else None


def test_a_live_answer_is_as_its_schema_says(newsroom: Newsroom) -> None:
    schema = OPERATIONS["GET /v1alpha1/claims:search"]["responses"]["200"]["content"]["application/json"]["schema"]
    for parameters in ({"query": HEADLINE}, {"query": "gulls"}, {"reviewPublisherSiteFilter": "facts.example"}):
        _check(newsroom.google.claims().search(**parameters).execute(), schema)


def _check(instance: Any, schema: Json) -> None:
    validator = Draft202012Validator({**schema, "components": openapi_document()["components"]})
    assert [error.message for error in validator.iter_errors(instance)] == []
