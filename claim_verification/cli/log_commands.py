"""``claims log``: anyone's check of a service's event log, over HTTP, without a database or trust in that service."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from claim_verification import BadAnswer, Client
from claim_verification.cli.url_option import api_key, url_option
from claim_verification.errors import BadInput
from claim_verification.proofs.verification import Head, check_consistency, check_inclusion, check_log, is_withheld

_url = url_option("The service, as in https://claims.example.", required=True)
_file = click.Path(dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """Check the event log of a service, from outside.

    An API key is read from the environment variable CLAIMS_API_KEY; it is needed only to see what is withheld.
    """


@log.command()
@_url
@click.option("--save", type=_file, help="Keep it in this file, for a later `verify --since`.")
def head(url: str, save: Path | None) -> None:
    """Print the head of the log: how many events, and the hash over all of them."""
    with remote(url) as client:
        current = current_head(client)
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
    old = [read_head(since)] if since else []
    with remote(url) as client:
        current = current_head(client)
        for line in prove(client, current, old, seq, whole):
            click.echo(line)
    if save:
        _write(save, current)


def remote(url: str) -> Client:
    """The service at ``url``."""
    return Client(url, api_key())


def current_head(client: Client) -> Head:
    """The head of the log now."""
    try:
        return Head.parse(client.get_head())
    except ValueError as error:
        raise BadAnswer(f"/v1/events/head: {error}") from None


def prove(client: Client, current: Head, old: Iterable[Head], seq: int | None, whole: bool) -> Iterator[str]:
    """What is proven, line by line; raises ``LogMismatch`` for what does not fit."""
    yield f"the log has {current.size} events and the root {current.root_hash}"
    for head in old:
        check_consistency(head, current, client.prove_consistency)
        yield f"proven: it begins with the {head.size} events of the saved head, unchanged"
    if seq:
        if seq > current.size:
            raise BadInput("--event", f"the log has {current.size} events, and no event {seq}")
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


def _text(head: Head) -> str:
    return json.dumps(head.json(), indent=2) + "\n"


def read_head(file: Path) -> Head:
    """The head that was saved in ``file``."""
    try:
        return Head.parse(json.loads(file.read_bytes()))
    except OSError as error:
        raise BadInput(str(file), f"cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise BadInput(str(file), f"not JSON: {error}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(str(file), str(error)) from None


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
        raise BadInput(str(file), f"cannot be written: {error.strerror}") from None
