"""``claims search``: find claims by their words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.filters import describe, filter_options, given, one_of
from claim_verification.cli.output import interval, json_option, print_all, print_table
from claim_verification.cli.url_option import url_option
from claim_verification.models import ListClaimsQuery


@click.command()
@click.argument("words", nargs=-1, required=True)
@filter_options
@click.option("--sort", type=one_of(ListClaimsQuery, "sort"), help="The order, descending; by relevance by default.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Maximum number of claims.")
@json_option
@url_option()
def search(words: tuple[str, ...], limit: int, as_json: bool, url: str | None, **query: Any) -> None:
    """Find the claims that contain all of WORDS, the best matches first.

    Inflected forms match too. "A phrase in quotes" matches as it is (quote it twice, once for the shell), begin* any
    word with this beginning; after --, -word excludes a word.
    """
    filters = given(query)
    with open_backend(url) as backend:
        found = islice(backend.search(" ".join(words), filters), limit)
        if as_json:
            print_all(found)
        else:
            chosen = describe(filters)
            empty = f"no claim contains all of: {' '.join(words)}{f' (with {chosen})' if chosen else ''}"
            print_table(("CLAIM", "STATUS", "ORIGINS", "TEXT"), _rows(found), empty=empty)


def _rows(found: Iterator[Json]) -> Iterator[list[object]]:
    for claim in found:
        corroboration = claim["corroboration"]
        yield [claim["id"], corroboration["status"], interval(corroboration["origins"]), claim["text"]]
