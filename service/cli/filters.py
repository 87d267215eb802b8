"""Options that choose claims: the filters of the API, one for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import click

from service.judging import Agreement, Rating
from service.types import Stance, Status


def one_of(words: Iterable[StrEnum]) -> click.Choice[str]:
    """One of the API's words."""
    return click.Choice([str(word) for word in words])


FILTERS: dict[str, tuple[str, Any]] = {
    "topic": ("Filed under this topic.", str),
    "source": ("This source, or a part of it, stands behind it in any role.", str),
    "origin": ("Its origin is this source, or a part of it.", str),
    "document": ("Mentioned in this document.", str),
    "status": ("With this status.", one_of(Status)),
    "min_origins": ("With at least this many certain origins.", click.IntRange(min=0)),
    "stance": ("With a mention of this stance; beside a source, origin or document, of theirs.", one_of(Stance)),
    "agreement": ("Whose checkers agree this far.", one_of(Agreement)),
    "rating": ("That a checker's current verdict rates so.", one_of(Rating)),
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
