"""``claims doctor``: compare stored counts with recomputed ones, in the local store or over HTTP."""

from __future__ import annotations

from collections.abc import Iterable

import click

from claim_verification.cli.local_service import local_module
from claim_verification.cli.output import json_option, print_json
from claim_verification.cli.url_option import api_key, url_option
from claim_verification.errors import printable

# A rate limit (429) can ask for a pause of up to a minute; the check goes on after it.
_DEADLINE = 600.0


@click.command("doctor")
@json_option
@url_option("The URL of the service whose counts to check, claim by claim. Default: the local store.")
def doctor_command(as_json: bool, url: str | None) -> None:
    """Check the database, recompute all derived data (counts, facets, JSON, search index) and report differences.

    With --url only counts are checked: each is compared with the one that the service computes from the mentions. With
    --json each difference is a JSON string on a line. Stored values that cannot be right, such as a document published
    after the service had it, are listed as doubtful on standard error; they are no differences. So is the number of
    claims that are left to be recomputed by turns (recounting), which are not compared.
    """
    _check_local(as_json) if url is None else _check_service(url, as_json)


def _check_local(as_json: bool) -> None:
    with local_module("checks").stored_differences() as (faults, differences, notes):
        damaged = _print_differences(faults, as_json)
        found = _print_differences(differences, as_json)
        for note in notes:
            click.echo(printable(note), err=True)
    if damaged:
        raise click.ClickException(
            f"{damaged} faults of the database itself, and {found} differences: restore a backup (`claims restore`), "
            "or repair the schema by the definitions above; then run `claims doctor` again"
        )
    if found:
        raise click.ClickException(f"{found} differences: run `claims rebuild` to rebuild derived data")
    if not as_json:
        click.echo("all stored counts are true")


def _check_service(url: str, as_json: bool) -> None:
    from claim_verification.cli.remote_count_check import CountCheck
    from claim_verification.client import Client

    with Client(url, api_key(), deadline=_DEADLINE) as client:
        check = CountCheck(client)
        found = _print_differences(check.differences(), as_json)
    click.echo(f"checked: the counts of {check.checked} of {check.claims} claims at {url}", err=as_json)
    if found:
        raise click.ClickException(f"{found} differences: run `claims rebuild` where the store is")
    if check.checked < check.claims:
        raise click.ClickException("stopped early: too many claims changed during the check; repeat it at a quiet time")
    click.echo("their counts are true; other derived data can be checked only where the store is", err=as_json)


def _print_differences(differences: Iterable[str], as_json: bool) -> int:
    """Print the differences, and return their number."""
    found = 0
    for difference in differences:
        found += 1
        print_json(difference) if as_json else click.echo(printable(difference))
    return found
