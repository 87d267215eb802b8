"""``claims search``: claims by the words that are in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.filters import filter_options, given, one_of
from claim_verification.cli.output import interval, json_option, print_all, print_table
from claim_verification.cli.url_option import url_option
from claim_verification.models import ListClaimsQuery


@click.command()
@click.argument("words", nargs=-1, required=True)
@filter_options
@click.option("--sort", type=one_of(ListClaimsQuery, "sort"), help="The order, each descending; relevance by default.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show.")
@json_option
@url_option()
def search(words: tuple[str, ...], limit: int, as_json: bool, url: str | None, **query: Any) -> None:
    """Find the claims with all of WORDS, the best first.

    Words in any form; "a phrase in quotes" as it is (quote it twice: once for the shell); begin* for what begins so;
    after -- also -without.
    """
    with open_backend(url) as backend:
        found = islice(backend.search(" ".join(words), given(query)), limit)
        if as_json:
            print_all(found)
        else:
            print_table(("CLAIM", "STATUS", "ORIGINS", "TEXT"), _rows(found))


def _rows(found: Iterator[Json]) -> Iterator[list[object]]:
    for claim in found:
        said = claim["corroboration"]
        yield [claim["id"], said["status"], interval(said["origins"]), claim["text"]]
