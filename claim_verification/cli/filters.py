"""Options that choose claims: the filters of the API, one for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import click

from claim_verification.models import ListClaimsQuery


def one_of(shape: type, member: str) -> click.Choice[str]:
    """Return the choice of the values that the API documents for ``member`` of ``shape``."""
    return click.Choice([word for word in get_args(get_type_hints(shape)[member]) if isinstance(word, str)])


def _of(member: str) -> click.Choice[str]:
    return one_of(ListClaimsQuery, member)


FILTERS: dict[str, tuple[str, Any]] = {
    "topic": ("Filed under this topic.", str),
    "source": ("This source, or a part of it, stands behind it in any role.", str),
    "origin": ("Its origin is this source, or a part of it.", str),
    "document": ("Mentioned in this document.", str),
    "status": ("With this status.", _of("status")),
    "min_origins": ("With at least this many certain origins.", click.IntRange(min=0)),
    "stance": (
        "With a mention of this stance; beside a source, origin or document, of theirs.",
        _of("stance"),
    ),
    "agreement": ("Whose checkers agree this far.", _of("agreement")),
    "rating": ("That a checker's current verdict rates so.", _of("rating")),
    "site": ("With a current verdict published on this site.", str),
    "language": ("With a current verdict in this language, as in en.", str),
    "updated_since": ("Changed at or after this instant, as in 2026-01-01T00:00:00Z.", str),
}


def filter_options(command: Any) -> Any:
    """One option for each filter."""
    for name, (text, kind) in reversed(FILTERS.items()):
        command = click.option(f"--{name.replace('_', '-')}", type=kind, help=text)(command)
    return command


def given(query: Mapping[str, Any]) -> dict[str, Any]:
    """What was given."""
    return {name: value for name, value in query.items() if value is not None}
