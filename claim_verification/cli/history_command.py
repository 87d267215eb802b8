"""``claims history``: the changes of a claim."""

from __future__ import annotations

import click

from claim_verification.cli.backend import open_client
from claim_verification.cli.output import json_option, print_all, print_table
from claim_verification.cli.url_option import url_option


@click.command()
@click.argument("claim_id", metavar="CLAIM")
@json_option
@url_option()
def history(claim_id: str, as_json: bool, url: str | None) -> None:
    """List the changes of the claim CLAIM, with their authors and reasons, the oldest first."""
    with open_client(url) as client:
        changes = client.list_history(claim_id)
        if as_json:
            print_all(changes)
            return
        rows = [[entry["at"], entry["actor"], entry["text"], entry["reason"]] for entry in changes]
    print_table(("AT", "BY", "CHANGE", "REASON"), rows, title="CHANGE")
