"""``claims queue``, ``take`` and ``release``: the claims that wait for a verdict, and who judges them."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click

from claim_verification.cli.backend import open_client
from claim_verification.cli.filters import one_of
from claim_verification.cli.output import json_option, print_all, print_facts, print_json, print_table
from claim_verification.cli.request_bodies import members
from claim_verification.cli.url_option import url_option
from claim_verification.models import Assignment, ListQueueQuery

_SHOWN = 50


@click.command()
@click.option("--need", type=one_of(ListQueueQuery, "need"), help="Only claims that wait for this reason.")
@click.option("--everything", is_flag=True, help="Also the claims that others have taken.")
@click.option("--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True, help="At most this many.")
@json_option
@url_option()
def queue(need: str | None, everything: bool, limit: int, as_json: bool, url: str | None) -> None:
    """List the claims that need a verdict; takes a checker's key."""
    query: dict[str, Any] = members({"need": need, "everything": everything})
    with open_client(url) as client:
        # A page of one item more would be requested only to be thrown away.
        waiting = islice(client.list_queue(**query, limit=min(limit, 200)), limit)
        if as_json:
            print_all(waiting)
            return
        rows = [
            [item["claim"]["id"], item["need"], item["assigned_to"], item["assigned_until"], item["claim"]["text"]]
            for item in waiting
        ]
    print_table(("CLAIM", "NEED", "TAKEN BY", "UNTIL", "TEXT"), rows, empty="no claim needs a verdict")


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@click.option("--checker", help="The checker who takes it. Default: the holder of the key; for others an editor's key.")
@click.option("--hours", type=click.IntRange(min=1), help="The hours until the assignment expires.")
@click.option("--note", help="A note for the checker.")
@json_option
@url_option()
def take(claim_id: str, as_json: bool, url: str | None, **options: Any) -> None:
    """Take the claim CLAIM, so that nobody else judges it meanwhile."""
    with open_client(url) as client:
        _print(client.assign_claim(claim_id, members(options) or None), as_json)  # type: ignore[arg-type]


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@json_option
@url_option()
def release(claim_id: str, as_json: bool, url: str | None) -> None:
    """Release the claim CLAIM for others."""
    with open_client(url) as client:
        _print(client.release_claim(claim_id), as_json)


def _print(assignment: Assignment, as_json: bool) -> None:
    if as_json:
        print_json(assignment)
    else:
        names = ("claim", "checker", "until", "note", "ended_at", "outcome")
        print_facts((name.replace("_", " "), dict(assignment)[name]) for name in names)
