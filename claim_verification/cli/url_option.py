"""The option ``--url`` and the key: a command works on the local store, or on the service at this URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from claim_verification import Unusable
from claim_verification.addresses import server_address
from claim_verification.errors import BadInput

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else server_address(value)
    except Unusable as error:
        raise click.BadParameter(str(error)) from None


def url_option(
    text: str = "The URL of the service, such as https://claims.example. Default: the local store.",
    required: bool = False,
    name: str = "url",
) -> Decorator:
    """Return the option ``--url``, which CLAIMS_URL sets too; the command gets it as ``name``."""
    return click.option("--url", name, envvar="CLAIMS_URL", callback=_address, required=required, help=text)


def api_key() -> str | None:
    """Return the key in CLAIMS_API_KEY; ``None`` if there is none. Raise ``BadInput`` if it cannot be a key."""
    key = os.environ.get("CLAIMS_API_KEY", "").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise BadInput("CLAIMS_API_KEY", "it has characters that no API key has; an API key begins with 'cv_'")
    return key or None
