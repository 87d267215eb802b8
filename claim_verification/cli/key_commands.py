"""``claims keys``: who may write."""

from __future__ import annotations

import datetime as dt
import re

import click

from claim_verification.cli.filters import one_of
from claim_verification.cli.key_backend import Json, open_key_backend
from claim_verification.cli.output import json_option, print_all, print_json, print_table
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable
from claim_verification.models import KeyBody

_DURATION = re.compile(r"([0-9]{1,5})([hd])")
_url = url_option("The service whose keys they are, with an admin's key in CLAIMS_API_KEY; without it the local store.")
_UNITS = {"h": "hours", "d": "days"}


def _duration(ctx: click.Context | None, param: click.Parameter | None, value: str) -> dt.timedelta:
    """Such as ``12h`` or ``30d``."""
    parts = _DURATION.fullmatch(value)
    if parts is None:
        raise click.BadParameter(f"{value!r} is no duration, such as 12h or 30d")
    return dt.timedelta(**{_UNITS[parts[2]]: int(parts[1])})


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> dt.datetime | None:
    """A day, to its end in UTC, or a duration from now."""
    if value is None:
        return None
    if _DURATION.fullmatch(value):
        return dt.datetime.now(dt.UTC) + _duration(ctx, param, value)
    try:
        day = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC)
        return day + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{value!r} is no day such as 2027-12-31, and no duration such as 90d") from None


@click.group("keys")
def keys_group() -> None:
    """Make, list, rotate and revoke API keys.

    A key is what somebody writes with: over HTTP as `Authorization: Bearer KEY`. The first one is made on the machine
    that has the store; whoever holds an admin's makes more from elsewhere.
    """


@keys_group.command("create")
@click.option("--name", required=True, help="Who holds it: the name that verdicts and the log show.")
@click.option(
    "--role",
    required=True,
    type=one_of(KeyBody, "role"),
    help="checker: verdicts. editor: claims, mentions, sources and documents too. admin: corrects anyone's verdict, "
    "gives out keys.",
)
@click.option(
    "--expires", callback=_moment, help="Until when it is good: 2027-12-31 (to the end of the day, UTC) or 90d."
)
@json_option
@_url
def create_command(name: str, role: str, expires: dt.datetime | None, as_json: bool, url: str | None) -> None:
    """Make a key. It is shown once, alone on standard output."""
    with open_key_backend(url) as keys_backend:
        _print_new_key(keys_backend.create(name, role, expires), as_json)


@keys_group.command("list")
@json_option
@_url
def list_command(as_json: bool, url: str | None) -> None:
    """List all keys; never the keys themselves."""
    with open_key_backend(url) as keys_backend:
        if as_json:
            print_all(keys_backend.keys())
        else:
            print_table(
                ("ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"), map(_row, keys_backend.keys())
            )


@keys_group.command("rotate")
@click.argument("key_id")
@click.option("--grace", callback=_duration, default="7d", show_default=True, help="How long the old one stays good.")
@json_option
@_url
def rotate_command(key_id: str, grace: dt.timedelta, as_json: bool, url: str | None) -> None:
    """Make a new key for the holder of KEY_ID; both are good for the grace time."""
    with open_key_backend(url) as keys_backend:
        _print_new_key(keys_backend.rotate(key_id, grace), as_json)


@keys_group.command("revoke")
@click.argument("key_id")
@json_option
@_url
def revoke_command(key_id: str, as_json: bool, url: str | None) -> None:
    """End a key at once."""
    with open_key_backend(url) as keys_backend:
        key = keys_backend.revoke(key_id)
    if as_json:
        print_json(key)
    else:
        click.echo(printable(f"revoked: {key['id']}, the {key['role']} key of {key['name']}"))


def _print_new_key(made: Json, as_json: bool) -> None:
    if made["key"] is None:
        raise click.ClickException(
            f"the key {printable(made['id'])} was made, and its text was lost on the way: "
            f"`claims keys rotate {printable(made['id'])} --grace 0h` makes another in its place"
        )
    if as_json:
        print_json(made)
        return
    ends = "" if made["expires_at"] is None else f", good until {_minutes(made['expires_at'])} UTC"
    about = f"{made['id']}: a key for {made['name']}, {made['role']}{ends}. It is shown this once:"
    click.echo(printable(about), err=True)
    click.echo(printable(made["key"]))


def _row(key: Json) -> list[str | None]:
    times = (_minutes(key[name]) for name in ("created_at", "expires_at", "last_used_at"))
    return [key["id"], key["role"], key["state"], *times, key["name"]]


def _minutes(moment: str | None) -> str | None:
    return None if moment is None else moment[:16].replace("T", " ")
