"""``claims add claims`` and ``claims add mentions``: create many at once, from a file of request bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TextIO

import click

from claim_verification.cli.backend import open_client
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.url_option import url_option
from claim_verification.errors import BadInput, printable
from claim_verification.models import Batch

if TYPE_CHECKING:
    from claim_verification.client import Client

_ITEMS = 1000
# Below the usual limit of a service.
_BYTES = 512 * 1024
_Send = Callable[["Client", Sequence[Any], str], Batch]

_file = click.argument("file", type=click.File(encoding="utf-8-sig"))


@click.command()
@_file
@json_option
@url_option()
def claims(file: TextIO, as_json: bool, url: str | None) -> None:
    """Add the claims in FILE: a JSON array of request bodies, or one on each line; - is standard input.

    One that is refused harms no other. The same file again within a day adds nothing twice.
    """
    _add(file, as_json, url, lambda client, items, key: client.create_claims(items, idempotency_key=key))


@click.command()
@_file
@json_option
@url_option()
def mentions(file: TextIO, as_json: bool, url: str | None) -> None:
    """Add the mentions in FILE, each with its claim: a JSON array of request bodies, or one on each line.

    - is standard input. One that is refused harms no other. The same file again within a day adds nothing twice.
    """
    _add(file, as_json, url, lambda client, items, key: client.add_mentions(items, idempotency_key=key))


def _add(file: TextIO, as_json: bool, url: str | None, send: _Send) -> None:
    created = refused = 0
    with open_client(url) as client:
        for items in _batches(_items(file)):
            # Made of the content: the same file again repeats the same requests.
            key = sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()
            answer = send(client, items, key)
            for number, result in enumerate(answer["results"], created + refused + 1):
                if as_json:
                    print_json(result)
                elif result["problem"] is not None:
                    click.echo(printable(f"item {number}: {result['problem']['detail']}"), err=True)
            created += answer["created"]
            refused += answer["refused"]
    if not as_json:
        click.echo(f"{created} created")
    if refused:
        raise click.ClickException(f"{refused} refused")


def _items(file: TextIO) -> list[Any]:
    """Return the bodies in a file. Raises ``BadInput``."""
    text = file.read()
    try:
        if text.lstrip().startswith("["):
            items = json.loads(text)
        else:
            items = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise BadInput(file.name, f"it is neither a JSON array nor one JSON object a line: {error}") from None
    if not items:
        raise BadInput(file.name, 'it has no item, such as {"text": "...", "subject": "...", "topics": ["..."]}')
    return list(items)


def _batches(items: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the items in the bodies of requests, each small enough for a service."""
    batch: list[Any] = []
    size = 0
    for item in items:
        length = len(json.dumps(item))
        if batch and (len(batch) == _ITEMS or size + length > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    yield batch
