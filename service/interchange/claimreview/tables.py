"""The two tables that a deployment may extend: ratings, and names of collectives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.interchange.claimreview.collective_names import Collectives, load_collectives
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.model.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables for reading reviews. The shipped one of ratings is read when it is first asked for."""

    ratings: Callable[[], RatingTable]
    collectives: Collectives


def load_tables(ratings_file: Path | None, collectives_file: Path | None) -> Tables:
    """Return the shipped tables, extended by these files.

    Raises ``ConfigError`` naming the setting, and file, line and column of every error.
    """
    try:
        extended = None if ratings_file is None else load_table(ratings_file)
    except ConfigError as error:
        raise ConfigError(f"invalid settings: RATINGS_FILE: {error}") from error
    try:
        ratings = load_table if extended is None else lambda: extended
        return Tables(ratings, load_collectives(collectives_file))
    except ConfigError as error:
        raise ConfigError(f"invalid settings: COLLECTIVES_FILE: {error}") from error
