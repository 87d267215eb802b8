"""What JSON Schema can say of several members at once: ``Shape.RULES``, for the OpenAPI document.

A shape's own validators check the same when it is read.
"""

from __future__ import annotations

from typing import Any

Rule = dict[str, Any]


def given(*names: str, kind: str = "string") -> Rule:
    """These are there, and not null."""
    return {"required": list(names), "properties": {name: {"type": kind} for name in names}}


def absent(*names: str) -> Rule:
    """These are not there, or null."""
    return {"properties": {name: {"type": "null"} for name in names}}


def is_(name: str, value: object, *, by_default: bool = False) -> Rule:
    """This is ``value``, or ``by_default`` left out."""
    plain = str(value) if isinstance(value, str) else value
    return {"required": [] if by_default else [name], "properties": {name: {"const": plain}}}


def filled(name: str) -> Rule:
    """This list is there, and not empty."""
    return {"required": [name], "properties": {name: {"minItems": 1}}}


def empty(name: str) -> Rule:
    """This list is not there, or empty."""
    return {"properties": {name: {"maxItems": 0}}}


def all_of(*rules: Rule) -> Rule:
    """Rules about different members, as one."""
    required = sorted({name for rule in rules for name in rule.get("required", [])})
    properties = {name: what for rule in rules for name, what in rule["properties"].items()}
    return ({"required": required} if required else {}) | {"properties": properties}


def any_of(*rules: Rule) -> Rule:
    """One or the other."""
    return {"anyOf": list(rules)}
