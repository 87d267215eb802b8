"""``claims audit``: the log from end to end, and here the tables against it."""

from __future__ import annotations

from pathlib import Path

import click

from claim_verification.cli.local_service import local_module
from claim_verification.cli.log_commands import current_head, prove, read_head, remote
from claim_verification.cli.output import json_option, print_all
from claim_verification.cli.url_option import url_option


@click.command("audit")
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head noted earlier (`claims log head --save FILE`): the log must go on from it. May be given again.",
)
@json_option
@url_option("The service whose log to check from outside, as `claims log verify` does; without it the local store.")
def audit_command(heads: tuple[Path, ...], as_json: bool, url: str | None) -> None:
    """Check the log from end to end, and that the tables say what it says.

    Of a service elsewhere (--url) the log alone can be checked. With --json the findings are strings, one a line.
    """
    noted = [read_head(head) for head in heads]
    if url is not None:
        with remote(url) as client:
            for line in prove(client, current_head(client), noted, seq=None, whole=True):
                click.echo(line, err=as_json)
        click.echo(f"checked: the log that {url} shows; its tables can be checked there only", err=as_json)
        return
    findings, size = local_module("checks").audit_findings([(head.size, head.root_hash) for head in noted])
    if as_json:
        print_all(findings)
    else:
        for finding in findings:
            click.echo(finding)
    if findings:
        raise click.ClickException(f"{len(findings)} findings")
    if not as_json:
        click.echo(f"the log is whole ({size} events), and the tables say what it says")
