"""Print ``claim_verification/models.py``: the shapes and the query strings of openapi.yaml as ``TypedDict``s."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]

WIDTH = 120
_HEADER = '''"""What the service answers and takes, by the names of openapi.yaml. Made by `make openapi`."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, NotRequired, TypedDict
'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
# Of what is asked. What is answered stays as it is in JSON.
_TIMES = {"date": "dt.date | str", "date-time": "dt.datetime | str"}
# These are the client's own to set: it follows the pages, and takes the form that it can read as it comes.
_OWN = ("cursor", "format")


def module(document: Schema) -> str:
    """The text of the module."""
    operations = list(_operations(document))
    schemas = document["components"]["schemas"]
    shapes = [
        _shape(name, schemas[name])
        for name in sorted(_named([*operations, *document["components"]["responses"].values()], schemas))
    ]
    queries = [_query(operation) for operation in operations]
    return _HEADER + "".join(f"\n\n{text}" for text in [*shapes, *filter(None, queries)])


def _operations(document: Schema) -> Iterator[Schema]:
    """Those of our own API: Google's has clients."""
    for path, item in document["paths"].items():
        if not path.startswith("/v1alpha1/"):
            yield from (operation for method, operation in item.items() if method != "parameters")


def _named(parts: Sequence[Schema], schemas: Schema) -> set[str]:
    """The shapes that these parts of the document name, and those that they do."""
    found: set[str] = set()
    new = _references(parts)
    while new := new - found:
        found |= new
        new = _references([schemas[name] for name in new])
    return found


def _references(part: object) -> set[str]:
    if isinstance(part, Mapping):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        named = {reference.rsplit("/", 1)[-1] for reference in own if "/schemas/" in reference}
        return named.union(*map(_references, part.values()))
    return set().union(*map(_references, part)) if isinstance(part, list | tuple) else set()


def _shape(name: str, schema: Schema) -> str:
    required = schema.get("required", [])
    members = {
        member: _type(of) if member in required else ["NotRequired[", _type(of), "]"]
        for member, of in schema["properties"].items()
    }
    return _typed_dict(name, members)


def _query(operation: Schema) -> str | None:
    members = {
        parameter["name"]: ["NotRequired[", kind, "]"] if not parameter["required"] else kind
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["name"] not in _OWN
        for kind in [_TIMES.get(parameter["schema"].get("format", "")) or _type(parameter["schema"])]
    }
    name = operation["operationId"]
    return _typed_dict(f"{name[0].upper()}{name[1:]}Query", members) if members else None


# A type is its text, or what it is made of: an opening bracket, types, a closing one.
Type = str | list["Type"]


def _type(schema: Schema) -> Type:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " | ".join(_text(_type(one)) for one in schema["anyOf"])
    if "enum" in schema:
        return ["Literal[", *(repr(value).replace("'", '"') for value in schema["enum"]), "]"]
    kinds = schema.get("type", "any")
    return " | ".join(_one_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _one_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list[{_text(_type(schema['items']))}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_text(_type(values)) if values else 'Any'}]"
    return _PLAIN.get(kind, "Any")


def _text(kind: Type) -> str:
    if isinstance(kind, str):
        return kind
    return f"{_text(kind[0])}{', '.join(map(_text, kind[1:-1]))}{_text(kind[-1])}"


def _typed_dict(name: str, members: Mapping[str, Type]) -> str:
    if all(member.isidentifier() and not keyword.iskeyword(member) for member in members):
        lines = [line for member, kind in members.items() for line in _lines(kind, 4, f"{member}: ", "")]
        return "\n".join([f"class {name}(TypedDict):", *lines]) + "\n"
    # No class can have a member of this name.
    lines = [f'        "{member}": "{_text(kind)}",' for member, kind in members.items()]
    return "\n".join([f"{name} = TypedDict(", f'    "{name}",', "    {", *lines, "    },", ")"]) + "\n"


def _lines(kind: Type, indent: int, before: str, after: str) -> list[str]:
    """As ruff would format it."""
    line = f"{' ' * indent}{before}{_text(kind)}{after}"
    if len(line) <= WIDTH or isinstance(kind, str):
        return [line]
    comma = "," if len(kind) > 3 else ""
    inner = [line for part in kind[1:-1] for line in _lines(part, indent + 4, "", comma)]
    return [f"{' ' * indent}{before}{kind[0]}", *inner, f"{' ' * indent}{kind[-1]}{after}"]


if __name__ == "__main__":
    given = yaml.load(Path(sys.argv[1]).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    made = module(given)
    # What is imported for nothing is not imported.
    print(re.sub(r"^import datetime as dt\n", "" if "dt." not in made else r"\g<0>", made, flags=re.M), end="")
