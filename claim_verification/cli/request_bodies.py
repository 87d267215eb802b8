"""The bodies of requests that commands send: members from options, and from a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

import click

from claim_verification.errors import BadInput

body_option = click.option(
    "--body",
    type=click.File(encoding="utf-8"),
    help="A JSON file with other members of the API's request body; - is standard input.",
)


def read_body(file: TextIO | None) -> dict[str, Any]:
    """Return the object in a JSON file; without a file an empty one. Raises ``BadInput``."""
    if file is None:
        return {}
    try:
        content = json.load(file)
    except (ValueError, RecursionError) as error:
        raise BadInput("--body", f"it is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise BadInput("--body", 'it is not a JSON object such as {"rating": "refuted"}')
    return content


def members(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given, under the names of the API."""
    given = {name: value for name, value in options.items() if value not in (None, False, ())}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
