"""``claims me``: the holder of the key, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.output import json_option, print_facts, print_json, print_table
from claim_verification.cli.url_option import url_option

_NOTHING = "Nothing waits for you."


@click.command()
@json_option
@url_option()
def me(as_json: bool, url: str | None) -> None:
    """Show who you are, your drafts and claims, and what colleagues ask of you.

    You are the holder of the key in CLAIMS_API_KEY.
    """
    with open_backend(url) as backend:
        work = backend.own_work()
    if as_json:
        print_json(work)
        return
    print_facts((name, work[name]) for name in ("name", "role"))
    print_table(("waits", "claim", "verdict", "from", "until"), _rows(work), empty=_NOTHING)


def _rows(work: Json) -> Iterator[tuple[object, ...]]:
    """Yield what waits: reviews and claims that colleagues ask for, then the holder's own claims and drafts."""
    for draft in work["reviews"]:
        yield "review", draft["claim"], draft["id"], draft["checker"], ""
    for offer in work["offers"]:
        yield "offer", offer["claim"], "", offer["checker"], offer["until"]
    for assignment in work["assignments"]:
        yield "claim", assignment["claim"], "", assignment["assigned_by"], assignment["until"]
    for draft in work["drafts"]:
        yield "draft", draft["claim"], draft["id"], "", ""
