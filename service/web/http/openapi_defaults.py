"""Parts of the OpenAPI document that say what its other parts say already: they are left out."""

from __future__ import annotations

from collections.abc import Sequence

from service.web.http.openapi_nodes import Json, mappings

# Headers of every response, or of every one that counts toward a rate limit. The head of the document describes them,
# and the ranges of refusals list them.
COMMON_HEADERS = ("X-Request-ID", "Cache-Control", "RateLimit-Policy", "RateLimit")
# A value of these is known by its format.
_FORMATS = ("date", "date-time")


def leave_out_what_is_known(document: Json, operations: Sequence[Json], answers: Sequence[Json]) -> None:
    """Leave out the common headers of ``answers``, and what each part has by default or by its rules.

    These are the security of ``operations`` where it is the document's, empty lists of parameters, null as a default
    and the examples of members whose rules show a value.
    """
    for answer in answers:
        if "headers" in answer:
            answer["headers"] = {name: of for name, of in answer["headers"].items() if name not in COMMON_HEADERS}
            if not answer["headers"]:
                del answer["headers"]
    schemas = document["components"]["schemas"]
    for schema in mappings(schemas):
        if schema.get("default", ...) is None:
            del schema["default"]
        _leave_out_examples(schema, schemas, by_component=True)
    for operation in operations:
        for parameter in operation["parameters"]:
            _leave_out_examples(parameter["schema"], schemas, by_component=False)
    for item in document["paths"].values():
        _share_parameters(item)
    for operation in operations:
        if operation["security"] == document["security"]:
            del operation["security"]
        if not operation["parameters"]:
            del operation["parameters"]


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
