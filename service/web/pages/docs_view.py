"""The documentation of the API as a page shows it: the operations of the OpenAPI document, by tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, or a response with its status as ``name``; ``remark`` says where it stands."""

    name: str
    remark: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. ``body`` has the media types that it takes; it ``needs_key`` if nobody may do it without one."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_key: bool
    body: Sequence[str]
    parameters: Sequence[Entry]
    responses: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations."""

    name: str
    description: str
    operations: Sequence[Operation]


def tags_of(document: Json) -> list[Tag]:
    """Return the operations of an OpenAPI document in the order of its tags."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            operation = item[method]
            found[operation["tags"][0]].append(
                _operation(document, path, method, item.get("parameters", ()), operation)
            )
    order = ("get", "post", "put", "patch", "delete")
    return [
        Tag(tag["name"], tag["description"], sorted(found[tag["name"]], key=lambda o: (o.path, order.index(o.method))))
        for tag in document["tags"]
    ]


def _operation(document: Json, path: str, method: str, shared: Sequence[Json], operation: Json) -> Operation:
    given = [_resolved(document, each) for each in (*shared, *operation.get("parameters", ()))]
    responses = {name: _resolved(document, each) for name, each in operation["responses"].items()}
    return Operation(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        needs_key={} not in operation.get("security", document["security"]),
        body=list(_resolved(document, operation.get("requestBody", {})).get("content", ())),
        parameters=[Entry(each["name"], _place(each), each.get("description", "")) for each in given],
        responses=[Entry(name, _media_types(each), each["description"]) for name, each in responses.items()],
    )


def _place(parameter: Json) -> str:
    required = ", required" if parameter.get("required") else ""
    return f"In the {parameter['in']}{required}."


def _media_types(response: Json) -> str:
    types = ", ".join(response.get("content", ()))
    return f"As {types}." if types else ""


def _resolved(document: Json, part: Json) -> Json:
    """Return what a reference names, or the part itself."""
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Json = found
    return resolved
