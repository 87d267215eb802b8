"""The OpenAPI document: generated from the code, complete, and true of live answers."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from service.config import PROJECT
from service.model.actors import KeyRole
from service.web.http.document import openapi_yaml
from service.web.http.openapi_defaults import COMMON_HEADERS
from tests.web.helpers import (
    GOOGLE,
    Json,
    committed_document,
    example,
    example_path,
    in_openapi,
    is_list,
    openapi_document,
    pages,
    raw_claims,
    raw_documents,
    raw_sources,
    routes,
    rules,
    url,
)

pytestmark = pytest.mark.one_engine

OPERATIONS: list[tuple[str, str, Json]] = [
    (path, method, operation)
    for path, item in openapi_document()["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
]
# Operations of the Google API have its errors; tests.web.google.test_routes checks them.
OURS = [operation for operation in OPERATIONS if not operation[0].startswith(GOOGLE)]
# In bytes, for 85 operations: less than 3 KB each.
LARGEST = 285_000
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)  # type: ignore[untyped-decorator]
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(dt.date.fromisoformat(value)))


@FORMATS.checks("date-time", raises=ValueError)  # type: ignore[untyped-decorator]
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


def _resolved(node: Any) -> Any:
    """Return the target of a local reference."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = openapi_document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _validator(schema: Json) -> Draft202012Validator:
    # References point to the document's components.
    return Draft202012Validator({**schema, "components": openapi_document()["components"]}, format_checker=FORMATS)


def _check(instance: Any, schema: Json) -> None:
    errors = [f"{error.json_path}: {error.message[:300]}" for error in _validator(schema).iter_errors(instance)]
    assert errors == []


def _undocumented(instance: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Yield members that the schema does not list. Validation accepts them, because schemas allow more members."""
    schema = _resolved(schema)
    for option in [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]:
        if _resolved(option).get("type") != "null":
            found = _resolved(option)
            properties = schema.get("properties", {}) | found.get("properties", {})
            schema = {**schema, **found} | ({"properties": properties} if properties else {})
    if isinstance(instance, dict) and "properties" in schema:
        for name, value in instance.items():
            if name in schema["properties"]:
                yield from _undocumented(value, schema["properties"][name], f"{path}/{name}")
            else:
                yield f"{path}/{name}"
    if isinstance(instance, list) and "items" in schema:
        for number, value in enumerate(instance):
            yield from _undocumented(value, schema["items"], f"{path}/{number}")


def test_the_committed_document_is_what_the_code_generates(seeded: FlaskClient) -> None:
    committed = (PROJECT / "openapi.yaml").read_text(encoding="utf-8")
    assert openapi_yaml(seeded.application) == committed
    served = seeded.get("/openapi.yaml")
    address = re.compile("^servers: .*$", re.MULTILINE)
    assert address.sub("", served.get_data(as_text=True)) == address.sub("", committed)
    assert served.mimetype == "application/yaml"
    plain = seeded.get("/openapi.yaml", headers={"Accept": "text/plain"})
    assert (plain.mimetype, plain.data) == ("text/plain", served.data)
    assert plain.headers["ETag"] != served.headers["ETag"]


def test_it_is_a_valid_openapi_3_1_document() -> None:
    assert openapi_document()["openapi"].startswith("3.1.")
    validate(openapi_document())
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names)) == 91


# Refusals that any operation can have.
RANGES = {
    "4XX": {"400", "401", "403", "404", "406", "412", "413", "414", "415", "422", "429", "431"},
    "5XX": {"500", "503", "507"},
}
# Headers of every response, which only the ranges list.
COMMON = {"4XX": {"X-Request-ID", "RateLimit"}, "5XX": {"X-Request-ID"}}
# Operations that read with POST.
QUESTIONS = {"matchTexts"}
ALL_OPERATIONS = pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[o["operationId"] for _, _, o in OPERATIONS]
)


@pytest.mark.parametrize(("path", "method", "operation"), OURS, ids=[o["operationId"] for _, _, o in OURS])
def test_an_operation_is_described_whole(path: str, method: str, operation: Json) -> None:
    assert method in ("get", "post", "patch")
    assert operation["summary"]
    assert operation["description"]
    assert len(operation["tags"]) == 1
    parameters = [*operation["parameters"], *openapi_document()["paths"][path].get("parameters", [])]
    answers = operation["responses"]
    [success] = [status for status in answers if status < "300"]
    assert {"4XX", "5XX"} <= set(answers)
    assert min(answers) == next(iter(answers)) == success
    for status, answer in answers.items():
        answer = _resolved(answer)
        assert answer["description"]
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]
        for name, among in (("Retry-After", RANGES), ("WWW-Authenticate", ("4XX",)), ("Location", ("308",))):
            assert status not in among or name in answer["headers"]
        assert ({"X-Request-ID", "RateLimit"} & set(answer.get("headers", ()))) == COMMON.get(status, set()), status
    for parameter in parameters:
        assert parameter["description"]
    if method == "get":
        assert success == "200"
        assert "requestBody" not in operation
    elif operation["operationId"] in QUESTIONS:
        _described_as_a_question(operation, success)
    else:
        _described_as_a_write(operation, method, success)


def _described_as_a_question(operation: Json, success: str) -> None:
    """Assert that an operation reads, whatever its method: open where reading is, and without conflicts."""
    answers = operation["responses"]
    assert success == "200"
    assert operation["security"] == [{}, {"key": []}]
    assert operation["requestBody"]["required"] is True
    assert not {"409", "412"} & set(answers)
    assert operation["parameters"] == []


def _described_as_a_write(operation: Json, method: str, success: str) -> None:
    """Assert that an operation needs a key, documents its conflicts, and has the location of a new resource."""
    answers, headers = operation["responses"], {parameter["name"] for parameter in operation["parameters"]}
    assert "409" in answers
    assert operation["security"] == [{"key": []}]
    assert ("Location" in answers[success]["headers"]) == (success == "201")
    assert "ETag" in answers[success]["headers"]
    if "requestBody" in operation:
        # The publication of a draft has taken no body from the beginning.
        assert operation["requestBody"]["required"] is (operation["operationId"] != "publishVerdict")
    if method == "post":
        queried = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"}
        assert bool(queried) == (operation["operationId"] == "importReviews")
        assert headers - queried == {"Idempotency-Key"}
        assert "Idempotency-Replayed" in answers[success]["headers"]
    else:
        assert headers == {"If-Match"}
        assert {"412", "428"} <= set(answers)


@pytest.mark.parametrize(("name", "statuses"), RANGES.items(), ids=RANGES)
@pytest.mark.parametrize("prefix", ["", "google-"])
def test_a_range_describes_each_of_its_statuses_with_an_example(prefix: str, name: str, statuses: set[str]) -> None:
    answer = openapi_document()["components"]["responses"][prefix + name]
    shown: dict[str, str] = {}
    for media_type, content in answer["content"].items():
        for status, shown_as in content["examples"].items():
            shown[status] = media_type
            value = shown_as["value"]
            _check(value, content["schema"])
            assert list(_undocumented(value, content["schema"])) == []
            assert str(value["error"]["code"] if "error" in value else value["status"]) == status
    if prefix:
        # Google's shape has 400 for 422. The server refuses a long request before it knows the path.
        first, statuses = min(statuses), statuses - {"422"}
        googles = {status for status, media_type in shown.items() if media_type == "application/json"}
        assert googles == {first}
        assert set(shown) == {first} | (statuses & {"414", "431"})
    else:
        assert set(shown) == statuses
    assert set(re.findall("`([45]..)`: ", answer["description"])) == statuses


def test_the_head_describes_the_headers_of_every_response() -> None:
    for name in COMMON_HEADERS:
        assert f"`{name}`" in committed_document()["info"]["description"], name


def test_the_document_is_small() -> None:
    """A reader finds an operation in it, as recurring parts are components."""
    assert len((PROJECT / "openapi.yaml").read_bytes()) <= LARGEST


def test_a_schema_that_extends_another_has_its_members_by_reference() -> None:
    schemas = committed_document()["components"]["schemas"]
    bases = {name: schema["allOf"] for name, schema in schemas.items() if "allOf" in schema}
    assert {"ClaimDetail", "FoundClaim", "MadeKey", "SuggestionDetail", "WrittenSource"} <= set(bases)
    for name, [base, own] in bases.items():
        extended = schemas[base["$ref"].rsplit("/", 1)[-1]]
        assert own["properties"], name
        assert not set(own["properties"]) & set(extended["properties"])
        assert "additionalProperties" not in extended
    assert "x-extends" not in json.dumps(committed_document())


def test_success_comes_first_in_every_operation() -> None:
    """Clients of some generators ask for the media types of the first response alone."""
    for path, item in committed_document()["paths"].items():
        for method in item.keys() - {"parameters"}:
            first = next(iter(item[method]["responses"]))
            assert first.startswith("2"), (path, method, first)


def _inline(node: Any, kind: str) -> Iterator[str]:
    """Yield the parts of a kind that are written in place, as texts."""
    if isinstance(node, dict):
        parts = node.get(kind, [])
        for part in parts.values() if isinstance(parts, dict) else parts:
            if isinstance(part, dict) and "$ref" not in part:
                yield json.dumps(part, sort_keys=True)
        for part in node.values():
            yield from _inline(part, kind)


@pytest.mark.parametrize("kind", ["parameters", "headers", "responses"])
def test_what_recurs_is_written_once(kind: str) -> None:
    found = list(_inline(committed_document()["paths"], kind))
    assert len(found) == len(set(found))
    components = [json.dumps(part, sort_keys=True) for part in committed_document()["components"][kind].values()]
    assert len(components) == len(set(components)) > 6
    assert not set(components) & set(found)
    used = json.dumps(committed_document())
    for name in committed_document()["components"][kind]:
        assert f'"#/components/{kind}/{name}"' in used, name


def _nodes(node: Any) -> Iterator[Json]:
    """Yield every mapping in a part of the document."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(part)


def test_integers_that_may_be_large_have_64_bits() -> None:
    found = set()
    for node in _nodes(committed_document()):
        kinds = node.get("type")
        if kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds):
            assert (node.get("format") == "int64") == (node.get("maximum", 2**63) >= 2**31)
            found.add(node.get("format"))
    assert found == {None, "int64"}


def test_no_schema_requires_one_member_or_another_outside_of_a_condition() -> None:
    """Generators of clients would require both: what depends on other members is told by "if"."""
    for name, schema in committed_document()["components"]["schemas"].items():
        assert not {"anyOf", "oneOf", "not"} & set(schema), name


def test_a_member_has_one_type_beside_null() -> None:
    """Generators make a class of two formats of a text, of which no program knows what it holds."""
    for node in _nodes(committed_document()):
        assert len([option for option in node.get("anyOf", ()) if option != {"type": "null"}]) <= 1, node


def test_answers_may_have_more_members_in_a_later_version() -> None:
    schemas = committed_document()["components"]["schemas"]
    assert schemas["VerdictBody"]["additionalProperties"] is schemas["GroundBody"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Verdict"]
    assert "additionalProperties" not in schemas["Problem"]


def test_every_tag_is_described_and_used() -> None:
    described = {tag["name"] for tag in openapi_document()["tags"] if tag["description"]}
    assert described == {operation["tags"][0] for _, _, operation in OPERATIONS}


def _members(schema: Json) -> Json:
    """Return the members of a schema that are written in place."""
    own: list[Json] = [schema, *schema.get("allOf", [])]
    return {name: definition for part in own for name, definition in part.get("properties", {}).items()}


def test_every_property_of_every_schema_is_described_and_every_example_fits() -> None:
    schemas = committed_document()["components"]["schemas"]
    assert schemas
    used = json.dumps(committed_document())
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["description"].endswith("."), name
        assert f"#/components/schemas/{name}" in used, f"nothing uses {name}"
        for member, definition in _members(schema).items():
            # Members of a patch are those of the body, but for the id, which cannot be changed.
            assert bool(definition.get("description")) == (not name.endswith("Patch") or member == "id"), (
                f"{name}.{member}"
            )
            for value in definition.get("examples", []):
                _check(value, definition)


@ALL_OPERATIONS
def test_the_examples_and_defaults_of_parameters_fit_their_schemas(path: str, method: str, operation: Json) -> None:
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        Draft202012Validator.check_schema(schema)
        for value in [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]:
            _check(value, schema)


# Text for people: an example says nothing about its format.
PROSE = {"Problem.detail", "Status.message"}


def _shows_a_value(schema: Json) -> bool:
    """Return whether the rules of a schema, or its component, show a value of it."""
    if "anyOf" in schema:
        return any(_shows_a_value(option) for option in schema["anyOf"])
    kinds = schema.get("type", ())
    plain = {"integer", "boolean"} & ({kinds} if isinstance(kinds, str) else set(kinds))
    component = _resolved(schema) if "$ref" in schema else {}
    known = {"enum", "default"} & schema.keys() or {"examples", "enum", "properties", "allOf"} & component.keys()
    return bool(plain or known) or schema.get("format") in ("date", "date-time")


def test_a_property_has_an_example_unless_its_rules_show_a_value() -> None:
    for name, schema in committed_document()["components"]["schemas"].items():
        for member, definition in _members(schema).items():
            left_out = name.endswith("Patch") or f"{name}.{member}" in PROSE
            if definition.get("type") not in ("array", "object") and not left_out:
                assert ("examples" in definition) != _shows_a_value(definition), f"{name}.{member}"


def test_the_examples_of_problems_and_redirects_fit_their_schema() -> None:
    refusals = [answer for name, answer in openapi_document()["components"]["responses"].items() if name[-3:].isdigit()]
    assert len(refusals) > 6
    for answer in refusals:
        for content in answer.get("content", {}).values():
            _check(content["example"], content["schema"])
            assert list(_undocumented(content["example"], content["schema"])) == []


def _live(rule: str) -> list[str]:
    """Return paths of ``rule`` that answer 200, with several records and parameters."""
    names = {"<claim_id>": list(raw_claims())[::6], "<source_id>": list(raw_sources())[::6]}
    names["<document_id>"] = list(raw_documents())
    names["<int:seq>"] = [str(seq) for seq in (1, 2, 3, 100, 500)]
    paths = [example(rule)]
    for name, values in names.items():
        if name in rule and "assignment" not in rule:
            paths += [rule.replace(name, value) for value in values]
    if rule == "/v1/claims/<claim_id>":
        paths += [url(path, include="mentions,sources,documents,links") for path in paths[::3]]
    if rule.endswith("/corroboration"):
        paths += [url(path, as_of="2025-06-30", independence="country") for path in paths[::3] if "claims" in path]
    return paths


def test_every_live_answer_is_as_its_schema_says(seeded: FlaskClient) -> None:
    for rule in rules(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)]["get"]
        offers = operation["responses"]["200"]["content"]
        for media_type, content in offers.items():
            if media_type != "application/json":
                response = seeded.get(example(rule), headers={"Accept": media_type})
                assert response.mimetype == media_type
                linked = media_type.endswith("+json")
                body = response.get_json(force=True) if linked else response.get_data(as_text=True)
                _check(body, content["schema"])
                continue
            for path in _live(rule):
                limited = {"limit": 100} if is_list(rule) and "/v1/claims/" not in path else {}
                answers = pages(seeded, path, **limited) if is_list(rule) else [seeded.get(path)]
                for response in answers:
                    assert response.status_code == 200
                    _check(response.get_json(), content["schema"])
                    assert list(_undocumented(response.get_json(), content["schema"])) == []


def test_restricted_answers_are_as_their_schema_says(seeded: FlaskClient, seeded_keys: dict[KeyRole, str]) -> None:
    """Events of keys and assignments are whole for an admin, and hashes for everybody else."""
    schema = openapi_document()["paths"]["/v1/events"]["get"]["responses"]["200"]["content"]["application/json"]
    seen = set()
    for role in (None, *KeyRole):
        shown = {} if role is None else {"Authorization": f"Bearer {seeded_keys[role]}"}
        end = seeded.get("/v1/events/head").get_json()["size"]
        body = seeded.get(url("/v1/events", after=end - 8), headers=shown).get_json()
        _check(body, schema["schema"])
        assert list(_undocumented(body, schema["schema"])) == []
        seen.add(sum("withheld" in event for event in body["data"]))
    assert len(seen) >= 3


def test_live_problems_are_as_their_schema_says(seeded: FlaskClient, seeded_keys: dict[KeyRole, str]) -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    weak = {"Authorization": f"Bearer {seeded_keys[KeyRole.CHECKER]}"}
    problems: list[TestResponse] = [seeded.get("/no/such/path")]
    for rule in rules(seeded.application):
        path = example_path(rule)
        problems += [seeded.get(f"{path}?no_such=1"), seeded.get(path, headers={"Accept": "image/png"})]
        problems += [seeded.put(path)]
    for rule, method in routes(seeded.application):
        if method != "GET":  # a valid request conflicts with the seeded records
            problems += [
                seeded.open(example_path(rule), method=method, json={}, headers=headers)
                for headers in ({}, weak, {"Authorization": "Bearer x"})
            ]
    statuses = set()
    for response in problems:
        statuses.add(response.status_code)
        _check(response.get_json(), schema)
        assert list(_undocumented(response.get_json(), schema)) == []
    assert statuses == {401, 403, 404, 405, 406, 409, 422}
