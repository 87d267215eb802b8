"""Builders of JSON Schema rules about several members at once, for ``Shape.RULES`` and so for the OpenAPI document.

The validators of a schema check the same rules when it loads data.
"""

from __future__ import annotations

from typing import Any

Rule = dict[str, Any]


def given(*names: str, kind: str = "string") -> Rule:
    """Require the members to be present and not null."""
    return {"required": list(names), "properties": {name: {"type": kind} for name in names}}


def absent(*names: str) -> Rule:
    """Require the members to be missing or null."""
    return {"properties": {name: {"type": "null"} for name in names}}


def is_(name: str, value: object, *, by_default: bool = False) -> Rule:
    """Require the member to equal ``value``; with ``by_default`` it may be missing."""
    plain = str(value) if isinstance(value, str) else value
    return {"required": [] if by_default else [name], "properties": {name: {"const": plain}}}


def filled(name: str) -> Rule:
    """Require the list to be present and not empty."""
    return {"required": [name], "properties": {name: {"minItems": 1}}}


def empty(name: str) -> Rule:
    """Require the list to be missing or empty."""
    return {"properties": {name: {"maxItems": 0}}}


def all_of(*rules: Rule) -> Rule:
    """Combine rules about different members into one."""
    required = sorted({name for rule in rules for name in rule.get("required", [])})
    properties = {name: schema for rule in rules for name, schema in rule["properties"].items()}
    return ({"required": required} if required else {}) | {"properties": properties}


def any_of(*rules: Rule) -> Rule:
    """Require at least one of the rules to hold."""
    return {"anyOf": list(rules)}
