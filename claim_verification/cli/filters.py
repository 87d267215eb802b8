"""Options that select claims: the filters of the API, one for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import click

from claim_verification.cli.suggestions import Choice
from claim_verification.models import ListClaimsQuery


def one_of(shape: type, member: str) -> Choice:
    """Return the choice of the values that the API documents for ``member`` of ``shape``."""
    return Choice(_words(get_type_hints(shape)[member]))


def _words(kind: Any) -> list[str]:
    """Return the texts among the values of a type, in a union of types too."""
    if isinstance(kind, str):
        return [kind]
    return [word for part in get_args(kind) for word in _words(part)]


def _of(member: str) -> Choice:
    return one_of(ListClaimsQuery, member)


FILTERS: dict[str, tuple[str, Any]] = {
    "topic": ("Only claims with this topic.", str),
    "source": ("Only claims with this source, or a part of it, as origin, relay or publisher.", str),
    "origin": ("Only claims with this source, or a part of it, as an origin.", str),
    "sole_origin": ("Only claims that rest on this source and its parts alone.", str),
    "document": ("Only claims that this document mentions.", str),
    "status": ("Only claims with this status.", _of("status")),
    "min_origins": ("Only claims with at least this many origins by the lower bound.", click.IntRange(min=0)),
    "min_named": ("Only claims with at least this many named origins.", click.IntRange(min=0)),
    "named": (
        "Only claims with support of which an origin is named (true), or none is (false).",
        Choice(["true", "false"]),
    ),
    "stance": (
        "Only claims with a mention of this stance; with --source, --origin or --document, of theirs.",
        _of("stance"),
    ),
    "agreement": ("Only claims whose checkers agree this far.", _of("agreement")),
    "rating": ("Only claims with a current verdict of this rating.", _of("rating")),
    "site": ("Only claims with a current verdict published on this site.", str),
    "language": ("Only claims with a current verdict in this language, such as en.", str),
    "updated_since": (
        "Only claims changed at or after this time, such as 2026-01-01T00:00:00Z, or date.",
        str,
    ),
}


def filter_options(command: Any) -> Any:
    """Add one option for each filter."""
    for name, (text, kind) in reversed(FILTERS.items()):
        command = click.option(f"--{name.replace('_', '-')}", type=kind, help=text)(command)
    return command


def given(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {name: value for name, value in query.items() if value is not None}


def describe(query: Mapping[str, Any]) -> str:
    """Return the filters of ``query`` as they are written on the command line: ``--topic war --status contested``."""
    return " ".join(f"--{name.replace('_', '-')} {value}" for name in FILTERS if (value := query.get(name)) is not None)
