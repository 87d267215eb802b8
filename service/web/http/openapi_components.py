"""A compact OpenAPI document: what recurs is a component, and the members of each part have one order."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from service.identity.address_syntax import URL_PATTERN
from service.schemas.fields import (
    ID_LENGTH,
    ID_PATTERN,
    LANGUAGE_PATTERN,
    SHA256_PATTERN,
    URL_LENGTH,
    WORDS_PATTERN,
)
from service.schemas.time_fields import DAY_OR_TIME_FORM
from service.web.http.examples import QUERY
from service.web.http.openapi_defaults import leave_out_what_is_known
from service.web.http.openapi_extensions import extend_by_reference
from service.web.http.openapi_nodes import Json, mappings
from service.web.http.openapi_ranges import GOOGLE, RESPONSES, join_into_ranges

# A place of a part in the document: the name to give it, and the container and key that it is found by.
Place = tuple[str, Any, Any]

_DOCUMENT = ("openapi", "info", "servers", "security", "tags", "paths", "components")
_OPERATION = ("summary", "operationId", "description", "tags", "security", "parameters", "requestBody", "responses")
_COMPONENTS = ("securitySchemes", "parameters", "headers", "responses", "schemas")
_GOOGLE = "GOOGLE_"
_STATUS_OF = {status.name: str(status.value) for status in HTTPStatus}
# Not between two paragraphs.
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_INT32_MAX = 2**31 - 1


# Kinds of text that many members are.
_TEXTS: dict[str, Json] = {
    "Id": {
        "description": "A public id.",
        "type": "string",
        "maxLength": ID_LENGTH,
        "pattern": ID_PATTERN,
        "examples": ["nk-15000-workers-in-russia", "south-korea-nis", "doc-wsj-report", "v-3f0c9d2a7b41"],
    },
    "DayOrTime": {
        "description": "An RFC 3339 time with a time zone, or a date (YYYY-MM-DD).",
        "type": "string",
        "examples": ["2026-03-01", "2026-03-01T09:30:00Z"],
    }
    | DAY_OR_TIME_FORM,
    "LanguageTag": {
        "description": "A language as a BCP 47 tag.",
        "type": "string",
        "maxLength": 40,
        "pattern": LANGUAGE_PATTERN,
        "examples": ["en", "pt-BR"],
    },
    "Sha256": {
        "description": "A SHA-256 hash, as 64 hexadecimal digits.",
        "type": "string",
        "pattern": SHA256_PATTERN,
        "examples": ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    },
    "WebAddress": {
        "description": "An absolute http or https URL, with a host of at least two labels and without a user.",
        "type": "string",
        "maxLength": URL_LENGTH,
        "pattern": URL_PATTERN,
        "examples": ["https://example.org/news/1"],
    },
    "Words": {
        "description": "A text with a visible character, and without control characters but tabs and line ends.",
        "type": "string",
        "minLength": 1,
        "pattern": WORDS_PATTERN,
    },
}


def compact(document: Json) -> Json:
    """Return ``document`` with recurring parameters, headers and responses as components.

    Refusals that any operation can have are ranges, and a schema that extends another one refers to it. The responses
    of each operation are sorted by status, so that success comes first: client generators ask for the media type of
    the first. Integers that may need more than 32 bits get the format ``int64``. Only schemas of requests refuse
    unknown members, as a later version may answer with more of them.
    """
    document = json.loads(json.dumps(document))
    components = document["components"]
    components["responses"] = {_by_status(name): answer for name, answer in components["responses"].items()}
    operations = list(_operations(document))
    for operation in operations:
        operation["responses"] = dict(sorted(operation["responses"].items()))
        operation["description"] = _LINE_END.sub(" ", operation["description"])
        for parameter in operation["parameters"]:
            if not parameter["required"]:
                del parameter["required"]  # as by default
        for answer in operation["responses"].values():
            if "$ref" in answer:
                answer["$ref"] = RESPONSES + _by_status(answer["$ref"].removeprefix(RESPONSES))
    join_into_ranges(operations, components["responses"])
    answers = [*components["responses"].values(), *(each for op in operations for each in op["responses"].values())]
    _show_examples(operations)
    _refer_to_texts(document)
    ranges = [answer for name, answer in components["responses"].items() if name.endswith("XX")]
    leave_out_what_is_known(document, operations, [answer for answer in answers if answer not in ranges])
    _move(
        components, "headers", [(name, part["headers"], name) for part in answers for name in part.get("headers", ())]
    )
    _move(components, "parameters", _parameters([*document["paths"].values(), *operations]))
    _move(components, "responses", _successes(operations))
    _widen_integers(document)
    _allow_unknown_members_in_answers(document)
    extend_by_reference(components["schemas"])
    for operation in operations:
        _order(operation, _OPERATION)
    _order(components, _COMPONENTS)
    _order(document, _DOCUMENT)
    return document


def _operations(document: Json) -> Iterator[Json]:
    for item in document["paths"].values():
        yield from (operation for method, operation in item.items() if method != "parameters")


def _by_status(name: str) -> str:
    """Return the name of an error response by its status: ``NOT_FOUND`` is ``404``."""
    own = name.removeprefix(_GOOGLE)
    return (GOOGLE if own != name else "") + _STATUS_OF.get(own, own)


def _parameters(parts: Iterable[Json]) -> Iterator[Place]:
    for part in parts:
        for number, parameter in enumerate(part.get("parameters", ())):
            # Names of components have letters, digits and few signs.
            yield re.sub(r"[^A-Za-z0-9_-]", "", parameter["name"]), part["parameters"], number


def _show_examples(operations: Iterable[Json]) -> None:
    """Give required parameters the example that Swagger UI fills in.

    Optional ones had better stay empty: they are filters, which together match nothing.
    """
    for operation in operations:
        needed = QUERY.get(operation["operationId"], ())
        for parameter in operation["parameters"]:
            examples = parameter["schema"].get("examples")
            if examples and (parameter.get("required") or parameter["name"] in needed):
                parameter["example"] = examples[0]


def _successes(operations: Iterable[Json]) -> Iterator[Place]:
    for operation in operations:
        for status, answer in operation["responses"].items():
            if "content" in answer:
                schema = next(iter(answer["content"].values()))["schema"]
                yield schema.get("$ref", operation["operationId"]).rsplit("/", 1)[-1], operation["responses"], status


def _move(components: Json, kind: str, places: Iterable[Place]) -> None:
    """Move the parts that have several places into ``components``. Different ones of the same name are numbered."""
    found = [(name, container, key, json.dumps(container[key], sort_keys=True)) for name, container, key in places]
    uses = Counter(text for *_, text in found)
    named: Json = components.setdefault(kind, {})
    names: dict[str, str] = {}
    for proposed, container, key, text in found:
        if uses[text] > 1:
            if text not in names:
                names[text] = _free(proposed, named)
                named[names[text]] = container[key]
            container[key] = {"$ref": f"#/components/{kind}/{names[text]}"}


def _free(name: str, taken: Json) -> str:
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return free


def _refer_to_texts(document: Json) -> None:
    """Replace the rules of a kind of text by a reference; a shorter limit stays beside it."""
    for node in list(mappings(document)):
        for name, schema in _TEXTS.items():
            rules = {rule: schema[rule] for rule in schema.keys() - {"description", "type", "examples"}}
            if rules.items() <= node.items() and node["type"] in ("string", ["string", "null"]):
                nullable = node.pop("type") != "string"
                for rule in rules:
                    del node[rule]
                reference = {"$ref": f"#/components/schemas/{name}"}
                if "maxLength" in node:
                    reference["maxLength"] = node.pop("maxLength")
                node.update({"anyOf": [reference, {"type": "null"}]} if nullable else reference)
    document["components"]["schemas"] |= _TEXTS


def _widen_integers(document: Json) -> None:
    for node in mappings(document):
        kinds = node.get("type")
        whole = kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds)
        if whole and node.get("maximum", _INT32_MAX + 1) > _INT32_MAX:
            node["format"] = "int64"


def _allow_unknown_members_in_answers(document: Json) -> None:
    schemas = document["components"]["schemas"]
    bodies = [operation["requestBody"] for operation in _operations(document) if "requestBody" in operation]
    sent = _named(bodies)
    while more := _named([schemas[name] for name in sent]) - sent:
        sent |= more
    for name in schemas.keys() - sent:
        schemas[name].pop("additionalProperties", None)


def _named(node: object) -> set[str]:
    """Return the names of the schemas that a part refers to."""
    return {part["$ref"].rsplit("/", 1)[-1] for part in mappings(node) if isinstance(part.get("$ref"), str)}


def _order(members: Json, names: tuple[str, ...]) -> None:
    """Put the members with these names first, in this order."""
    first = {name: members[name] for name in names if name in members}
    rest = {name: part for name, part in members.items() if name not in first}
    members.clear()
    members.update(first | rest)
