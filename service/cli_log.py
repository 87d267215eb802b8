"""``claims log``: anyone's check of a service's event log, over HTTP, without a database or trust in that service."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import click

from service.errors import InvalidInput, ServiceError
from service.logcheck import Head, check_extends, check_included, check_whole, is_withheld
from service.logclient import RemoteLog


class _Refusing(click.Group):
    """Says why a command was refused, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ServiceError as error:
            raise click.ClickException(str(error)) from None


def _http_url(ctx: click.Context, param: click.Parameter, value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise click.BadParameter(f"{value!r} is not the address of a server, as in https://claims.example")
    return value


_url = click.option("--url", required=True, callback=_http_url, help="The service, as in https://claims.example.")
_file = click.Path(dir_okay=False, path_type=Path)


@click.group(cls=_Refusing)
def log() -> None:
    """Check the event log of a service, from outside.

    An API key is read from the environment variable CLAIMS_API_KEY; it is needed only to see what is withheld.
    """


@log.command()
@_url
@click.option("--save", type=_file, help="Keep it in this file, for a later `verify --since`.")
def head(url: str, save: Path | None) -> None:
    """Print the head of the log: how many events, and the hash over all of them."""
    with _remote(url) as remote:
        current = remote.head()
    if save:
        _write(save, current)
    click.echo(_text(current), nl=False)


@log.command()
@_url
@click.option("--since", type=_file, help="A saved head: the log must still begin with all that was in it.")
@click.option("--event", "seq", type=click.IntRange(min=1), help="An event: it must be in the log, with its hash.")
@click.option("--all", "whole", is_flag=True, help="Read every event and recompute everything.")
@click.option("--save", type=_file, help="Keep the head in this file, once all that was asked for is proven.")
def verify(url: str, since: Path | None, seq: int | None, whole: bool, save: Path | None) -> None:
    """Prove that a log was only added to, that an event is in it, or that all of it is as its head says."""
    if not (since or seq or whole):
        raise click.UsageError("nothing to prove: give --since FILE, --event SEQ or --all")
    old = read_head(since) if since else None
    with _remote(url) as remote:
        current = remote.head()
        click.echo(f"the log has {current.size} events and the root {current.root_hash}")
        if old:
            check_extends(old, current, remote.consistency)
            click.echo(f"proven: it begins with the {old.size} events of the saved head, unchanged")
        if seq:
            if seq > current.size:
                raise InvalidInput("--event", f"the log has {current.size} events, and no event {seq}")
            event = check_included(seq, current, remote.inclusion(seq, current.size))
            click.echo(f"proven: event {seq} is in it, with the hash {event['hash']}")
            if is_withheld(event):
                click.echo("not proven: its content, which is withheld")
            else:
                click.echo(f"proven: that is the hash of its content, {event.get('type')!r} by {event.get('actor')!r}")
        if whole:
            withheld = check_whole(current, remote.events())
            click.echo(f"proven: all {current.size} events follow one another and have this root")
            if withheld:
                click.echo(f"not proven: the content of {withheld} of them, which is withheld")
    if save:
        _write(save, current)


def _remote(url: str) -> RemoteLog:
    api_key = os.environ.get("CLAIMS_API_KEY", "").strip()
    if not (api_key.isascii() and api_key.isprintable()):
        raise InvalidInput("CLAIMS_API_KEY", "it has characters that no API key has")
    return RemoteLog(url, api_key or None)


def _text(head: Head) -> str:
    return json.dumps(head.json(), indent=2) + "\n"


def read_head(file: Path) -> Head:
    try:
        return Head.parse(json.loads(file.read_bytes()))
    except OSError as error:
        raise InvalidInput(str(file), f"cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise InvalidInput(str(file), f"not JSON: {error}") from None
    except (ValueError, RecursionError) as error:
        raise InvalidInput(str(file), str(error)) from None


def _write(file: Path, head: Head) -> None:
    """Put ``head`` into ``file`` whole or not at all."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8") as output:
            output.write(_text(head))
            output.flush()
            os.fsync(output.fileno())
        draft.replace(file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise InvalidInput(str(file), f"cannot be written: {error.strerror}") from None
