"""``claims keys``: API keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from claim_verification.cli.exit_statuses import Missing, refusal_of
from claim_verification.cli.filters import one_of
from claim_verification.cli.key_backend import Json, KeyBackend, open_key_backend
from claim_verification.cli.output import json_option, print_all, print_json, print_table
from claim_verification.cli.suggestions import Group, did_you_mean
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable
from claim_verification.models import KeyBody

_DURATION = re.compile(r"([0-9]{1,5})([hd])")
_url = url_option("The URL of the service whose keys they are; takes an admin's key. Default: the local store.")
_UNITS = {"h": "hours", "d": "days"}


def _duration(ctx: click.Context | None, param: click.Parameter | None, value: str) -> dt.timedelta:
    """Read a duration such as ``12h`` or ``30d``."""
    parts = _DURATION.fullmatch(value)
    if parts is None:
        raise click.BadParameter(f"{value!r} is not a duration such as 12h or 30d")
    return dt.timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def _expiry(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read a date, which is valid to its end in UTC, or a duration from now."""
    if value is None:
        return None
    if _DURATION.fullmatch(value):
        return dt.datetime.now(dt.UTC) + _duration(ctx, param, value)
    try:
        day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC)
        return day + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{value!r} is neither a date such as 2027-12-31 nor a duration such as 90d") from None


@click.group("keys", cls=Group)
def keys_group() -> None:
    """Create, list, rotate and revoke API keys.

    Writing over HTTP takes a key, as `Authorization: Bearer KEY`. Create the first one where the store is; with an
    admin's key more can be created over HTTP.
    """


@keys_group.command("create")
@click.option("--name", required=True, help="The name of the holder, as verdicts and the log show it.")
@click.option(
    "--role",
    required=True,
    type=one_of(KeyBody, "role"),
    help="checker: verdicts. editor: also claims, mentions, sources and documents. admin: also corrections of all "
    "verdicts, and keys.",
)
@click.option(
    "--expires", callback=_expiry, help="The end of its validity: 2027-12-31 (the end of that day, UTC) or 90d."
)
@json_option
@_url
def create_command(name: str, role: str, expires: dt.datetime | None, as_json: bool, url: str | None) -> None:
    """Create a key. It is shown once, alone on standard output."""
    with open_key_backend(url) as backend:
        _print_new_key(backend.create(name, role, expires), as_json)


@keys_group.command("list")
@json_option
@_url
def list_command(as_json: bool, url: str | None) -> None:
    """List all keys, without the keys themselves."""
    head = ("ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME")
    with open_key_backend(url) as backend:
        if as_json:
            print_all(backend.keys())
        else:
            empty = "there are no keys yet: `claims keys create` creates one"
            print_table(head, map(_row, backend.keys()), title="NAME", empty=empty)


@keys_group.command("rotate")
@click.argument("key_id")
@click.option(
    "--grace", callback=_duration, default="7d", show_default=True, help="The time for which the old key stays valid."
)
@json_option
@_url
def rotate_command(key_id: str, grace: dt.timedelta, as_json: bool, url: str | None) -> None:
    """Create a new key for the holder of KEY_ID; both are valid for the grace period."""
    with open_key_backend(url) as backend, _suggesting(backend, key_id):
        _print_new_key(backend.rotate(key_id, grace), as_json)


@keys_group.command("revoke")
@click.argument("key_id")
@json_option
@_url
def revoke_command(key_id: str, as_json: bool, url: str | None) -> None:
    """Revoke a key at once."""
    with open_key_backend(url) as backend, _suggesting(backend, key_id):
        key = backend.revoke(key_id)
    if as_json:
        print_json(key)
    else:
        click.echo(printable(f"revoked: {key['id']}, the {key['role']} key of {key['name']}"))


@contextmanager
def _suggesting(backend: KeyBackend, key_id: str) -> Iterator[None]:
    """Add to the error for an unknown id the nearest one, or that of the holder with this name."""
    try:
        yield
    except Exception as error:
        refusal = refusal_of(error)
        if not isinstance(refusal, Missing):
            raise
        keys = list(backend.keys())
        ids = [key["id"] for key in keys if key["name"].casefold() == key_id.casefold()]
        advice = f" Did you mean {ids[-1]!r}, a key of this holder?" if ids else ""
        advice = advice or did_you_mean(key_id, [key["id"] for key in keys])
        raise Missing(f"{refusal.message}{advice and f'.{advice}'}") from None


def _print_new_key(made: Json, as_json: bool) -> None:
    if made["key"] is None:
        raise click.ClickException(
            f"the key {printable(made['id'])} was created, but the answer with it was lost: "
            f"`claims keys rotate {printable(made['id'])} --grace 0h` replaces it"
        )
    if as_json:
        print_json(made)
        return
    ends = "" if made["expires_at"] is None else f", good until {_minutes(made['expires_at'])} UTC"
    about = f"{made['id']}: a key for {made['name']}, {made['role']}{ends}. It is shown only this once:"
    click.echo(printable(about), err=True)
    click.echo(printable(made["key"]))


def _row(key: Json) -> list[str | None]:
    times = (_minutes(key[name]) for name in ("created_at", "expires_at", "last_used_at"))
    return [key["id"], key["role"], key["state"], *times, key["name"]]


def _minutes(moment: str | None) -> str | None:
    return None if moment is None else moment[:16].replace("T", " ")
