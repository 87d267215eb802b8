"""Walking through the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def mappings(node: object) -> Iterator[Json]:
    """Iterate over all mappings in a part of the document, but not over those in examples."""
    if isinstance(node, dict):
        yield node
        node = [part for name, part in node.items() if name != "examples"]
    if isinstance(node, list):
        for part in node:
            yield from mappings(part)
