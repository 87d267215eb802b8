"""``claims audit``: verify the event log, and of a local store the tables against it."""

from __future__ import annotations

from pathlib import Path

import click

from claim_verification.cli.local_service import local_module
from claim_verification.cli.log_commands import current_head, open_service, prove, read_head
from claim_verification.cli.output import json_option, print_all
from claim_verification.cli.url_option import url_option
from claim_verification.errors import printable


@click.command("audit")
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head saved by `claims log head --save FILE`: the log must begin with it. Can be repeated.",
)
@json_option
@url_option("The URL of the service whose log to verify, as `claims log verify` does. Default: the local store.")
def audit_command(heads: tuple[Path, ...], as_json: bool, url: str | None) -> None:
    """Verify the complete event log, and that the tables agree with it.

    With --url only the log is verified, because the tables are not visible from outside. With --json each finding is a
    JSON string on a line.
    """
    saved = [read_head(head) for head in heads]
    if url is not None:
        with open_service(url) as client:
            for line in prove(client, current_head(client), saved, seq=None, whole=True):
                click.echo(line, err=as_json)
        click.echo(f"verified: the log of {url}. Its tables can be verified only where the store is", err=as_json)
        return
    findings, size = local_module("checks").audit_findings([(head.size, head.root_hash) for head in saved])
    if as_json:
        print_all(findings)
    else:
        for finding in findings:
            click.echo(printable(finding))
    if findings:
        raise click.ClickException(f"{len(findings)} findings")
    if not as_json:
        click.echo(f"the log is complete ({size} events), and the tables agree with it")
