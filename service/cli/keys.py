"""``claims keys``: who may write."""

from __future__ import annotations

import datetime as dt
import re

import click

from service import keys
from service.actors import COMMAND_LINE, ApiKey, KeyRole
from service.cli.local import open_store
from service.cli.output import json_option, print_all, print_json, print_table
from service.cli.where import local_only
from service.records import rfc3339

_DURATION = re.compile(r"([0-9]{1,5})([hd])")
_HERE = local_only("Keys are made on the machine that has the database.")
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

    A key is what somebody writes with: over HTTP as `Authorization: Bearer KEY`.
    """


@keys_group.command("create")
@click.option("--name", required=True, help="Who holds it: the name that verdicts and the log show.")
@click.option(
    "--role",
    required=True,
    type=click.Choice([str(role) for role in KeyRole]),
    help="checker: verdicts. editor: claims, mentions, sources and documents too. admin: corrects anyone's verdict.",
)
@click.option(
    "--expires", callback=_moment, help="Until when it is good: 2027-12-31 (to the end of the day, UTC) or 90d."
)
@json_option
@_HERE
def create_command(name: str, role: str, expires: dt.datetime | None, as_json: bool) -> None:
    """Make a key. It is shown once, alone on standard output."""
    with open_store() as store:
        key, text = keys.create_key(store, name, KeyRole(role), expires, COMMAND_LINE)
    _hand_over(key, text, as_json)


@keys_group.command("list")
@json_option
@_HERE
def list_command(as_json: bool) -> None:
    """List all keys; never the keys themselves."""
    now = dt.datetime.now(dt.UTC)
    with open_store() as store:
        found = store.api_keys()
    if as_json:
        print_all(map(_shape, found))
        return
    rows = (
        [
            key.id,
            key.role,
            keys.ended(key, now) or "good",
            _minutes(key.created_at),
            _minutes(key.expires_at),
            _minutes(key.last_used_at),
            key.name,
        ]
        for key in found
    )
    print_table(("ID", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"), rows)


@keys_group.command("rotate")
@click.argument("key_id")
@click.option("--grace", callback=_duration, default="7d", show_default=True, help="How long the old one stays good.")
@json_option
@_HERE
def rotate_command(key_id: str, grace: dt.timedelta, as_json: bool) -> None:
    """Make a new key for the holder of KEY_ID; both are good for the grace time."""
    with open_store() as store:
        key, text = keys.rotate_key(store, key_id, grace, COMMAND_LINE)
    _hand_over(key, text, as_json)


@keys_group.command("revoke")
@click.argument("key_id")
@json_option
@_HERE
def revoke_command(key_id: str, as_json: bool) -> None:
    """End a key at once."""
    with open_store() as store:
        key = keys.revoke_key(store, key_id, COMMAND_LINE)
    if as_json:
        print_json(_shape(key))
    else:
        click.echo(f"revoked: {key.id}, the {key.role} key of {key.name}")


def _hand_over(key: ApiKey, text: str, as_json: bool) -> None:
    if as_json:
        print_json({**_shape(key), "key": text})
        return
    ends = "" if key.expires_at is None else f", good until {_minutes(key.expires_at)} UTC"
    click.echo(f"{key.id}: a key for {key.name}, {key.role}{ends}. It is shown this once:", err=True)
    click.echo(text)


def _shape(key: ApiKey) -> dict[str, str | None]:
    times = ("created_at", "expires_at", "revoked_at", "last_used_at")
    moments = {name: getattr(key, name) for name in times}
    return {
        "id": key.id,
        "name": key.name,
        "role": str(key.role),
        **{name: None if moment is None else rfc3339(moment) for name, moment in moments.items()},
        "rotated_from": key.rotated_from,
    }


def _minutes(moment: dt.datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
