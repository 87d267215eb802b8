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


def is_(name: str, value: object) -> Rule:
    """Require the member to be present and equal ``value``."""
    plain = str(value) if isinstance(value, str) else value
    return {"required": [name], "properties": {name: {"const": plain}}}


def filled(name: str) -> Rule:
    """Require the list to be present and not empty."""
    return {"required": [name], "properties": {name: {"minItems": 1}}}


def all_of(*rules: Rule) -> Rule:
    """Combine rules about different members into one."""
    required = sorted({name for rule in rules for name in rule.get("required", [])})
    properties = {name: schema for rule in rules for name, schema in rule["properties"].items()}
    return ({"required": required} if required else {}) | {"properties": properties}


def when(condition: Rule, then: Rule, otherwise: Rule | None = None) -> Rule:
    """Require ``then`` of what fulfils the condition, ``otherwise`` of everything else.

    Client generators pass over an "if". Of an "anyOf" that requires one member or another, they require both.
    """
    return {"if": condition, "then": then} | ({} if otherwise is None else {"else": otherwise})


def every(*rules: Rule) -> Rule:
    """Require all of these rules. Client generators take an "allOf" that is not inside an "if" for a base class."""
    return when({"type": "object"}, {"allOf": list(rules)})
