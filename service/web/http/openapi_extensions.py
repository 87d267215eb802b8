"""Schemas of the OpenAPI document that extend another one: they have the members of that one by reference."""

from __future__ import annotations

from service.web.http.openapi_nodes import Json

# In the document before it is made compact: the name of the schema that a schema extends.
EXTENDS = "x-extends"


def extend_by_reference(schemas: Json) -> None:
    """Replace the members that a schema has from the one that it extends by a reference to that one.

    Both are schemas of answers: with ``additionalProperties: false`` neither would accept the members of the other.
    """
    whole = dict(schemas)
    for name, schema in whole.items():
        base = schema.pop(EXTENDS, None)
        if base in whole and _includes(schema, whole[base]):
            schemas[name] = _extension(schema, base, whole[base])


def _includes(schema: Json, base: Json) -> bool:
    """Return whether a schema has all members of ``base`` unchanged, and more."""
    closed = "additionalProperties" in schema or "additionalProperties" in base
    return not closed and base["properties"].items() < schema["properties"].items()


def _extension(schema: Json, name: str, base: Json) -> Json:
    own = {member: of for member, of in schema["properties"].items() if member not in base["properties"]}
    required = [member for member in schema["required"] if member not in base["required"]]
    # Beside "allOf", openapi-python-client would not see the members.
    more = {"type": "object", "properties": own} | ({"required": required} if required else {})
    return {"description": schema["description"], "allOf": [{"$ref": f"#/components/schemas/{name}"}, more]}
