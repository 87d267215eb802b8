"""``claims match``: find the claims that a text repeats."""

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
_HEAD = ("SCORE", "RELATION", "CLAIM", "STATUS", "VERDICTS", "DIFFERS", "TEXT")


@click.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@click.option("--limit", type=click.IntRange(min=1), help="Maximum number of claims for each text.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Minimum score; 0 for every claim that shares a word.")
@json_option
@url_option()
def match(texts: tuple[str, ...], as_json: bool, url: str | None, **query: Any) -> None:
    """Find the claims that each TEXT repeats, the best matches first.

    TEXT is a post, a headline or an article; - reads one from standard input. RELATION says if the text says the same
    as the claim or contradicts it, DIFFERS where they differ.
    """
    if texts.count(_STDIN) > 1:
        raise click.UsageError("standard input is one text: give - only once")
    with open_backend(url) as backend:
        found = backend.match([_text(text) for text in texts], given(query))
    if as_json:
        print_json(found)
    elif len(texts) == 1:
        rows = map(_row, found["results"][0]["matches"])
        print_table(_HEAD, rows, title="CLAIM", empty="no claim matches the text")
    else:
        print_table(("NO", *_HEAD), _numbered(found["results"]))


def _text(argument: str) -> str:
    """Return the text of an argument. Bytes that are not UTF-8 are replaced."""
    content = sys.stdin.buffer.read() if argument == _STDIN else argument.encode(errors="replace")
    return content.decode(errors="replace")


def _numbered(results: Sequence[Json]) -> Iterator[list[object]]:
    """Iterate over the rows of several texts. A text without matches has an empty row."""
    for number, result in enumerate(results, 1):
        for found in result["matches"]:
            yield [number, *_row(found)]
        if not result["matches"]:
            click.echo(f"no claim matches text {number}", err=True)
            yield [number, *[None] * len(_HEAD)]


def _row(found: Json) -> list[object]:
    claim = found["claim"]
    tally = [f"{count} {rating}" for rating, count in claim["verdicts"]["tally"].items() if count]
    differences = [f"{one['kind']}: {one['text']} for {one['claim'] or '-'}" for one in found["why"]["differences"]]
    return [
        f"{found['score']:.2f}",
        found["relation"],
        claim["id"],
        claim["corroboration"]["status"],
        tally or None,
        differences or None,
        claim["text"],
    ]
