"""Parts of the OpenAPI document that say what its other parts say already: they are left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from service.web.http.openapi_nodes import Json, mappings

# Headers of every response, or of every one that counts toward a rate limit. The head of the document describes them,
# and the ranges of refusals list them.
COMMON_HEADERS = ("X-Request-ID", "Cache-Control", "RateLimit-Policy", "RateLimit")
# A value of these is known by its format.
_FORMATS = ("date", "date-time")
# The end of the description of a member that may be null, as its type says.
_OR_NULL = re.compile("[,;] or null[.]")


def leave_out_what_is_known(document: Json, operations: Sequence[Json], answers: Sequence[Json]) -> None:
    """Leave out of ``answers``, ``operations`` and schemas what holds by default, or follows from another part."""
    schemas = document["components"]["schemas"]
    for answer in answers:
        _leave_out_headers(answer, COMMON_HEADERS)
    for schema in mappings(schemas):
        _shorten(schema, schemas)
    for operation in operations:
        if "304" in operation["responses"]:  # it has an ETag
            _leave_out_headers(operation["responses"]["200"], ("ETag",))
        for parameter in operation["parameters"]:
            _leave_out_examples(parameter["schema"], schemas, by_component=False)
    for item in document["paths"].values():
        _share_parameters(item)
    for operation in operations:
        if operation["security"] == document["security"]:
            del operation["security"]
        if not operation["parameters"]:
            del operation["parameters"]


def _shorten(schema: Json, components: Json) -> None:
    """Leave out what the type of a member says: that null is possible, and an example where it shows a value."""
    if schema.get("default", ...) is None:
        del schema["default"]
    may_be_null = "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())
    if may_be_null and "description" in schema:
        schema["description"] = _OR_NULL.sub(".", schema["description"])
    _leave_out_examples(schema, components, by_component=True)


def _leave_out_headers(answer: Json, names: Collection[str]) -> None:
    for name in answer.get("headers", {}).keys() & set(names):
        del answer["headers"][name]
    if answer.get("headers") == {}:
        del answer["headers"]


def _leave_out_examples(schema: Json, components: Json, *, by_component: bool) -> None:
    if isinstance(schema.get("examples"), list) and _shows_a_value(schema, components, by_component=by_component):
        del schema["examples"]


def _share_parameters(item: Json) -> None:
    """Move the parameters that all operations of a path have to the path, if it has several operations."""
    first, *others = [operation["parameters"] for method, operation in item.items() if method != "parameters"]
    shared = [parameter for parameter in first if others and all(parameter in other for other in others)]
    if shared:
        item.setdefault("parameters", []).extend(shared)
        for parameters in (first, *others):
            parameters[:] = [parameter for parameter in parameters if parameter not in shared]


def _shows_a_value(schema: Json, components: Json, *, by_component: bool) -> bool:
    """Return whether the rules of a schema show a value of it, or ``by_component`` an example of its component."""
    if "$ref" in schema:
        component = components[schema["$ref"].rsplit("/", 1)[-1]]
        return (by_component and "examples" in component) or "enum" in component
    if "anyOf" in schema:
        return any(_shows_a_value(option, components, by_component=by_component) for option in schema["anyOf"])
    kinds = schema.get("type", ())
    plain = "integer" in kinds or "boolean" in kinds
    return plain or "enum" in schema or "default" in schema or schema.get("format") in _FORMATS
