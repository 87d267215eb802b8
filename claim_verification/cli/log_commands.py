"""``claims log``: verify the event log of a service over HTTP, without a database or trust in the service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claim_verification import BadAnswer
from claim_verification.cli.atomic_files import atomic_file
from claim_verification.cli.suggestions import Group
from claim_verification.cli.url_option import api_key, url_option
from claim_verification.errors import BadInput
from claim_verification.proofs.verification import Head, check_consistency, check_inclusion, check_log, is_withheld

if TYPE_CHECKING:
    from claim_verification.client import Client

_url = url_option("The URL of the service, such as https://claims.example.", required=True)
_file = click.Path(dir_okay=False, path_type=Path)


@click.group(cls=Group)
def log() -> None:
    """Verify the event log of a service from outside.

    The environment variable CLAIMS_API_KEY can hold an API key; it is needed only to see withheld events.
    """


@log.command()
@_url
@click.option("--save", type=_file, help="Save the head to this file, for `verify --since`.")
def head(url: str, save: Path | None) -> None:
    """Print the head of the log: the number of events, and the hash over all of them."""
    with open_service(url) as client:
        current = current_head(client)
    if save:
        _write(save, current)
    click.echo(_text(current), nl=False)


@log.command()
@_url
@click.option("--since", type=_file, help="A saved head: prove that the log begins with all of its events.")
@click.option("--event", "seq", type=click.IntRange(min=1), help="The number of an event: prove that it is in the log.")
@click.option("--all", "whole", is_flag=True, help="Read all events and recompute all hashes.")
@click.option("--save", type=_file, help="Save the head to this file after everything else is proven.")
def verify(url: str, since: Path | None, seq: int | None, whole: bool, save: Path | None) -> None:
    """Prove that the log was only appended to, that an event is in it, or that all of it agrees with its head."""
    if not (since or seq or whole):
        raise click.UsageError("nothing to prove: give --since FILE, --event SEQ or --all")
    saved = [read_head(since)] if since else []
    with open_service(url) as client:
        current = current_head(client)
        for line in prove(client, current, saved, seq, whole):
            click.echo(line)
    if save:
        _write(save, current)


def open_service(url: str) -> Client:
    """Return a client of the service at ``url``."""
    from claim_verification.client import Client

    return Client(url, api_key())


def current_head(client: Client) -> Head:
    """Return the current head of the log."""
    try:
        return Head.parse(client.get_head())
    except ValueError as error:
        raise BadAnswer(f"/v1/events/head: {error}") from None


def prove(client: Client, current: Head, saved: Iterable[Head], seq: int | None, whole: bool) -> Iterator[str]:
    """Yield a line for each thing that is proven; raise ``LogMismatch`` for the first that is not."""
    yield f"the log has {current.size} events and the root {current.root_hash}"
    for head in saved:
        check_consistency(head, current, client.prove_consistency)
        yield f"proven: it begins with the {head.size} events of the saved head, unchanged"
    if seq:
        if seq > current.size:
            raise BadInput("--event", f"there is no event {seq}: the log has {current.size} events")
        event = check_inclusion(seq, current, client.prove_inclusion(seq, size=current.size))
        yield f"proven: event {seq} is in it, with the hash {event['hash']}"
        if is_withheld(event):
            yield "not proven: its content, which is withheld"
        else:
            yield f"proven: that is the hash of its content, {event.get('type')!r} by {event.get('actor')!r}"
    if whole:
        withheld = check_log(current, client.list_events(after=0))
        yield f"proven: all {current.size} events follow one another and have this root"
        if withheld:
            yield f"not proven: the content of {withheld} of them, which is withheld"


def read_head(file: Path) -> Head:
    """Return the head that was saved to ``file``."""
    try:
        return Head.parse(json.loads(file.read_bytes()))
    except OSError as error:
        raise BadInput(str(file), f"cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise BadInput(str(file), f"not JSON: {error}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(str(file), str(error)) from None


def _text(head: Head) -> str:
    return json.dumps(head.json(), indent=2) + "\n"


def _write(file: Path, head: Head) -> None:
    with atomic_file(file) as output:
        output.write(_text(head).encode())
