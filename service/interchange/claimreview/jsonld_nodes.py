"""Access types, properties and references of JSON-LD nodes, and find the reviews among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]

_PREFIX = re.compile(r"(?:schema:|https?://(?:www\.)?schema\.org/)(?=\w)")
_NAMING = frozenset({"@id", "id", "@type", "type", "@context"})
_MOST_NODES = 200_000


def local_name(name: str) -> str:
    """Return ``claimreview`` for ``schema:ClaimReview`` and for ``http://schema.org/ClaimReview``."""
    return name.rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1].strip().lower()


def type_names(node: Node) -> set[str]:
    """Return the local names of a node's types, in lower case."""
    given = node.get("@type") or node.get("type")
    if isinstance(given, str):
        return {local_name(given)}
    return {local_name(name) for name in given if isinstance(name, str)} if isinstance(given, list) else set()


def without_prefixes(value: Any) -> Any:
    """Return the value with the properties of schema.org by their local names."""
    if isinstance(value, list):
        return [without_prefixes(inner) for inner in value]
    if isinstance(value, dict):
        return {_PREFIX.sub("", key): without_prefixes(inner) for key, inner in value.items()}
    return value


def id_of(node: Node) -> str | None:
    """Return the ``@id`` of a node."""
    value = node.get("@id") or node.get("id")
    return value if isinstance(value, str) and value else None


def is_reference(node: Node) -> bool:
    """Return whether a node is only a reference to another one."""
    return id_of(node) is not None and _NAMING.issuperset(node)


def flattened(value: Any) -> list[Any]:
    """Return the values of a property from nested lists, without ``None`` and empty strings."""
    if isinstance(value, str):
        return [value] if value else []
    found = []
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict) and ("@list" in value or "@set" in value):
            waiting += [value.get("@set"), value.get("@list")]
        elif value is not None and value != "":
            found.append(value)
    return found


def is_google_claim(node: Node) -> bool:
    """Return whether a node is a claim from an answer of Google's ``claims:search``."""
    return "claimReview" in node and "@type" not in node and "type" not in node


def is_deletion(node: Node) -> bool:
    """Return whether a node is an element of a feed for something that was deleted."""
    return bool(node.get("dateDeleted")) and "item" in node


def reviews(root: Any) -> Iterator[tuple[str, Node]]:
    """Yield the outermost reviews, deletions and claims of Google's in ``root``, each with its JSON pointer."""
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(f"{pointer}/{number}", value[number]) for number in range(len(value) - 1, -1, -1)]
        elif isinstance(value, dict):
            review = "claimreview" in type_names(value) and not is_reference(value)
            if review or is_google_claim(value) or is_deletion(value):
                yield pointer, value
            else:
                waiting += [
                    (f"{pointer}/{_escaped(key)}", inner)
                    for key, inner in reversed(value.items())
                    if isinstance(inner, dict | list)
                ]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


class Index:
    """The nodes of a document by ``@id``, built at first use. An id of two different nodes resolves to none."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._roots = list(roots)
        self._nodes: dict[str, Node | None] | None = None

    def get(self, name: str) -> Node | None:
        """Return the node with the ``@id`` ``name``, if there is exactly one."""
        if self._nodes is None:
            self._nodes = {}
            self._fill(self._nodes)
        return self._nodes.get(name)

    def _fill(self, nodes: dict[str, Node | None]) -> None:
        waiting = list(reversed(self._roots))
        seen = 0
        while waiting and seen < _MOST_NODES:
            value = waiting.pop()
            seen += 1
            if isinstance(value, list):
                waiting += reversed(value)
            elif isinstance(value, dict):
                name = id_of(value)
                if name and not is_reference(value):
                    nodes[name] = value if nodes.get(name, value) == value else None
                waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
