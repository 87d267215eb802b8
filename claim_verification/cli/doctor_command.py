"""``claims doctor``: whether what is stored is what follows from the mentions, here or seen from outside."""

from __future__ import annotations

from collections.abc import Iterable

import click

from claim_verification import Client
from claim_verification.cli.local_service import local_module
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.remote_count_check import CountCheck
from claim_verification.cli.url_option import api_key, url_option

# A service that has had enough asks to be left alone for up to a minute (429), and goes on then.
_DEADLINE = 600.0


@click.command("doctor")
@json_option
@url_option("The service whose counts to check from outside, claim by claim; without it the local store.")
def doctor_command(as_json: bool, url: str | None) -> None:
    """Recompute every stored count, facet and shape from scratch, and report differences.

    Of a service elsewhere (--url) the counts alone: each is compared with one that is made of the mentions when it is
    asked for. With --json the differences are strings, one a line.
    """
    _here(as_json) if url is None else _there(url, as_json)


def _here(as_json: bool) -> None:
    with local_module("checks").stored_differences() as differences:
        found = _print(differences, as_json)
    if found:
        raise click.ClickException(f"{found} differences: `claims rebuild` renews what is derived")
    if not as_json:
        click.echo("all stored counts are true")


def _there(url: str, as_json: bool) -> None:
    with Client(url, api_key(), deadline=_DEADLINE) as client:
        recount = CountCheck(client)
        found = _print(recount.differences(), as_json)
    click.echo(f"checked: the counts of {recount.checked} of {recount.claims} claims at {url}", err=as_json)
    if found:
        raise click.ClickException(f"{found} differences: `claims rebuild`, where the store is, renews them")
    if recount.checked < recount.claims:
        raise click.ClickException("so many differed at first sight that the rest was not looked at: is it in use?")
    said = "their counts are true; stored shapes, facets and the search index can be checked where the store is"
    click.echo(said, err=as_json)


def _print(differences: Iterable[str], as_json: bool) -> int:
    """How many there are."""
    found = 0
    for difference in differences:
        found += 1
        print_json(difference) if as_json else click.echo(difference)
    return found
