"""``claims match``: which claims a text repeats."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from claim_verification.cli.backend import Json, open_backend
from claim_verification.cli.filters import given
from claim_verification.cli.output import json_option, print_json, print_table
from claim_verification.cli.url_option import url_option

_STDIN = "-"
_HEAD = ("SCORE", "CLAIM", "STATUS", "VERDICTS", "DIFFERS", "TEXT")


@click.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@click.option("--limit", type=click.IntRange(min=1), help="Most claims for one text.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least score; 0 for all that share a word.")
@json_option
@url_option()
def match(texts: tuple[str, ...], as_json: bool, url: str | None, **query: Any) -> None:
    """Find the claims that each TEXT repeats, the likeliest first: a post, a headline, a whole article.

    - is a text that is read from standard input. DIFFERS says what the text has for something in the claim.
    """
    if texts.count(_STDIN) > 1:
        raise click.UsageError("standard input is one text: give - once")
    with open_backend(url) as backend:
        found = backend.match([_text(text) for text in texts], given(query))
    if as_json:
        print_json(found)
    elif len(texts) == 1:
        print_table(_HEAD, map(_row, found["results"][0]["matches"]))
    else:
        print_table(("NO", *_HEAD), _numbered(found["results"]))


def _text(argument: str) -> str:
    """What was given, bytes that are no text replaced."""
    given = sys.stdin.buffer.read() if argument == _STDIN else argument.encode(errors="replace")
    return given.decode(errors="replace")


def _numbered(results: Sequence[Json]) -> Iterator[list[object]]:
    """The rows of several texts; one that repeats nothing has a row too."""
    for number, result in enumerate(results, 1):
        for found in result["matches"]:
            yield [number, *_row(found)]
        if not result["matches"]:
            yield [number, *[None] * len(_HEAD)]


def _row(found: Json) -> list[object]:
    claim = found["claim"]
    tally = [f"{count} {rating}" for rating, count in claim["verdicts"]["tally"].items() if count]
    differences = [f"{one['text']} for {one['claim']}" for one in found["why"]["differences"]]
    return [
        f"{found['score']:.2f}",
        claim["id"],
        claim["corroboration"]["status"],
        tally or None,
        differences or None,
        claim["text"],
    ]
